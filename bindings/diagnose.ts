/** The entry "counterpoise/diagnose": what there is to know of synthetic rows: how good, how private, and whether a test can be trusted. */
export { InputError } from "./errors";
export { leakReport, type ClassTrace, type LeakOptions, type LeakReport } from "./diagnose/leak";
export { privacyReport, type PrivacyOptions, type PrivacyReport, type Spread } from "./diagnose/privacy";
