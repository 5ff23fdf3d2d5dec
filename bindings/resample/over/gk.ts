import { checkOneOf, checkOptions } from "../../check";
import type { Label, Oversampler, Run, Data } from "../../contracts";
import { rowsByClass, type ColumnStatistics, type Dataset, type Made } from "../../data/dataset";
import { read } from "../../data/read";
import { logRivals, rivalsOf, rivalWork, type Rivals } from "../../density/rivals";
import type { BandwidthRule } from "../../density/bandwidths";
import { core } from "../../engine/core";
import { withInstance, withInstanceNow } from "../../engine/lease";
import { InputError } from "../../errors";
import { checkThreads } from "../../run/job";
import { checkRun, startWork } from "../../run/work";
import { searchWork } from "../../search/neighbors";
import { divisorsOf, statisticsOfAll } from "../../search/space";
import { neighborsOf } from "../crosswise";
import { between, comparison, NEIGHBOR_OPTIONS, neighborOptions, type CheckedNeighborOptions, type NeighborOptions } from "../kin";
import { enoughNeighbors } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions, type Decided, type Scene } from "../oversample";
import { sift } from "../sift";
import { everyRow } from "../surroundings";

export interface GkSmoteOptions extends CommonOptions, NeighborOptions {
  /** `"intent"` (default): what the paper's abstract describes. `"repository"`: what the first author's code does. */
  readonly mode?: "intent" | "repository" | undefined;
  /** Bandwidth of mode intent. Default `"scott"`. */
  readonly bandwidth?: BandwidthRule | undefined;
}

/** What a row of a class that grows is: among its own and dense, where classes meet, or among others. */
export type GkRowType = "safe" | "borderline" | "noisy";

/** Rows of a class, and what they are. */
export interface GkRowTypes {
  readonly label: Label;
  /** u32: row numbers, and for each its type and its density, or, in mode intent, the binary logarithm of how much denser its class is there than the others. */
  readonly rows: Uint32Array;
  readonly types: readonly GkRowType[];
  readonly densities: Float64Array;
}

interface Checked extends CheckedNeighborOptions {
  readonly mode: "intent" | "repository";
  readonly bandwidth: BandwidthRule;
}

const OWN = ["mode", "bandwidth"] as const;

function checked(options: GkSmoteOptions): Checked {
  return {
    ...neighborOptions(options),
    mode: checkOneOf("mode", options.mode ?? "intent", ["intent", "repository"]),
    bandwidth: checkOneOf("bandwidth", options.bandwidth ?? "scott", ["scott", "silverman"]),
  };
}

/** How often a row of the stream is tried. */
const ATTEMPTS = 10;

/**
 * GK-SMOTE: rows of the class are safe, borderline or noisy by how dense the class and the others are around them. Noisy rows have no part; safe rows have more children; rows lean on others of their
 * type, on the border towards the denser end; and a new row must lie where the class is at least as dense as the others, or is drawn again. For noisy labels. `gkRowTypes` tells the types, notes count them.
 *
 * Miraj, Huang, Yang, Zhao, Mu, Lei: GK-SMOTE, APWeb-WAIM (2025). The paper leaves bandwidth, thresholds and weights open, and the published code divides by the spread of the same distances, so that its
 * density does not change when all distances do: mode repository has that code's noise filter, densities and two types, seeds and partners, and draws nothing again. Mode intent is ours: densities
 * of class and others by one bandwidth, Scott's times the class's deviation; noisy: all k nearest are of others, or the class is outlyingly sparse (below Tukey's fence) and sparser than the others; the rest cut
 * in two by the log ratio of densities (exact 2-means); shares by the class's part of the density; ten tries, of which the best is kept. Any column kind and missing cells.
 * Counts are those of the strategy in both modes. A generator of mode intent needs all rows to judge by: it samples where it was fitted, and `toJSON` is an error.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function gkSmote(options: GkSmoteOptions = {}): Oversampler {
  checkOptions("gkSmote", options, [...COMMON_OPTIONS, ...NEIGHBOR_OPTIONS, ...OWN]);
  const common = commonOptions(options);
  const own = checked(options);
  const judged = own.mode === "intent";
  return oversampler({
    name: "gkSmote",
    options: { ...common, ...own },
    workFor: ({ schema, n: all }, n) =>
      searchWork(schema, n, all, false) + searchWork(schema, n, n, true) + (judged ? rivalWork(all, n, schema.d + schema.q) : 0),
    async choose(scene) {
      const k = enoughNeighbors(scene, own.kNeighbors, own.onTooFew);
      const bases = { draws: common.draws, shares: null };
      if (k === null) return null;
      if (k === 0) return { bases, neighbors: new Uint32Array(0), k, rule: { name: "copy" } };
      const kinds = await typesOf(scene, own, k);
      noteTypes(scene, kinds.types);
      return { ...(await leanWithin(scene, own, k, kinds, common.draws)), rule: between(scene, own.nominal) };
    },
    ...(judged && {
      makerFor: (data: Dataset) =>
        sift({ attempts: ATTEMPTS, judge: judgeBy(data, own), limit: Number.MIN_VALUE, onRejected: () => undefined }),
      store() {
        throw new InputError(
          "GENERATOR",
          `A generator of gkSmote looks at all rows it was fitted on, so it cannot be stored; sample it where it is, or use mode: "repository".`,
        );
      },
    }),
  });
}

/** What is known of the rows of a class, in their order. */
interface Kinds {
  readonly types: readonly GkRowType[];
  /** Which of two rows is denser, and what the types were told by. */
  readonly scores: Float64Array;
  /** Seeds' shares. */
  readonly shares: Float64Array;
  readonly densities: Float64Array;
}

async function typesOf(scene: Scene, own: Checked, k: number): Promise<Kinds> {
  const noisy = await amongOthers(scene, own, k);
  return own.mode === "intent" ? byRivals(scene, own, noisy) : bySpread(scene, own, noisy, k);
}

/** Whether all k nearest rows are of other classes; in mode repository without any that equals the row. */
async function amongOthers(scene: Scene, own: Checked, k: number): Promise<boolean[]> {
  const { data, rows, code } = scene;
  const repository = own.mode === "repository";
  const most = Math.min(k, data.n - 1);
  const { indices, keys } = await neighborsOf(scene, rows, everyRow(data), most, comparison(scene, own), scene.statistics());
  return Array.from(rows, (_, t) => {
    for (let e = t * most; e < (t + 1) * most; e++) {
      if (!(repository && keys[e] === 0) && data.labels[indices[e]!] === code) return false;
    }
    return true;
  });
}

/** Mode intent: log ratios of the densities of the class and of the others. */
async function byRivals(scene: Scene, own: Checked, outcast: readonly boolean[]): Promise<Kinds> {
  const { instance, work, data, code, statistics } = scene;
  const divisors = divisorsOf(data.schema, comparison(scene, own).scale, statistics);
  const rivals = rivalsOf(instance, data, everyRow(data), code, divisors, statistics(), own.bandwidth);
  const { inside, outside } = await logRivals(work, rivals, "own");
  const [m, others] = [Math.max(1, rivals.own.length - 1), rivals.others.length];
  const scores = withInstanceNow(core, ({ kernels: { log } }) =>
    inside.map((value, t) => value - outside[t]! - log(m / (others || 1)) * Math.LOG2E),
  );
  const fence = lowerFence(inside);
  const noisy = outcast.map((is, t) => is || (inside[t]! < fence && scores[t]! < 0));
  const shares = withInstanceNow(core, ({ kernels: { exp } }) => scores.map((score) => 1 / (1 + exp(-score / Math.LOG2E))));
  return { types: cut(scores, noisy), scores, shares, densities: scores };
}

/** Mode repository: kernels of the k nearest of the class, the row itself first, as wide as their distances spread. */
async function bySpread(scene: Scene, own: Checked, noisy: readonly boolean[], k: number): Promise<Kinds> {
  const { rows } = scene;
  const near = k - 1;
  const keys = near ? (await neighborsOf(scene, rows, rows, near, comparison(scene, own))).keys : new Float64Array(0);
  const densities = withInstanceNow(core, ({ kernels: { exp } }) =>
    Float64Array.from(rows, (_, t) => {
      const squares = [0, ...keys.subarray(t * near, (t + 1) * near)];
      const distances = squares.map(Math.sqrt);
      const mean = distances.reduce((sum, distance) => sum + distance, 0) / k;
      const variance = distances.reduce((sum, distance) => sum + (distance - mean) * (distance - mean), 0) / k;
      const width = Math.max(Math.sqrt(variance), 1e-12);
      return squares.reduce((sum, square) => sum + exp(-square / (2 * width * width)), 0) / k;
    }),
  );
  return { types: cut(densities, noisy), scores: densities, shares: new Float64Array(rows.length).fill(1), densities };
}

/** Tukey's: the lower quartile less 1.5 times the distance to the upper one. */
function lowerFence(values: Float64Array): number {
  const sorted = values.slice().sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
  return at(0.25) - 1.5 * (at(0.75) - at(0.25));
}

/** Rows that are not noisy cut in two by their scores where squares about the two means are least: the higher ones are safe. */
function cut(scores: Float64Array, noisy: readonly boolean[]): GkRowType[] {
  const sorted = scores.filter((_, t) => !noisy[t]).sort();
  const n = sorted.length;
  const total = sorted.reduce((sum, score) => sum + score, 0);
  let [best, border, low] = [-Infinity, sorted[0]!, 0];
  for (let i = 1; i < n; i++) {
    low += sorted[i - 1]!;
    if (sorted[i] === sorted[i - 1]) continue;
    // squares within are least where those between are most
    const apart = low / i - (total - low) / (n - i);
    const gain = apart * apart * i * (n - i);
    if (gain > best) [best, border] = [gain, sorted[i]!];
  }
  return Array.from(scores, (score, t) => (noisy[t] ? "noisy" : score >= border ? "safe" : "borderline"));
}

function noteTypes({ name, note }: Scene, types: readonly GkRowType[]): void {
  const count = (type: GkRowType): number => types.filter((own) => own === type).length;
  note(`Of the rows of class ${name} ${count("safe")} are safe, ${count("borderline")} borderline and ${count("noisy")} noisy.`);
}

/** Rows lean on the nearest of their type; on others that are not noisy where they are alone in it; on all where fewer than two are not noisy. */
async function leanWithin(
  scene: Scene,
  own: Checked,
  k: number,
  { types, scores, shares }: Kinds,
  draws: "even" | "independent",
): Promise<Omit<Decided, "rule">> {
  const { rows, name, note } = scene;
  const places = [...rows.keys()];
  let used = places.filter((t) => types[t] !== "noisy");
  let groups = (["safe", "borderline"] as const).map((type) => used.filter((t) => types[t] === type));
  if (used.length < 2) {
    note(`Class ${name} has fewer than two rows that are not noisy; it was grown from all of its rows.`);
    used = places;
    groups = [places];
  }
  const entries: number[] = [];
  const spans: number[] = [];
  const lists = new Uint32Array(2 * used.length);
  const seat = new Map(used.map((t, b) => [t, b]));
  for (const group of groups) {
    const among = group.length < 2 ? used : group;
    if (group.length === 0) continue;
    const most = Math.min(own.mode === "repository" ? Math.max(2, k + 1) - 1 : k, among.length - 1);
    const [asked, reference] = [group, among].map((part) => Uint32Array.from(part, (t) => rows[t]!)) as [Uint32Array, Uint32Array];
    const { indices } = await neighborsOf(
      scene,
      asked,
      among === group ? asked : reference,
      most,
      comparison(scene, own),
      scene.statistics(),
    );
    group.forEach((t, g) => {
      lists.set([entries.length, most], 2 * seat.get(t)!);
      for (let e = g * most; e < (g + 1) * most; e++) {
        const partner = among[indices[e]!]!;
        entries.push(seat.get(partner)!);
        const border = own.mode === "intent" && types[t] === "borderline";
        spans.push(...(!border ? [0, 1] : scores[partner]! < scores[t]! ? [0, 0.5] : [0.5, 1]));
      }
    });
  }
  return {
    rows: Uint32Array.from(used, (t) => rows[t]!),
    neighbors: Uint32Array.from(entries),
    lists,
    spans: Float64Array.from(spans),
    k: 0,
    bases: { draws, shares: Float64Array.from(used, (t) => shares[t]!).map((share) => share || 1e-300) },
  };
}

/** How much denser the others are at a candidate than the class: 0 or less is accepted. */
function judgeBy(data: Dataset, own: Checked): Parameters<typeof sift>[0]["judge"] {
  const known = new Map<number, Rivals>();
  return (instance, work) => async (candidates, waiting, label) => {
    const statistics = statisticsOfAll(instance, data);
    const divisors = divisorsOf(data.schema, comparison({ data }, own).scale, () => statistics);
    const rivals = known.get(label) ?? rivalsOf(instance, data, everyRow(data), label, divisors, statistics, own.bandwidth);
    known.set(label, rivals);
    const { inside, outside } = await logRivals(
      { ...work, step: () => undefined },
      rivals,
      pointsOf(candidates, waiting, rivals, divisors, statistics),
    );
    return withInstanceNow(core, ({ kernels: { log } }) => {
      const shares = log(rivals.own.length / (rivals.others.length || 1)) * Math.LOG2E;
      return outside.map((value, t) => value - inside[t]! + shares);
    });
  };
}

/** Candidates where the rows of the data were embedded. */
function pointsOf(
  { numeric, nominal, m }: Made,
  waiting: Uint32Array,
  { embedded: { values, width, coordinates } }: Rivals,
  divisors: Float64Array,
  { means }: ColumnStatistics,
): Float64Array {
  const [d, q] = [numeric.length / m, nominal.length / m];
  // a nominal value stands at the one height that is not 0
  const heights = coordinates.map((_, c) => {
    let height = 0;
    for (let at = c; at < values.length; at += width) height = Math.max(height, values[at]!);
    return height;
  });
  return Float64Array.from({ length: waiting.length * width }, (_, at) => {
    const [coordinate, t] = [coordinates[at % width]!, waiting[Math.floor(at / width)]!];
    if (coordinate.kind === "nominal") return nominal[t * q + coordinate.place] === coordinate.code ? heights[at % width]! : 0;
    const value = numeric[t * d + coordinate.place]!;
    return (value === value ? value : means[coordinate.place]!) / divisors[coordinate.place]!;
  });
}

/**
 * What `gkSmote` takes the rows of the classes for that are smaller than the largest: safe, borderline or noisy.
 * @throws {InputError} for unknown options or values, or data that does not allow them.
 */
export async function gkRowTypes(data: Data, options: Omit<GkSmoteOptions, keyof CommonOptions> = {}, run?: Run): Promise<GkRowTypes[]> {
  checkOptions("gkRowTypes", options, [...NEIGHBOR_OPTIONS, ...OWN]);
  checkRun("gkRowTypes", run);
  checkThreads(run);
  const own = checked(options);
  const dataset = read(data);
  const { schema, n } = dataset;
  const byClass = rowsByClass(dataset);
  const largest = byClass.reduce((most, rows) => Math.max(most, rows.length), 0);
  const found: GkRowTypes[] = [];
  const work = startWork(run, schema.classes.length * (searchWork(schema, n, n, true) + rivalWork(n, n, schema.d + schema.q)));
  await withInstance(core, async (instance) => {
    let all: ColumnStatistics | undefined;
    for (const [code, rows] of byClass.entries()) {
      if (rows.length === largest || rows.length === 0) continue;
      const scene: Scene = {
        instance,
        work,
        data: dataset,
        code,
        name: JSON.stringify(schema.classes[code]),
        rows,
        statistics: () => (all ??= statisticsOfAll(instance, dataset)),
        note: () => undefined,
      };
      const k = enoughNeighbors(scene, own.kNeighbors, own.onTooFew) || 1;
      const { types, densities } = await instance.arena.during(() => typesOf(scene, own, k));
      found.push({ label: schema.classes[code]!, rows, types, densities });
    }
  });
  return found;
}
