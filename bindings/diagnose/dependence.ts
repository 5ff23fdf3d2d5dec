import { featuresOf, type Column, type Dataset } from "../data/dataset";

/** How two columns depend on each other, in real and in synthetic rows of a class. */
export interface PairQuality {
  readonly columns: readonly [string, string];
  /** `"correlation"` (Pearson's; of ranks in ordinal columns), `"Cramér's V"` of two nominal columns, `"correlation ratio"` of a number by a nominal value. */
  readonly measure: "correlation" | "Cramér's V" | "correlation ratio";
  readonly real: number;
  readonly synthetic: number;
}

export interface DependenceQuality {
  /** Pairs of columns that were compared. */
  readonly pairs: number;
  /** Mean and largest absolute difference between real and synthetic rows. */
  readonly meanDifference: number;
  readonly largestDifference: number;
  /** The pairs that differ most, at most ten. */
  readonly most: readonly PairQuality[];
}

const MOST_SHOWN = 10;
/** Columns that are paired: 64 make 2016 pairs. */
export const MOST_PAIRED = 64;

/** Compares pairs of columns; a measure that does not exist, as of a constant column, counts as 0. */
export function dependenceOf(data: Dataset, real: Uint32Array, synthetic: Uint32Array): DependenceQuality {
  const columns = [...featuresOf(data.schema, "numeric"), ...featuresOf(data.schema, "nominal")].slice(0, MOST_PAIRED);
  const found: PairQuality[] = [];
  columns.forEach((a, i) => {
    for (const b of columns.slice(i + 1)) {
      const nominal = Number(a.kind === "nominal") + Number(b.kind === "nominal");
      const measure = (["correlation", "correlation ratio", "Cramér's V"] as const)[nominal]!;
      const strength = [correlation, correlationRatio, cramersV][nominal]!;
      found.push({ columns: [a.name, b.name], measure, real: strength(data, a, b, real), synthetic: strength(data, a, b, synthetic) });
    }
  });
  const difference = ({ real: x, synthetic: y }: PairQuality): number => Math.abs(x - y);
  const most = found.map((pair, at) => ({ pair, at })).sort((x, y) => difference(y.pair) - difference(x.pair) || x.at - y.at);
  return {
    pairs: found.length,
    meanDifference: found.reduce((sum, pair) => sum + difference(pair), 0) / (found.length || 1),
    largestDifference: most.length ? difference(most[0]!.pair) : 0,
    most: most.slice(0, MOST_SHOWN).map(({ pair }) => pair),
  };
}

/** Pearson's correlation of the rows that have both cells, about a first value so that large offsets keep their digits. */
export function correlation({ schema: { d }, numeric }: Dataset, a: Column, b: Column, rows: Uint32Array): number {
  let [n, meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (const row of rows) {
    const [x, y] = [numeric[row * d + a.place]!, numeric[row * d + b.place]!];
    if (x !== x || y !== y) continue;
    n++;
    const [dx, dy] = [x - meanX, y - meanY];
    meanX += dx / n;
    meanY += dy / n;
    xx += dx * (x - meanX);
    yy += dy * (y - meanY);
    xy += dx * (y - meanY);
  }
  const spread = Math.sqrt(xx) * Math.sqrt(yy);
  return spread > 0 ? xy / spread : 0;
}

/** The root of the share of a number's variance that lies between the groups of a nominal value. */
export function correlationRatio({ schema: { d, q }, numeric, nominal }: Dataset, number: Column, by: Column, rows: Uint32Array): number {
  const groups = new Map<number, { n: number; mean: number }>();
  const whole = { n: 0, mean: 0 };
  let squares = 0;
  for (const row of rows) {
    const [value, code] = [numeric[row * d + number.place]!, nominal[row * q + by.place]!];
    if (value !== value || code === 0) continue;
    const group = groups.get(code) ?? { n: 0, mean: 0 };
    groups.set(code, group);
    const before = value - whole.mean;
    for (const one of [group, whole]) one.mean += (value - one.mean) / ++one.n;
    squares += before * (value - whole.mean);
  }
  let between = 0;
  for (const { n, mean } of groups.values()) between += n * (mean - whole.mean) * (mean - whole.mean);
  return squares > 0 ? Math.sqrt(Math.min(1, between / squares)) : 0;
}

/** Cramér's V of the rows that have both values, without a correction for their number. */
export function cramersV({ schema: { q }, nominal }: Dataset, a: Column, b: Column, rows: Uint32Array): number {
  const [height, width] = [a.levels!.length + 2, b.levels!.length + 2];
  const cells = new Map<number, number>();
  const [tall, wide] = [new Float64Array(height), new Float64Array(width)];
  let n = 0;
  for (const row of rows) {
    const [i, j] = [nominal[row * q + a.place]!, nominal[row * q + b.place]!];
    if (i === 0 || j === 0) continue;
    n++;
    tall[i]!++;
    wide[j]!++;
    cells.set(i * width + j, (cells.get(i * width + j) ?? 0) + 1);
  }
  // chi-squared over n: Σ observed² / (row · column) − 1
  let sum = 0;
  for (const [cell, count] of cells) sum += ((count / tall[Math.floor(cell / width)]!) * count) / wide[cell % width]!;
  const least = Math.min(tall.filter((count) => count > 0).length, wide.filter((count) => count > 0).length) - 1;
  return n && least > 0 ? Math.sqrt(Math.max(0, Math.min(1, (sum - 1) / least))) : 0;
}
