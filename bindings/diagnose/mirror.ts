import type { Dataset } from "../data/dataset";
import type { Desk } from "./both";
import type { Triple } from "./segments";

/** A line that synthetic rows lie on: from a point, and one step along it. */
interface Line {
  readonly from: Float64Array;
  readonly step: Float64Array;
  readonly length: number;
}

/** Steps of a line beyond its rows within which parents are looked for; farther out, rounding has the word. */
const FARTHEST = 20;
/** Roundings that two lines may miss each other by, and a found point a real row. */
const [MISS, HIT] = [64, 1024];
/** Cosine beyond which two lines are one. */
const PARALLEL = 1 - 1e-6;
const MOST_LINES = 1000;

/**
 * What can be computed from synthetic rows alone: lines that three or more of them lie on, and the points where two such lines meet, which is where rows were interpolated from.
 * After ReconSMOTE (Ganev et al. 2025), which looks for the same lines; ours: rounding, and neighbors in place of all triples. Needs three columns: in two, any two lines meet.
 */
export function meetingPoints(
  desk: Desk,
  roundings: Float64Array,
  triples: readonly (Triple | null)[],
): Promise<{ lines: number; points: Float64Array[] }> {
  const { data } = desk.both;
  const lines: Line[] = [];
  const seen = new Set<number>();
  for (const triple of triples) {
    const rows = triple ? [triple.middle, ...triple.ends] : [];
    if (lines.length < MOST_LINES && rows.length && !rows.every((row) => seen.has(row))) lines.push(lineOf(data, triple!.ends));
    for (const row of rows) seen.add(row);
  }
  return desk.part(meetingWork(data, lines.length), async (work) => {
    const points: Float64Array[] = [];
    for (let i = 1; i < lines.length; i++) {
      for (let j = 0; j < i; j++) {
        const point = meeting(lines[i]!, lines[j]!, roundings);
        if (point) points.push(point);
      }
      await work.step((meetingWork(data, i) * 2) / i);
    }
    return { lines: lines.length, points };
  });
}

/** Work of meeting every line with every other. */
export function meetingWork({ schema: { d } }: Dataset, lines: number): number {
  return 50 * d * lines * lines;
}

/** Those of the rows that a point equals, but for rounding that grew on the way. */
export function rowsAt(data: Dataset, roundings: Float64Array, points: readonly Float64Array[], rows: Uint32Array): Uint32Array {
  const { d } = data.schema;
  return rows.filter((row) =>
    points.some((point) => point.every((value, c) => !(Math.abs(value - data.numeric[row * d + c]!) > HIT * roundings[c]!))),
  );
}

function lineOf({ schema: { d }, numeric }: Dataset, [a, b]: readonly [number, number]): Line {
  const from = numeric.slice(a * d, (a + 1) * d);
  const step = from.map((value, c) => numeric[b * d + c]! - value);
  return { from, step, length: dot(step, step) };
}

/** Where two lines meet, if they do. */
function meeting(x: Line, y: Line, roundings: Float64Array): Float64Array | undefined {
  const apart = x.from.map((value, c) => y.from[c]! - value);
  const [along, across] = [dot(x.step, y.step), x.length * y.length];
  const sine = across - along * along;
  if (!(sine > (1 - PARALLEL * PARALLEL) * across)) return undefined;
  const [onX, onY] = [dot(apart, x.step), dot(apart, y.step)];
  const s = (onX * y.length - onY * along) / sine;
  const t = (onX * along - onY * x.length) / sine;
  if (Math.abs(s) > FARTHEST || Math.abs(t) > FARTHEST) return undefined;
  const slack = MISS * (1 + Math.abs(s) + Math.abs(t));
  for (let c = 0; c < apart.length; c++) {
    if (Math.abs(apart[c]! + t * y.step[c]! - s * x.step[c]!) > slack * roundings[c]!) return undefined;
  }
  return x.from.map((value, c) => value + s * x.step[c]!);
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < x.length; c++) sum += x[c]! * y[c]!;
  return sum;
}
