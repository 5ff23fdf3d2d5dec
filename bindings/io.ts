/** The entry "counterpoise/io": files and tables of other libraries, read into columns for `table` and written back. */
export type { Columns } from "./contracts";
export { InputError } from "./errors";
export { readArrow, toArrow, writeArrow, type ReadArrowOptions, type ToArrowOptions, type WriteArrowOptions } from "./io/arrow/ipc";
export { fromArrow, type ArrowTable, type FromArrowOptions } from "./io/arrow/from";
export { fromFrame, type Frame } from "./io/frame";
export { readLibsvm, writeLibsvm, type Libsvm, type ReadLibsvmOptions, type WriteLibsvmOptions } from "./io/libsvm";
export { readNpy, writeNpy, type NpyArray } from "./io/npy/npy";
export { readParquet, type FileSource, type ReadParquetOptions } from "./io/parquet/read";
export { writeParquet } from "./io/parquet/write";
