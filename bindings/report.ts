/** The entry "counterpoise/report": results as one HTML page that stands alone. */
export { InputError } from "./errors";
export type { Predictions } from "./report/predictions";
export { projectRows, type PointKind, type Projection, type ProjectionOptions } from "./report/project";
export { report, type ReportParts } from "./report/report";
export type { TunedParts } from "./report/sizes";
