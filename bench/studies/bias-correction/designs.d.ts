import type { Oversampler } from "../../../bindings/index";

export interface Numbers {
  unit(): number;
  normal(): number;
  exponential(): number;
}
export interface Drawn {
  readonly X: Float64Array;
  readonly y: number[];
  readonly columns: number;
}
type Law = (t: number, numbers: Numbers) => ArrayLike<number>;
type Design = "gauss" | "skew" | "hetero" | "mirror";

export const COLUMNS: number;
export const DESIGNS: Readonly<Record<Design, (label: boolean, c: number, numbers: Numbers) => number>>;
export function numbersOf(seed: number): Numbers;
export function drawRows(design: Design, n0: number, n1: number, seed: number): Drawn;
export function rowsOf(data: Drawn, label: number): Float64Array[];
export function generatorOf(name: string, learn: (rows: Float64Array[], d: number) => Law, seed?: number): Oversampler;
export function jitter(seed?: number): Oversampler;
export function shift(seed?: number): Oversampler;
export function duplicates(seed?: number): Oversampler;
export function gaussianFit(seed?: number, share?: number, ridge?: number): Oversampler;
