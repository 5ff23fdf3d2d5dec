/** Every public name. */
export type {
  ClassCount,
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
export { smoteIpf, type FoldLearner, type SmoteIpfOptions } from "./resample/over/ipf";
export { kmeansSmote, type KMeansSmoteOptions } from "./resample/over/kmeans";
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
export { split, type Split, type SplitOptions } from "./evaluate/split";
export { inspect, type InspectedColumn, type Inspection } from "./data/inspect";
export { table } from "./data/table";
export type { TableOptions } from "./data/describe";
export { toMatrix, type DesignMatrix, type MatrixArrays, type ToMatrixOptions } from "./data/design";
