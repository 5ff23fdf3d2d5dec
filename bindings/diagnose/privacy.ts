import { checkInteger, checkOptions, show } from "../check";
import type { Data, Label, Origins, Run, Scale } from "../contracts";
import { descending } from "../evaluate/metrics/ranking";
import { checkThreads } from "../run/job";
import { checkRun, startWork } from "../run/work";
import { bothOf, codesOf, nearestWork, rowsOfClass, wantedRows, withDesk, type Both, type Desk } from "./both";
import { copiesOf } from "./copies";
import { meetingPoints, meetingWork, rowsAt } from "./mirror";
import { percent, plural, short } from "./say";
import { roundingsOf, triplesOf, tripleWork } from "./segments";

export interface PrivacyOptions {
  /** Real rows that were not used to make the synthetic ones: how near unknown rows come by themselves. Without them distances have nothing to be compared with. */
  readonly holdout?: Data | undefined;
  /** Where each synthetic row comes from, as `resample` or `sample` told; known by itself if a method returned the data set. Then parents that are found can be checked. */
  readonly origins?: Origins | undefined;
  /** Classes to look at. Default: all that synthetic rows have. */
  readonly labels?: readonly Label[] | undefined;
  /** Whether the synthetic data set holds the real rows too, each once, which are then left out. Default false; of what a method returned it is known. */
  readonly includesReal?: boolean | undefined;
  /** How columns are made comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** Draws the rows that are attacked where there are many. Default 0. */
  readonly seed?: number | undefined;
}

/** The least of some numbers, what one in twenty does not reach, and the middle. */
export interface Spread {
  readonly least: number;
  readonly twentieth: number;
  readonly median: number;
}

export interface PrivacyReport {
  /** Synthetic rows, and hold-out rows of the same classes. */
  readonly rows: { readonly synthetic: number; readonly holdout: number };
  /** Synthetic rows, and hold-out rows, that equal a real row in every feature, as shares. */
  readonly copies: { readonly synthetic: number; readonly holdout: number | null };
  /** Distance to the closest real row of the same class; null where no real row is of it. */
  readonly closest: {
    readonly synthetic: Spread | null;
    readonly holdout: Spread | null;
    /** Share of synthetic rows that are nearer to a real row than 95 % of the hold-out rows are; 5 % where nothing leaks. */
    readonly nearer: number | null;
    /** What the usual test says: whether one synthetic row in twenty is at distance 0, and not so with hold-out rows. */
    readonly alarm: boolean;
  };
  /** Distance to the closest real row over that to the second closest (NNDR), which is near 0 where a row belongs to one real row. */
  readonly ratio: { readonly synthetic: Spread | null; readonly holdout: Spread | null };
  /** The collinearity attack: rows that lie on the segment between two real rows, to the last digits kept. */
  readonly lines: {
    /** Rows that were attacked: all that are no copies, or a sample. */
    readonly asked: number;
    /** Share of them whose two parents are found so. */
    readonly found: number;
    /** Share of them whose parents are those that are known, where they are. */
    readonly confirmed: number | null;
    readonly alarm: boolean;
  };
  /** What can be computed without the real rows; null with fewer than three numeric columns. */
  readonly mirrored: {
    /** Lines on which three or more synthetic rows lie, and real rows that such lines meet in. */
    readonly lines: number;
    readonly realRows: number;
    /** Their share among the real rows of the classes. */
    readonly share: number;
  } | null;
  readonly summary: readonly string[];
}

/** How many real rows of its class are looked among for a row's parents, one step after the other. */
const STEPS = [12, 48, 192];
/** Rows that are attacked in all. */
const MOST_ASKED = 2000;
/** Synthetic rows near a synthetic one among which lines are sought. */
const NEIGHBORS = 32;
/** Share of rows on lines from which that is no accident. */
const LEAST_ON_LINES = 0.04;

/**
 * How much synthetic rows give away of the real rows that they were made of. Distances to the closest real record, against those of held-out rows, see copies and rows that are near one record. They do not see
 * what interpolation does: a row between two real ones need be near to neither, and still names both. So real rows are tried in pairs: a synthetic row on the segment between two, to the last digits kept,
 * has them for parents. And without any real row: lines that several synthetic rows lie on meet in real ones. Both allow for output that was rounded, or kept in f32.
 *
 * What is found is what these two attacks find, so a report without alarms is no proof. Rows of nominal columns alone are only compared.
 *
 * Sources: nearest neighbor distance ratio and distance to closest record as in Zhao et al., CTAB-GAN, 2021; the attacks after Ganev et al., SMOTE and mirrors: exposing privacy leakage from synthetic minority
 * oversampling, 2025; ours: bounds of each column for the place on the segment, chance by columns, candidates by distance.
 *
 * @throws {InputError} when columns or labels do not go together, or there is no synthetic row.
 */
export async function privacyReport(real: Data, synthetic: Data, options: PrivacyOptions = {}, run?: Run): Promise<PrivacyReport> {
  checkOptions("privacyReport", options, ["holdout", "origins", "labels", "scale", "seed", "includesReal"]);
  checkRun("privacyReport", run);
  checkThreads(run);
  const chosen = { scale: options.scale, seed: checkInteger("seed", options.seed ?? 0, 0) };
  const both = bothOf(real, synthetic, "Synthetic rows", wantedRows(options.includesReal), options.origins);
  const codes = codesOf(both, options.labels, "Synthetic rows");
  const held = options.holdout === undefined ? undefined : bothOf(real, options.holdout, "Hold-out rows", "all");
  const classes = codes.map((code) => both.data.schema.classes[code]!);
  const heldCodes = held ? classes.map((label) => held.data.schema.classes.indexOf(label)).filter((code) => code >= 0) : [];
  const total = workOf(both, codes) + (held ? distanceWork(held, heldCodes) : 0);
  const work = startWork(run, total);
  const far = await withDesk(both, chosen, work, (desk) => distances(desk, codes));
  const farHeld = held && (await withDesk(held, chosen, work, (desk) => distances(desk, heldCodes)));
  const attacked = await withDesk(both, chosen, work, (desk) => attack(desk, codes));
  await work.step(total);
  const baseline = farHeld && farHeld.closest.length ? farHeld : undefined;
  const [own, other] = [spreadOf(far.closest), baseline ? spreadOf(baseline.closest) : null];
  const nearer = own && other && far.closest.filter((distance) => distance < other.twentieth).length / far.closest.length;
  const report = {
    rows: { synthetic: far.rows, holdout: baseline?.rows ?? 0 },
    copies: { synthetic: far.copies, holdout: baseline?.copies ?? null },
    closest: { synthetic: own, holdout: other, nearer, alarm: own?.twentieth === 0 && other?.twentieth !== 0 },
    ratio: { synthetic: spreadOf(far.ratio), holdout: baseline ? spreadOf(baseline.ratio) : null },
    ...attacked,
  };
  return { ...report, summary: sentences(report, classes) };
}

interface Distances {
  readonly rows: number;
  /** One for each row of whose class there is a real row; ratios where there are two. */
  readonly closest: Float64Array;
  readonly ratio: Float64Array;
  /** Share of rows that equal a real row. */
  readonly copies: number;
}

function distanceWork(both: Both, codes: readonly number[]): number {
  return codes.reduce((sum, code) => {
    const { first, second } = rowsOfClass(both, code);
    return sum + nearestWork(both, second.length, first.length);
  }, 0);
}

function workOf(both: Both, codes: readonly number[]): number {
  const attacks = codes.reduce((sum, code) => {
    const { first, second } = rowsOfClass(both, code);
    const asked = Math.min(second.length, askedOf(codes));
    const looks = STEPS.reduce((work, step) => work + tripleWork(Math.min(step, first.length), false), tripleWork(NEIGHBORS, true));
    return sum + nearestWork(both, asked, STEPS.length * first.length + second.length) + asked * looks + meetingWork(both.data, asked);
  }, 0);
  return distanceWork(both, codes) + attacks;
}

function askedOf(codes: readonly number[]): number {
  return Math.ceil(MOST_ASKED / codes.length);
}

async function distances(desk: Desk, codes: readonly number[]): Promise<Distances> {
  const { of } = copiesOf(desk.both);
  const [closest, ratio]: [number[], number[]] = [[], []];
  let [rows, copies] = [0, 0];
  for (const code of codes) {
    const { first, second } = rowsOfClass(desk.both, code);
    rows += second.length;
    const { k, distances: far } = await desk.nearest(second, first, 2);
    second.forEach((row, t) => {
      if (of[row - desk.both.n]! >= 0) copies++;
      if (k > 0) closest.push(far[t * k]!);
      if (k > 1) ratio.push(far[t * k + 1]! > 0 ? far[t * k]! / far[t * k + 1]! : 1);
    });
  }
  return { rows, closest: Float64Array.from(closest), ratio: Float64Array.from(ratio), copies: rows ? copies / rows : 0 };
}

async function attack(desk: Desk, codes: readonly number[]): Promise<Pick<PrivacyReport, "lines" | "mirrored">> {
  const { both } = desk;
  const { data, n, origins } = both;
  const { of, firsts } = copiesOf(both);
  let [asked, found, confirmed, lines, hit, realRows] = [0, 0, 0, 0, 0, 0];
  for (const code of codes) {
    const { first, second } = rowsOfClass(both, code);
    const targets = desk.some(
      second.filter((row) => of[row - n]! < 0),
      askedOf(codes),
    );
    const roundings = roundingsOf(data, targets);
    const parents = await parentsOf(desk, roundings, targets, first);
    asked += targets.length;
    found += parents.size;
    for (const [row, ends] of parents) {
      const known = origins?.parents(both.rows[row - n]!);
      if (known && same(known, ends, firsts)) confirmed++;
    }
    realRows += first.length;
    if (data.schema.d < 3) continue;
    const near = await desk.nearest(targets, second, NEIGHBORS);
    const twice = roundings.map((rounding) => 2 * rounding);
    const met = await meetingPoints(desk, twice, await triplesOf(desk, twice, targets, near, true));
    lines += met.lines;
    hit += rowsAt(data, twice, met.points, first).length;
  }
  const share = asked ? found / asked : 0;
  return {
    lines: { asked, found: share, confirmed: origins ? (asked ? confirmed / asked : 0) : null, alarm: share >= LEAST_ON_LINES },
    mirrored: data.schema.d < 3 ? null : { lines, realRows: hit, share: realRows ? hit / realRows : 0 },
  };
}

/** The two real rows between which each of the rows lies, where there are such. Most have them among their nearest; for the others the search is widened. */
async function parentsOf(
  desk: Desk,
  roundings: Float64Array,
  targets: Uint32Array,
  real: Uint32Array,
): Promise<Map<number, readonly [number, number]>> {
  const { data } = desk.both;
  const found = new Map<number, readonly [number, number]>();
  let open = data.schema.d > 1 ? targets : targets.subarray(0, 0);
  let before = 0;
  for (const step of STEPS) {
    const near = await desk.nearest(open, real, step);
    if (near.k <= before) break;
    before = near.k;
    const triples = await triplesOf(desk, roundings, open, near, false);
    for (const [t, row] of open.entries()) if (triples[t]) found.set(row, triples[t].ends);
    open = open.filter((row) => !found.has(row));
  }
  return found;
}

/** Whether these are the same rows, or equal ones. */
function same(known: readonly number[], ends: readonly [number, number], firsts: Uint32Array): boolean {
  const key = (rows: readonly number[]): string => [...new Set(rows.map((row) => firsts[row]!))].sort((a, b) => a - b).join();
  return key(known) === key(ends);
}

function spreadOf(values: Float64Array): Spread | null {
  if (values.length === 0) return null;
  const order = descending(values);
  const n = values.length;
  const at = (share: number): number => values[order[n - 1 - Math.floor(share * (n - 1))]!]!;
  return { least: at(0), twentieth: at(0.05), median: at(0.5) };
}

function sentences({ rows, copies, closest, lines, mirrored }: Omit<PrivacyReport, "summary">, classes: readonly Label[]): string[] {
  const said = [
    `${plural(rows.synthetic, "synthetic row")} of class ${classes.slice(0, 6).map(show).join(", ")} were held against real rows of their class.`,
  ];
  if (copies.synthetic > 0) {
    const usual = copies.holdout === null ? "" : `; of the hold-out rows, ${percent(copies.holdout)} do`;
    said.push(`${percent(copies.synthetic)} of them equal a real row in every feature${usual}: a copy discloses the row.`);
  }
  if (closest.synthetic) {
    const held = closest.holdout ? `, of hold-out rows ${short(closest.holdout.twentieth)}` : "";
    const alarm = closest.alarm ? "an alarm" : "no alarm";
    said.push(
      `The usual test on the distance to the closest record raises ${alarm}: the nearest twentieth is at most ${short(closest.synthetic.twentieth)} away${held}.`,
      closest.nearer === null
        ? "Without hold-out rows of these classes it is not known how near rows come that nobody copied; pass holdout."
        : `${percent(closest.nearer)} of the synthetic rows are nearer to a real row than all but a twentieth of the hold-out rows; 5 % would be usual.`,
    );
  }
  if (lines.asked > 0) {
    said.push(
      lines.alarm
        ? `${percent(lines.found)} of ${lines.asked} rows lie on the segment between two real rows and so name both${lines.confirmed === null ? "" : `, rightly for ${percent(lines.confirmed)}`}: distances do not show this.`
        : `${lines.found ? percent(lines.found) : "None"} of ${lines.asked} rows lie on the segment between two real rows.`,
    );
  }
  if (mirrored?.realRows)
    said.push(
      `From the synthetic rows alone, ${plural(mirrored.realRows, "real row")} (${percent(mirrored.share)} of the classes) can be computed: lines through synthetic rows meet there.`,
    );
  said.push(
    "Interpolation is not anonymization: treat rows that were made of real ones as you treat the real ones. Other attacks were not tried.",
  );
  return said;
}
