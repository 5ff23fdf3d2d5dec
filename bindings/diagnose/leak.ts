import { checkInteger, checkOptions, show } from "../check";
import type { Data, Label, Origins, Run, Scale, StoredGenerator } from "../contracts";
import { countsOf } from "../data/dataset";
import { markOf } from "../data/marks";
import { read } from "../data/read";
import { InputError } from "../errors";
import { byTime, orderOf, type Order } from "../evaluate/order";
import { checkThreads } from "../run/job";
import { checkRun, startWork } from "../run/work";
import { bothOf, concatenated, nearestWork, rowsOfClass, withDesk, type Both, type Desk } from "./both";
import { copiesOf, evenRepeats } from "./copies";
import { percent, plural } from "./say";
import { votersOf } from "./voters";
import { canTell, roundingsOf, triplesOf, tripleWork } from "./segments";

export interface LeakOptions {
  /**
   * What a method returned before rows were divided, and which of its rows are in either part: then every shared row is counted, and nothing estimated. Rows that are on no side are of no account. Origins name base and neighbor of a
   * row; who voted for its nominal values is known from `generator`, what `toJSON` of the method's generator, fitted on the same rows, returned.
   */
  readonly provenance?:
    | {
        readonly origins: Origins;
        readonly trainRows: ArrayLike<number>;
        readonly testRows: ArrayLike<number>;
        readonly generator?: StoredGenerator | undefined;
      }
    | undefined;
  /** Who or what each row is about, one entry for each row of either part. Default: the table's group column. */
  readonly groups?: { readonly train: ArrayLike<unknown>; readonly test: ArrayLike<unknown> } | undefined;
  /** When each row was made: numbers, dates, or texts that sort. Default: the table's time column. */
  readonly times?: { readonly train: ArrayLike<unknown>; readonly test: ArrayLike<unknown> } | undefined;
  /** How columns are made comparable when neighbors are sought. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** Draws the rows that the estimate looks at where there are many. Default 0. */
  readonly seed?: number | undefined;
}

/** What the estimate saw of one class. */
export interface ClassTrace {
  readonly label: Label;
  /** Test rows that were looked at, and those of them on a line with two training rows or with one and its neighbor, as no chance explains. */
  readonly asked: number;
  readonly onLines: number;
  /** Share of the test rows of the class that equal a training row, and whether all its rows, on both sides, are there about as often. */
  readonly repeated: number;
  readonly evenly: boolean;
}

export interface LeakReport {
  /** Whether rows were resampled before the split, or groups or times overlap. Equal rows that were there before are told, and no leak by themselves; what fitted statistics give away is not seen. */
  readonly leak: boolean;
  /** Whether rows were made or copied before they were divided. */
  readonly resampledBefore: {
    readonly verdict: "yes" | "no" | "cannot tell";
    readonly by: "provenance" | "estimate";
    /** By provenance: test rows that share an input row with a training row: parent, child, sibling or copy. Estimated: test rows found on lines or, in classes that were copied, repeated. */
    readonly testRows: number;
    /** By provenance: those of them that are synthetic. */
    readonly synthetic: number | null;
    /** What the estimate saw; empty by provenance. */
    readonly classes: readonly ClassTrace[];
  };
  /** Test rows whose features equal those of a training row. */
  readonly duplicates: {
    readonly testRows: number;
    readonly share: number;
    /** Those whose equal in training has another label. */
    readonly otherLabel: number;
    /** Those that were alike before anything was copied: all, unless provenance or the pattern of a class says that a method made them. */
    readonly before: number;
  };
  readonly groups: { readonly shared: number; readonly testRows: number } | null;
  /** Test rows that are earlier than some training row. */
  readonly time: { readonly testRows: number } | null;
  /** Test rows that a method made, if a method returned the test part. */
  readonly madeTestRows: number;
  readonly summary: readonly string[];
}

/** Neighbors among which lines are sought. */
const NEIGHBORS = 32;
/** Test rows that the estimate looks at, in all. */
const MOST_ASKED = 4000;
/** A class of which fewer test rows, or a smaller share of them, equal training rows was not grown by copies, or by too few to tell. */
const [FEWEST_REPEATED, LEAST_REPEATED] = [5, 0.2];
/** How many times the share, and the odds, of the class that shows least of it. */
const [TIMES_CONTROL, ODDS_CONTROL] = [4, 8];
/** Rows on lines that are no accident, and their least share: correlated and rounded columns put one row in fifty on one. */
const [FEWEST_ON_LINES, LEAST_ON_LINES] = [2, 0.04];

/**
 * Tells whether the test rows know something of the training rows that rows to come will not: rows made or copied before the split, equal rows, shared groups, training rows from the
 * future.
 *
 * By `provenance`, every row of the input that both sides come from counts, however many parents a row has. Without it there is an estimate. Rows between two others are on a line with them, to the last digits
 * kept; of rows that were measured that is said to be chance only above one in a million. Copies make nearly every row of a class repeat about as often, which equal measurements do not. Both are compared with the
 * class that shows least of it, because columns that are functions of each other put all rows on lines. So the estimate sees methods that interpolate (SMOTE and its kin) and that copy; not noise (ROSE, KDE, geometric
 * SMOTE), votes of nominal columns alone, or methods that grow every class.
 *
 * Source: the estimate is ours; that rows between two others give themselves away is from Ganev et al., SMOTE and mirrors, 2025.
 *
 * @throws {InputError} when the parts do not have the same columns, or provenance, groups or times do not fit them.
 */
export async function leakReport(train: Data, test: Data, options: LeakOptions = {}, run?: Run): Promise<LeakReport> {
  checkOptions("leakReport", options, ["provenance", "groups", "times", "scale", "seed"]);
  checkRun("leakReport", run);
  checkThreads(run);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  const both = bothOf(train, test, "Test rows", "all");
  const provenance = options.provenance && checkProvenance(options.provenance, both);
  const groups = sharedGroups(sides("group", options.groups, train, test));
  const time = earlier(sides("time", options.times, train, test));
  const { data, n } = both;
  const equals = copiesOf(both);
  const { of } = equals;
  const asked = provenance ? 0 : Math.min(MOST_ASKED, data.n - n);
  const total = nearestWork(both, asked, n) + asked * tripleWork(NEIGHBORS, true);
  const work = startWork(run, total);
  const traces = provenance ? [] : await withDesk(both, { scale: options.scale, seed }, work, (desk) => lines(desk, of));
  await work.step(total);
  const { isCopy, lined, classes, ...resampledBefore } = provenance
    ? byProvenance(provenance, both, equals)
    : estimated(both, equals, traces);
  const equal = Array.from(of.keys()).filter((t) => of[t]! >= 0);
  const made = markOf(test)?.origins.kind.reduce((sum, kind) => sum + kind, 0) ?? 0;
  const report = {
    resampledBefore: { ...resampledBefore, classes },
    duplicates: {
      testRows: equal.length,
      share: equal.length / of.length,
      otherLabel: equal.filter((t) => data.labels[of[t]!] !== data.labels[n + t]).length,
      before: equal.filter((t) => !isCopy(t)).length,
    },
    groups,
    time,
    madeTestRows: made,
  };
  const leak = resampledBefore.testRows > 0 || (groups?.testRows ?? 0) > 0 || (time?.testRows ?? 0) > 0;
  return { leak, ...report, summary: sentences(report, of.length, lined) };
}

type Equals = ReturnType<typeof copiesOf>;

/** What is said of resampling, and what the rest of the report has to know. */
type Found = LeakReport["resampledBefore"] & {
  /** Whether a test row that equals a training row was made equal. */
  readonly isCopy: (t: number) => boolean;
  /** Labels of the classes that lie on lines. */
  readonly lined: readonly Label[];
};

function byProvenance(provenance: Provenance, { n }: Both, { firsts }: Equals): Found {
  const { rows, synthetic, copies } = shared(provenance, firsts, n);
  return {
    verdict: rows ? "yes" : "no",
    by: "provenance",
    testRows: rows,
    synthetic,
    classes: [],
    isCopy: (t) => copies.has(t),
    lined: [],
  };
}

function estimated({ data, n }: Both, { of, firsts }: Equals, traces: readonly Trace[]): Found {
  const { classes: labels } = data.schema;
  const [rows, repeated] = [labels.map(() => 0), labels.map(() => 0)];
  of.forEach((first, t) => {
    rows[data.labels[n + t]!]!++;
    if (first >= 0) repeated[data.labels[n + t]!]!++;
  });
  const even = evenRepeats(data, firsts);
  const classes = labels.map((label, code): ClassTrace => ({
    label,
    asked: traces[code]!.asked,
    onLines: traces[code]!.onLines,
    repeated: rows[code] ? repeated[code]! / rows[code]! : 0,
    evenly: even[code]!,
  }));
  const lined = linedClasses(classes);
  // where another class is as large, a class may have been grown
  const sizes = countsOf(data);
  const mayBeCopied = classes.map(
    (trace, code) =>
      repeated[code]! >= FEWEST_REPEATED &&
      trace.repeated >= LEAST_REPEATED &&
      sizes.some((size, other) => other !== code && size >= sizes[code]!),
  );
  const copied = classes.map(({ repeated: share, evenly }, code) => {
    const others = classes.filter((_, other) => other !== code && sizes[other]! >= sizes[code]!);
    return mayBeCopied[code]! && evenly && others.some((other) => odds(share) >= ODDS_CONTROL * odds(other.repeated));
  });
  const testRows = classes.reduce((sum, { onLines }, code) => sum + (lined[code] ? onLines : 0) + (copied[code] ? repeated[code]! : 0), 0);
  const tellable = !mayBeCopied.includes(true) && traces.some((trace) => trace.tellable > 0);
  return {
    verdict: testRows > 0 ? "yes" : tellable ? "no" : "cannot tell",
    by: "estimate",
    testRows,
    synthetic: null,
    classes,
    isCopy: (t) => copied[data.labels[n + t]!]!,
    lined: labels.filter((_, code) => lined[code]),
  };
}

function odds(share: number): number {
  return share / (1 - share);
}

type Provenance = NonNullable<LeakOptions["provenance"]>;

function checkProvenance(given: Provenance, { data, n }: Both): Provenance {
  checkOptions("provenance", given, ["origins", "trainRows", "testRows", "generator"]);
  const { origins } = given;
  if (typeof origins?.parents !== "function")
    throw new InputError("OPTION", `origins is ${show(origins)}, but needs the field of what resample returned.`);
  for (const [name, length] of [
    ["trainRows", n],
    ["testRows", data.n - n],
  ] as const) {
    const rows: unknown = given[name];
    const fits = typeof rows === "object" && rows !== null && (rows as ArrayLike<unknown>).length === length;
    if (
      fits &&
      Array.prototype.every.call(
        rows,
        (row: unknown) => Number.isInteger(row) && (row as number) >= 0 && (row as number) < origins.kind.length,
      )
    )
      continue;
    throw new InputError(
      "OPTION",
      `${name} is ${show(rows)}, but needs ${length} row numbers of the resampled data set, one for each row of that part.`,
    );
  }
  return given;
}

/** What test rows have in common with training rows, by the rows of the input that each is, or was made of. */
function shared(
  { origins, trainRows, testRows, generator }: Provenance,
  firsts: Uint32Array,
  n: number,
): { rows: number; synthetic: number; copies: ReadonlySet<number> } {
  const voters = generator === undefined ? undefined : votersOf(generator);
  const sources = (i: number): number[] => [
    ...(origins.kind[i] ? [...origins.parents(i), ...(voters?.get(origins.base[i]!) ?? [])] : []),
    origins.base[i]!,
  ];
  const inTrain = new Set<number>();
  const ofEqual = new Map<number, Set<number>>();
  for (let t = 0; t < n; t++) {
    const own = ofEqual.get(firsts[t]!) ?? new Set<number>();
    for (const row of sources(trainRows[t]!)) {
      inTrain.add(row);
      own.add(row);
    }
    ofEqual.set(firsts[t]!, own);
  }
  let [rows, synthetic] = [0, 0];
  const copies = new Set<number>();
  for (let t = 0; t < testRows.length; t++) {
    const own = sources(testRows[t]!);
    if (own.some((row) => ofEqual.get(firsts[n + t]!)?.has(row))) copies.add(t);
    if (!own.some((row) => inTrain.has(row))) continue;
    rows++;
    synthetic += origins.kind[testRows[t]!]!;
  }
  return { rows, synthetic, copies };
}

interface Trace {
  readonly asked: number;
  readonly onLines: number;
  /** Rows of which a line could be told from chance. */
  readonly tellable: number;
}

/** Of each class, test rows on a line with training rows of their class. A row that equals a training row is on the lines of that one, whatever came first, and is not asked. */
async function lines(desk: Desk, of: Int32Array): Promise<Trace[]> {
  const { both } = desk;
  const { data } = both;
  const most = Math.ceil(MOST_ASKED / data.schema.classes.length);
  const traces: Trace[] = [];
  for (const code of data.schema.classes.keys()) {
    const { first, second } = rowsOfClass(both, code);
    const asked = desk.some(
      second.filter((row) => of[row - both.n]! < 0),
      most,
    );
    const near = await desk.nearest(asked, first, NEIGHBORS);
    // the rows at the ends may have been rounded too
    const roundings = roundingsOf(data, concatenated(first, asked)).map((rounding) => 2 * rounding);
    const triples = near.k > 1 ? await triplesOf(desk, roundings, asked, near, true) : [];
    const onLines = triples.filter((triple) => triple).length;
    const tellable = triples.filter((_, t) =>
      canTell(data, roundings, asked[t]!, near.indices.subarray(t * near.k, (t + 1) * near.k)),
    ).length;
    traces.push({ asked: asked.length, onLines, tellable });
  }
  return traces;
}

/** Classes that lie on lines as no other does: where all do, columns are functions of each other. */
function linedClasses(classes: readonly ClassTrace[]): boolean[] {
  const shares = classes.map(({ onLines, asked }) => (asked ? onLines / asked : 0));
  const seen = shares.filter((_, code) => classes[code]!.asked > 0);
  const control = seen.length > 1 ? Math.min(...seen) : 0;
  return shares.map(
    (share, code) => classes[code]!.onLines >= FEWEST_ON_LINES && share >= Math.max(LEAST_ON_LINES, TIMES_CONTROL * control),
  );
}

type Sides = readonly [train: Order, test: Order];

/** Groups or times of both parts: those given, else those of the tables' columns; null where a part has none. */
function sides(role: "group" | "time", given: LeakOptions["groups"], train: Data, test: Data): Sides | null {
  if (given !== undefined) checkOptions(`${role}s`, given, ["train", "test"]);
  const [own, other] = [
    orderOf(read(train), role, { [`${role}s`]: given?.train }),
    orderOf(read(test), role, { [`${role}s`]: given?.test }),
  ];
  return own && other ? [own, other] : null;
}

function sharedGroups(groups: Sides | null): LeakReport["groups"] {
  if (!groups) return null;
  const [trained, tested] = groups.map(({ cells }) => Array.from(cells, (cell) => (cell instanceof Date ? cell.getTime() : cell))) as [
    unknown[],
    unknown[],
  ];
  const known = new Set(trained);
  const both = tested.filter((group) => known.has(group));
  return { shared: new Set(both).size, testRows: both.length };
}

function earlier(times: Sides | null): LeakReport["time"] {
  if (!times) return null;
  const [trained, tested] = times.map((side) => byTime(side).times) as [number[], number[]];
  const latest = trained.reduce((last, time) => (time > last ? time : last));
  return { testRows: tested.filter((time) => time < latest).length };
}

function sentences(
  { resampledBefore: { verdict, by, testRows, synthetic }, duplicates, groups, time, madeTestRows }: Omit<LeakReport, "leak" | "summary">,
  m: number,
  lined: readonly Label[],
): string[] {
  const said: string[] = [];
  const share = percent(testRows / m);
  if (by === "provenance") {
    said.push(
      testRows
        ? `Rows were resampled before they were divided: ${plural(testRows, "test row")} (${share}), ${synthetic} of them synthetic, share an input row with a training row; divide first, then resample the training rows only.`
        : "By their origins, no test row shares an input row with a training row.",
    );
  } else if (verdict === "yes") {
    const how = lined.length
      ? `test rows of class ${lined.map(show).join(", ")} lie on lines with training rows as only interpolated rows do`
      : "rows of a class are repeated as only copying does";
    said.push(
      `It looks as if rows were resampled before they were divided: ${how} (${plural(testRows, "test row")}, ${share}); divide first, then resample the training rows only.`,
    );
  } else if (verdict === "no") {
    said.push(
      "Nothing looks as if rows had been interpolated or copied before they were divided; noise, votes and means would not show, so pass provenance where there is any.",
    );
  } else {
    said.push(
      "Whether rows were resampled before they were divided cannot be told from these columns, which hold too few different numbers; pass provenance.",
    );
  }
  if (madeTestRows) said.push(`${plural(madeTestRows, "test row")} were made by a method: scores on them say little of real rows.`);
  if (duplicates.testRows) {
    said.push(
      `${plural(duplicates.testRows, "test row")} (${percent(duplicates.share)}) equal a training row in every feature, ${duplicates.before} of them as rows that were measured may, ${duplicates.otherLabel} with another label.`,
    );
  }
  if (groups)
    said.push(
      groups.testRows
        ? `${plural(groups.shared, "group")} are on both sides, with ${plural(groups.testRows, "test row")}; keep groups together.`
        : "No group is on both sides.",
    );
  if (time)
    said.push(
      time.testRows
        ? `${plural(time.testRows, "test row")} are earlier than a training row: the model knows their future.`
        : "All test rows are as late as the last training row, or later.",
    );
  said.push(
    "Only rows were looked at: means, scales, imputed values, chosen columns or thresholds that were learned from test rows leak too, and leave no trace here.",
  );
  return said;
}
