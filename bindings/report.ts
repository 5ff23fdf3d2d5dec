/** The entry "counterpoise/report": results as one HTML page that stands alone. */
// from the main entry, so that its modules stay one chunk: cut into parts, they compress worse, and `smote` would be half a kilobyte larger
export { InputError } from "./index";
export type { AdviceParts } from "./report/advice";
export type { Predictions } from "./report/predictions";
export { projectRows, type PointKind, type Projection, type ProjectionOptions } from "./report/project";
export { report, type ReportParts } from "./report/report";
export { outOfFold } from "./report/scores";
export type { TunedParts } from "./report/sizes";
