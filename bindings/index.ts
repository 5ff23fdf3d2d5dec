/** Every public name. */
export type {
  ClassCount,
  ColumnDescription,
  Columns,
  ColumnTable,
  Data,
  Generator,
  Kind,
  Label,
  Labels,
  Matrix,
  Origins,
  Oversampler,
  PerLabel,
  Progress,
  Resampled,
  Resampler,
  ResampleRun,
  Role,
  Row,
  RowTable,
  Run,
  Sample,
  Scale,
  StoredGenerator,
  Strategy,
} from "./contracts";
export type { CommonOptions } from "./resample/oversample";
export { configure, type Configuration } from "./configure";
export { InputError, type InputErrorCode } from "./errors";
export {
  nearestNeighbors,
  type CompareOptions,
  type Features,
  type NearestNeighbors,
  type NearestNeighborsOptions,
} from "./search/nearest";
export { neighborIndex, restoreNeighborIndex, type IndexQuery, type NeighborIndex, type StoredNeighborIndex } from "./search/neighborIndex";
export type { LabelRestriction } from "./search/restrict";
export { balancedBatches, type BalancedBatchesOptions, type Batch } from "./resample/batches";
export { randomOversample, type RandomOversampleOptions } from "./resample/over/random";
export { smote, type SmoteOptions } from "./resample/over/smote";
export { folds, type Fold, type FoldsOptions } from "./evaluate/folds";
export { split, type Split, type SplitOptions } from "./evaluate/split";
export type { Average, RateOptions, ZeroDivision } from "./evaluate/metrics/average";
export type { MetricOptions } from "./evaluate/metrics/given";
export type { Outcomes } from "./evaluate/metrics/outcomes";
export type { PositiveOption } from "./evaluate/metrics/positive";
export type { ScoreOptions, Scores } from "./evaluate/metrics/scores";
export { balancedAccuracy, matthewsCorrelation, type BalancedAccuracyOptions } from "./evaluate/metrics/agreement";
export { averagePrecision, prAuc, rocAuc, type AreaOptions, type RocAucOptions } from "./evaluate/metrics/areas";
export { expectedCalibrationError, type CalibrationErrorOptions } from "./evaluate/metrics/calibration";
export { confusionMatrix, type ConfusionMatrix } from "./evaluate/metrics/confusion";
export { precisionRecallCurve, rocCurve, type CurveOptions, type PrecisionRecallCurve, type RocCurve } from "./evaluate/metrics/curves";
export { gMean, indexBalancedAccuracy, type GMeanOptions, type IndexBalancedAccuracyOptions } from "./evaluate/metrics/geometric";
export { balancedLogLoss, brier, logLoss } from "./evaluate/metrics/losses";
export { macroAveragedMae } from "./evaluate/metrics/ordinal";
export { fBeta, precision, sensitivity, specificity, type FBetaOptions } from "./evaluate/metrics/rates";
export { classificationReport, type ClassificationReport, type ClassReport, type ReportOptions } from "./evaluate/metrics/report";
export { calibrationSlope, type CalibrationSlope } from "./evaluate/metrics/slope";
export {
  chooseThreshold,
  type ChosenThreshold,
  type Costs,
  type ThresholdMetric,
  type ThresholdOptions,
} from "./evaluate/metrics/threshold";
export { precisionAtK, type PrecisionAtKOptions } from "./evaluate/metrics/top";
export { inspect, type InspectedColumn, type Inspection } from "./data/inspect";
export { table } from "./data/table";
export type { TableOptions } from "./data/describe";
export { toMatrix, type DesignMatrix, type MatrixArrays, type ToMatrixOptions } from "./data/design";
