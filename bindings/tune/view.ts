import type { LastLayer } from "../contracts";
import type { Work } from "../run/work";
import { grams } from "./moments";

/** How rows are placed before a linear layer: its columns about their means with deviation 1, and a one. */
export interface View {
  /** Columns, the one counted in. */
  readonly p: number;
  readonly stride: number;
  /** f64 (m, stride) ← rows as the last layer sees them. */
  place(values: Float64Array): Float64Array;
}

/** A column that has less than this share of its variance to itself is made of those before it. */
const OWN_SHARE = 1e-9;

/** The view of these rows, without columns that are constant or sums of others, as levels of a nominal column are: they would add degrees of freedom that are none. */
export async function viewOf({ names, values }: LastLayer, work: Work): Promise<View> {
  const d = names.length;
  const n = d ? values.length / d : 0;
  const means = new Float64Array(d);
  const deviations = new Float64Array(d);
  for (let c = 0; c < d; c++) {
    // offsets from the first row keep the digits of large values that are close together
    let [sum, squares] = [0, 0];
    for (let at = c; at < values.length; at += d) sum += values[at]! - values[c]!;
    means[c] = values[c]! + sum / n;
    for (let at = c; at < values.length; at += d) squares += (values[at]! - means[c]!) * (values[at]! - means[c]!);
    deviations[c] = Math.sqrt(squares / n);
  }
  const varying = placing(
    [...names.keys()].filter((c) => deviations[c]! > 0),
    d,
    means,
    deviations,
  );
  if (varying.p === 1) return varying;
  const rows = { ...varying, z: varying.place(values), shares: new Float64Array(n).fill(1 / n) };
  const [gram] = await grams(rows, [new Float64Array(n).fill(1)], work);
  const independent = independentColumns(gram!, varying.p);
  return placing(
    independent.map((k) => varying.columns[k]!),
    d,
    means,
    deviations,
  );
}

function placing(
  columns: readonly number[],
  d: number,
  means: Float64Array,
  deviations: Float64Array,
): View & { readonly columns: readonly number[] } {
  const p = columns.length + 1;
  const stride = p + (p % 2);
  return {
    columns,
    p,
    stride,
    place(values) {
      const z = new Float64Array((d ? values.length / d : 0) * stride);
      for (let at = 0, from = 0; at < z.length; at += stride, from += d) {
        columns.forEach((c, k) => (z[at + k] = (values[from + c]! - means[c]!) / deviations[c]!));
        z[at + p - 1] = 1;
      }
      return z;
    },
  };
}

/** Columns but the last that are no sum of the last and those before, by Cholesky's factorization of a Gram matrix (p, p) with means 0. */
function independentColumns(gram: Float64Array, p: number): number[] {
  const kept: number[] = [];
  const lines: number[][] = [];
  for (let c = 0; c < p - 1; c++) {
    const line: number[] = [];
    lines.forEach((other, k) => line.push((gram[c * p + kept[k]!]! - line.reduce((sum, x, j) => sum + x * other[j]!, 0)) / other[k]!));
    const own = gram[c * p + c]! - line.reduce((sum, x) => sum + x * x, 0);
    if (own <= OWN_SHARE * gram[c * p + c]!) continue;
    kept.push(c);
    lines.push([...line, Math.sqrt(own)]);
  }
  return kept;
}
