/** Every public name. */
export type {
  ClassCount,
  CleaningStrategy,
  ColumnDescription,
  Columns,
  ColumnTable,
  Coefficients,
  Data,
  Features,
  Generator,
  Kind,
  Label,
  Labels,
  LastLayer,
  Learner,
  LearnerTakes,
  Matrix,
  Model,
  Origins,
  Oversampler,
  PerLabel,
  Predicted,
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
  StoredModel,
  Strategy,
  Training,
  UndersampleStrategy,
} from "./contracts";
export type { CommonOptions } from "./resample/oversample";
export { configure, type Configuration } from "./configure";
export { InputError, type InputErrorCode } from "./errors";
export { kMeans, type KMeans, type KMeansOptions } from "./cluster/kmeans";
export { nearestNeighbors, type CompareOptions, type NearestNeighbors, type NearestNeighborsOptions } from "./search/nearest";
export { neighborIndex, restoreNeighborIndex, type IndexQuery, type NeighborIndex, type StoredNeighborIndex } from "./search/neighborIndex";
export { constant } from "./learn/constant";
export { customLearner, type CustomLearner, type CustomModel, type CustomTraining } from "./learn/custom";
export { kNN, type KnnOptions } from "./learn/knn";
export { logistic, type LogisticOptions } from "./learn/logistic";
export type { LabelRestriction } from "./search/restrict";
export { balancedBatches, type BalancedBatchesOptions, type Batch } from "./resample/batches";
export { chain, type ChainOptions } from "./resample/chain";
export { smoteEnn, smoteTomek, type SmoteEnnOptions, type SmoteTomekOptions } from "./resample/combined";
export { smoteIpf, type FoldLearner, type SmoteIpfOptions } from "./resample/over/ipf";
export { kmeansSmote, type KMeansSmoteOptions } from "./resample/over/kmeans";
export { gkRowTypes, gkSmote, type GkRowType, type GkRowTypes, type GkSmoteOptions } from "./resample/over/gk";
export { kdeOversample, type KdeOversampleOptions } from "./resample/over/kde";
export { randomOversample, type RandomOversampleOptions } from "./resample/over/random";
export type { NeighborOptions, Within, WithinOptions } from "./resample/kin";
export { sameGroup } from "./resample/within";
export type { NonePolicy } from "./resample/surroundings";
export { adasyn, type AdasynOptions } from "./resample/over/adasyn";
export { borderlineSmote, type BorderlineSmoteOptions } from "./resample/over/borderline";
export { geometricSmote, type GeometricSmoteOptions } from "./resample/over/geometric";
export { leeSmote, type LeeSmoteOptions } from "./resample/over/lee";
export { polynomFitSmote, type PolynomFitSmoteOptions } from "./resample/over/polynom";
export { prowsyn, type ProwsynOptions } from "./resample/over/prowsyn";
export { safeLevelSmote, type SafeLevelSmoteOptions } from "./resample/over/safeLevel";
export { smote, type SmoteOptions } from "./resample/over/smote";
export { svmSmote, type SvmSmoteOptions } from "./resample/over/svm";
export { allKnn, type AllKnnOptions } from "./resample/under/allKnn";
export { clusterCentroids, type ClusterCentroidsOptions } from "./resample/under/centroids";
export { condensedNearestNeighbor } from "./resample/under/condensed";
export type { EditingOptions } from "./resample/under/edit";
export { editedNearestNeighbors } from "./resample/under/edited";
export { instanceHardness, type HardnessLearner, type InstanceHardnessOptions } from "./resample/under/hardness";
export type { CleaningOptions } from "./resample/under/nearest";
export { nearMiss, type NearMissOptions } from "./resample/under/nearMiss";
export { neighborhoodCleaningRule, type NeighborhoodCleaningOptions } from "./resample/under/neighborhood";
export { oneSidedSelection } from "./resample/under/oneSided";
export type { SeededOptions } from "./resample/under/seeded";
export { randomUndersample, type RandomUndersampleOptions, type UndersampleOptions } from "./resample/under/random";
export { repeatedEditedNearestNeighbors, type RepeatedEditingOptions } from "./resample/under/repeated";
export { tomekLinks } from "./resample/under/tomek";
export type { Bandwidth, BandwidthRule, KernelName } from "./density/bandwidths";
export type { DiscrepancyOptions } from "./density/discrepancy";
export { mmd, type Discrepancy, type MmdOptions } from "./density/mmd";
export { mmdTest, type MmdTest, type MmdTestOptions } from "./density/mmdTest";
export { kde, type Density, type Kde, type KdeOptions, type StoredDensity } from "./density/kde";
export { kotaro, type KotaroOptions } from "./learn/kotaro";
export {
  compareScores,
  type ComparedCandidate,
  type ComparedScores,
  type CompareScoresOptions,
  type CorrectedMean,
} from "./evaluate/compare";
export { wilcoxon, type Wilcoxon, type WilcoxonOptions } from "./evaluate/wilcoxon";
export type { MetricName, ScoredRows, Scorer } from "./evaluate/scoring";
export type { Candidate } from "./evaluate/trial";
export type { OrderOptions } from "./evaluate/order";
export { crossValidate, type CandidateScores, type CrossValidateOptions, type CrossValidation } from "./evaluate/crossValidate";
export { calibratedClassifier, type CalibratedClassifierOptions } from "./evaluate/calibration/calibrated";
export { correctPriors, type CorrectPriorsOptions, type Priors } from "./evaluate/calibration/priors";
export { resampledClassifier, type ResampledClassifierOptions } from "./evaluate/calibration/resampled";
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
export { diagnose, type DiagnoseOptions, type Diagnosed, type Diagnosis, type SymmetryTest } from "./tune/diagnosis";
export { biasCorrect, type BiasCorrected, type BiasCorrectOptions } from "./tune/biasCorrect";
export type { CorrectedData, CorrectionOptions, CorrectionParts } from "./tune/correction";
export { biasOneStep, type BiasOneStepOptions } from "./tune/oneStep";
export type { Transfer } from "./tune/transfer";
export { averageTreatmentEffect, type EstimatedEffect, type TreatmentEffect, type TreatmentOptions } from "./tune/treatment";
export { inspect, type InspectedColumn, type Inspection } from "./data/inspect";
export { table } from "./data/table";
export type { TableOptions } from "./data/describe";
export { toMatrix, type DesignMatrix, type MatrixArrays, type ToMatrixOptions } from "./data/design";
export { tuneSyntheticSize, type TunedSize, type TuneOptions } from "./tune/size";
export type { Baseline, Estimate } from "./tune/baselines";
export type { CurvePoint, SizeRule } from "./tune/grid";
export { advise, type Advice, type AdviceRow, type AdvicePlan, type AdviseOptions } from "./tune/advise";
export type { AdviceMetric, Against, Scores as AdviceScores } from "./tune/verdict";
export type { CorrectionPoint, Corrections } from "./tune/strengths";
