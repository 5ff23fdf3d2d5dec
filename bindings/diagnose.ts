/** The entry "counterpoise/diagnose": what there is to know of synthetic rows: how good, how private, and whether a test can be trusted. */
// from the main entry, so that both share one file: with more files in the way, bundles of the main entry compress worse by 500 bytes
export { InputError } from "./index";
export { leakReport, type ClassTrace, type LeakOptions, type LeakReport } from "./diagnose/leak";
export { privacyReport, type PrivacyOptions, type PrivacyReport, type Spread } from "./diagnose/privacy";
export { qualityReport, type ClassQuality, type QualityOptions, type QualityReport } from "./diagnose/quality";
export type { DependenceQuality, PairQuality } from "./diagnose/dependence";
export type { DiscrepancyQuality } from "./diagnose/discrepancy";
export type { Fidelity } from "./diagnose/fidelity";
export type { ColumnQuality } from "./diagnose/marginals";
export type { BrokenRule, Rule } from "./diagnose/rules";
export type { TwoSample } from "./diagnose/twoSample";
export type { RowTypes } from "./diagnose/types";
