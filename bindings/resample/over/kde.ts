import { checkOptions, show } from "../../check";
import type { Oversampler, Scale } from "../../contracts";
import { namesOf, type Dataset, type Schema } from "../../data/dataset";
import { checkBandwidth, widthBy, widthsOf, widthsWork, type Bandwidth } from "../../density/bandwidths";
import { centersBytes } from "../../density/sums";
import { density } from "../../engine/density";
import { withInstance } from "../../engine/lease";
import { InputError } from "../../errors";
import { estimated } from "../../run/work";
import { checkScale, divisorsOf } from "../../search/space";
import { emit, placeSource } from "../emit";
import { blockOf, emitWork, type MakeRows } from "../generate";
import { statisticsOfClass } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions } from "../oversample";
import { plan } from "../plan";

export interface KdeOversampleOptions extends CommonOptions {
  /** How wide the noise around a row is: see `kde`. Default `"silverman"`. */
  readonly bandwidth?: Bandwidth | undefined;
  /** What the bandwidth is a multiple of in each column. Default: the standard deviation within the class. */
  readonly scale?: Scale | undefined;
}

/**
 * Rows drawn from a kernel density estimate of the class: copies with normal noise of the estimate's bandwidth. The smoothed bootstrap; with the defaults ROSE, so `randomOversample({ shrinkage: 1 })`.
 * With a bandwidth by likelihood, by local density or by neighbors the noise is as wide as the class is sparse. Nominal and missing cells are copied.
 *
 * Menardi, Torelli: Training and assessing classification rules with imbalanced data, DMKD 28 (2014); Kamalov: Kernel density estimation based sampling for imbalanced class distribution, Information
 * Sciences 512 (2020). Ours: noise of each column by itself, by the deviations of the class; reflection at declared bounds; missing cells at the mean while bandwidths are found. Where each row has a bandwidth of its own a
 * generator samples where it was fitted, and `toJSON` is an error.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function kdeOversample(options: KdeOversampleOptions = {}): Oversampler {
  checkOptions("kdeOversample", options, [...COMMON_OPTIONS, "bandwidth", "scale"]);
  const common = commonOptions(options);
  const bandwidth = checkBandwidth(options.bandwidth ?? "silverman");
  const scale = checkScale(options.scale);
  const perRow = typeof bandwidth === "object";
  return oversampler({
    name: "kdeOversample",
    options: { ...common, bandwidth, scale: scale ?? "auto" },
    workFor: ({ schema: { d } }, n) => widthsWork(bandwidth, n, d) + n * d * 4,
    async choose(scene) {
      const { rows, data, name, note, work } = scene;
      const { d } = data.schema;
      if (rows.length === 0) {
        throw new InputError("TOO_FEW_ROWS", `Class ${name} has no rows here, so none can be made; leave it out of the strategy.`);
      }
      if (d === 0) throw new InputError("DATA", "No feature is numeric, so there is no density to draw from; use randomOversample.");
      const { deviations, means, lows, highs } = statisticsOfClass(scene);
      const divisors = scale ? divisorsOf(data.schema, scale, scene.statistics) : deviations;
      const counted = estimated(work, widthsWork(bandwidth, rows.length, d) + rows.length * d * 4);
      let widths: number | Float64Array;
      if (rows.length === 1) {
        note(`Class ${name} has one row and so no density; its copies are exact.`);
        widths = 0;
      } else if (typeof bandwidth === "number" || bandwidth === "scott" || bandwidth === "silverman") {
        widths = widthBy(bandwidth, rows.length, d);
      } else {
        const values = pointsOf(data, rows, divisors, means);
        widths = await withInstance(density, (instance) => {
          instance.arena.reserve(centersBytes(rows.length, d), `A density of the ${rows.length} rows of class ${name}`);
          return widthsOf(instance, counted, { values, n: rows.length, d, laplacian: false, weights: null }, bandwidth, note);
        });
      }
      await counted.finish();
      const widest = typeof widths === "number" ? widths : widths.reduce((most, width) => Math.max(most, width), 0);
      checkReach(data.schema, lows, highs, divisors, widest);
      const bases = { draws: common.draws, shares: null };
      const rule = { name: "jitter", spreads: divisors.map((divisor) => (perRow ? divisor : widest * divisor)) } as const;
      // what the widths are is kept where the gaps of a row that leans on others would be
      return { bases, neighbors: new Uint32Array(0), k: 0, rule, ...(perRow && { spans: spansOf(widths, rows.length) }) };
    },
    ...(perRow && {
      makerFor: () => byRow,
      store() {
        throw new InputError(
          "GENERATOR",
          "A generator of kdeOversample whose rows have bandwidths of their own cannot be stored; sample it where it is, or use one bandwidth.",
        );
      },
    }),
  });
}

/** f64 (rows, d) ← the rows in scaled columns, missing cells at the mean. */
function pointsOf({ numeric, schema: { d } }: Dataset, rows: Uint32Array, divisors: Float64Array, means: Float64Array): Float64Array {
  const values = new Float64Array(rows.length * d);
  rows.forEach((i, t) => {
    for (let c = 0; c < d; c++) {
      const value = numeric[i * d + c]!;
      values[t * d + c] = ((value === value ? value : means[c]!) - means[c]!) / (divisors[c] || 1);
    }
  });
  return values;
}

function spansOf(widths: number | Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: 2 * n }, (_, i) => (i % 2 ? 0 : typeof widths === "number" ? widths : widths[i / 2]!));
}

/** Rows whose noise is as wide as their base's bandwidth says. */
const byRow: MakeRows = (instance, work, { schema, seed }, choices, [from, to], into, origins, at, shift) =>
  instance.arena.during(async () => {
    const source = placeSource(instance, schema, choices);
    const { rule, spans } = choices;
    const block = blockOf(schema);
    for (let first = from; first < to; first += block) {
      const planned = plan(instance, choices, seed, first, Math.min(first + block, to));
      planned.bases.forEach((base, t) => {
        const spreads = (rule as { spreads: Float64Array }).spreads.map((spread) => spread * spans[2 * base]!);
        const [bases, gaps] = [planned.bases.subarray(t, t + 1), planned.gaps.subarray(t, t + 1)];
        const own = { ...source, choices: { ...choices, rule: { name: "jitter", spreads } as const } };
        emit(instance, schema, own, { from: first + t, m: 1, bases, neighbors: bases, gaps }, seed, into, at + first - from + t);
      });
      origins.record(at + shift + first - from, choices, planned);
      await work.step(emitWork(schema, planned.m));
    }
  });

/** Refuses noise that could leave the range of numbers. */
function checkReach(schema: Schema, lows: Float64Array, highs: Float64Array, divisors: Float64Array, width: number): void {
  divisors.forEach((divisor, c) => {
    // a draw beyond ten deviations does not occur
    if (Math.max(highs[c]!, -lows[c]!) + 10 * width * divisor < Infinity) return;
    throw new InputError(
      "OVERFLOW",
      `Column ${show(namesOf(schema, "numeric")[c])} would leave the range of numbers at this bandwidth; divide it by a power of ten first.`,
    );
  });
}
