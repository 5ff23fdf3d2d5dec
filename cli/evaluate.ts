import {
  compareScores,
  crossValidate,
  type Candidate,
  type ComparedCandidate,
  type CrossValidation,
  type Label,
  type Learner,
  type MetricName,
  type Resampler,
  type ThresholdMetric,
} from "../bindings/index";
import { scoreInterval, type CorrectedMean } from "../bindings/evaluate/compare";
import { LEARNER_WORDS, numberOf, tableOptions, TABLE_WORDS, threadsOf, UsageError, type Words } from "./arguments";
import { kebab, METHOD_FLAGS } from "./catalogue";
import { LEARNERS, LEARNER_FLAGS } from "./learners";
import { methodOf, stepsOf, valueOf } from "./methods";
import { ON_TOO_FEW } from "./offered";
import { painter, type Bar } from "./progress";
import { inFlags } from "./sentence";
import { openSource } from "./source";
import { aligned } from "./summary";
import { openTable, type Table } from "./tables";

export const EVALUATE_WORDS: readonly string[] = [
  ...TABLE_WORDS,
  ...["method", "chain", "strategy", "seed", "draws", "threads", "folds", "json"],
  ...METHOD_FLAGS.map(({ flag }) => flag),
  ...LEARNER_WORDS,
];

const LEVEL = 0.95;
/** What the candidates without a method are called. */
const UNTOUCHED = "untouched";

/** counterpoise evaluate: the candidates on the same folds; returns what to print. */
export async function evaluate(words: Words, input: string, signal: AbortSignal, bar: Bar): Promise<{ stdout: string; stderr: string }> {
  const candidates = candidatesOf(words);
  const source = await openSource(input);
  const opened = await openTable(source, words);
  const data = await opened.readAll(tableOptions(words, opened.names), bar.show);
  const number = (option: "folds" | "repeats" | "seed"): number | undefined =>
    words[option] === undefined ? undefined : numberOf(option, words[option]);
  const result = await crossValidate(
    data,
    {
      candidates,
      folds: number("folds"),
      repeats: number("repeats"),
      seed: number("seed"),
      metrics: words.metric?.split(",").map((name) => name.trim()) as MetricName[] | undefined,
      threshold: words["choose-threshold"] as ThresholdMetric | undefined,
      positive: words.positive === undefined ? undefined : labelOf(data, words.positive),
    },
    { signal, threads: threadsOf(words.threads, "auto"), onProgress: ({ done, total }) => bar.show("judging", done, total) },
  );
  bar.clear();
  const facts: Facts = { input: source.name, data, result, comparisons: comparisonsOf(result) };
  return { stdout: words.json ? evaluationJson(facts) : evaluationSummary(facts, process.stdout), stderr: "" };
}

/** Every learner on the table as it is and after every method. */
function candidatesOf(words: Words): Record<string, Candidate> {
  const learners = learnersOf(words);
  const methods: [string, Resampler | undefined][] = [[UNTOUCHED, undefined], ...methodsOf(words)];
  const pairs = learners.flatMap(([learnerName, learner]) =>
    methods.map(([name, resampler]): [string, Candidate] => [
      learners.length > 1 ? `${name} ${learnerName}` : name,
      { learner, resampler },
    ]),
  );
  return Object.fromEntries(pairs);
}

function learnersOf(words: Words): [string, Learner][] {
  const asked = (words.learner ?? "logistic").split(",").map((name) => {
    const offered = LEARNERS.find((own) => own.name.toLowerCase() === name.trim().toLowerCase());
    if (offered) return offered;
    throw new UsageError(`--learner is "${name}", but needs one of ${LEARNERS.map((own) => own.name.toLowerCase()).join(", ")}.`);
  });
  const foreign = LEARNER_FLAGS.find((flag) => words[flag.flag] !== undefined && !asked.some(({ flags }) => flags.includes(flag)));
  if (foreign) {
    const whose = LEARNERS.filter(({ flags }) => flags.includes(foreign)).map(({ name }) => name.toLowerCase());
    throw new UsageError(`--${foreign.flag} belongs to --learner ${whose.join(" or ")}, which is not asked for; leave it out.`);
  }
  return asked.map(({ name, make, flags }) => [
    name.toLowerCase(),
    make(Object.fromEntries(flags.map((flag) => [flag.option, valueOf(flag, words)])) as Readonly<Record<string, never>>),
  ]);
}

/** Each method asked for, or the one chain, with the options that are its own. */
function methodsOf(words: Words): [string, Resampler][] {
  // the folds are those of the evaluation
  const { folds: _, ...own } = words;
  if (words.chain !== undefined) return [[words.chain, methodOf(reducing(own)).method]];
  const names = (words.method ?? "smote").split(",").map((name) => name.trim());
  const steps = names.map((method) => stepsOf({ method })[0]!);
  return names.map((method, at) => {
    const others = steps.filter((step) => step !== steps[at]).flatMap(({ flags }) => flags.map(({ flag }) => flag));
    const left = Object.entries(own).filter(([word]) => !(others.includes(word) && !steps[at]!.flags.some(({ flag }) => flag === word)));
    return [kebab(steps[at]!.name), methodOf(reducing({ ...Object.fromEntries(left), method })).method];
  });
}

/** Parts of a table may have too few rows where the whole has enough: neighbors are then fewer, unless told otherwise. */
function reducing(words: Words): Words {
  return words[ON_TOO_FEW.flag] === undefined && stepsOf(words).some(({ flags }) => flags.includes(ON_TOO_FEW))
    ? { ...words, [ON_TOO_FEW.flag]: "reduce" }
    : words;
}

/** The label that is written so. */
function labelOf(data: Table, text: string): Label {
  const cells: ArrayLike<unknown> = data.columns ? data.columns[data.target]! : data.rows.map((row) => row[data.target]);
  const found = Array.from(cells).find((cell) => String(cell) === text);
  return (found ?? text) as Label;
}

interface Facts {
  readonly input: string;
  readonly data: Table;
  readonly result: CrossValidation;
  /** Of each metric, every candidate less the first. */
  readonly comparisons: ReadonlyMap<string, readonly ComparedCandidate[]>;
}

function comparisonsOf(result: CrossValidation): Facts["comparisons"] {
  return new Map(result.metrics.map((metric) => [metric, compareScores(result, { metric, level: LEVEL }).candidates]));
}

/** For people: metrics by candidates, differences of the first metric, and what there is to know. */
function evaluationSummary({ input, data, result, comparisons }: Facts, stream: NodeJS.WriteStream): string {
  const paint = painter(stream);
  const { metrics, candidates, folds, labels, positive } = result;
  const repeats = new Set(folds.map(({ repeat }) => repeat)).size;
  const rows = candidates[0]!.tested.length;
  const first = comparisons.get(metrics[0]!)!;
  const notes = [...data.notes, ...result.notes, ...sharedNotes(candidates)];
  const lines = [
    paint(
      "bold",
      `${input}: ${rows} rows, target ${data.target}, ${labels.length} classes${positive === null ? "" : `, looking for ${String(positive)}`}`,
    ),
    `${folds.length / repeats} folds${repeats > 1 ? `, ${repeats} times` : ""}; mean ± half of its ${100 * LEVEL} % interval`,
    "",
    ...aligned([
      ["", ...candidates.map(({ name }) => name)],
      ...metrics.map((metric) => [metric, ...candidates.map((row) => meanText(scoreInterval(row, metric, folds, LEVEL)))]),
    ]),
    "",
    ...first.map((row) => `${row.name} less ${candidates[0]!.name}, ${metrics[0]}: ${differenceText(row)}`),
    ...(notes.length ? ["", ...notes.map((note) => `${paint("yellow", "note:")} ${inFlags(note)}`)] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** Notes of candidates, each once, with the names of those that it is about unless it is about all. */
function sharedNotes(candidates: CrossValidation["candidates"]): string[] {
  const whose = new Map<string, string[]>();
  for (const { name, notes } of candidates) for (const note of notes) whose.set(note, [...(whose.get(note) ?? []), name]);
  return [...whose].map(([note, names]) => (names.length === candidates.length ? note : `${names.join(", ")}: ${note}`));
}

function meanText({ mean, low, high }: CorrectedMean): string {
  if (mean === null) return "failed";
  return low === null ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${((high! - low) / 2).toFixed(4)}`;
}

function differenceText({ mean, low, high, adjusted }: ComparedCandidate): string {
  if (mean === null || low === null) return "no two folds to compare";
  const signed = (value: number): string => `${value < 0 ? "" : "+"}${value.toFixed(4)}`;
  return `${signed(mean)} (${signed(low)} to ${signed(high!)}), p = ${adjusted! < 0.0001 ? "below 0.0001" : adjusted!.toFixed(4)}`;
}

/** The same for programs. */
function evaluationJson({ input, data, result, comparisons }: Facts): string {
  const { folds, candidates, ...rest } = result;
  const told = {
    input,
    target: data.target,
    rows: candidates[0]!.tested.length,
    ...rest,
    level: LEVEL,
    folds: folds.map(({ repeat, fold, train, test }) => ({ repeat, fold, train: train.length, test: test.length })),
    candidates: candidates.map((row) => {
      const intervals = rest.metrics.map((metric) => {
        const { low, high } = scoreInterval(row, metric, folds, LEVEL);
        return [metric, [low, high]];
      });
      // a number for each row and class is not what one prints
      return { ...row, probabilities: undefined, tested: undefined, intervals: Object.fromEntries(intervals) };
    }),
    differences: Object.fromEntries(comparisons),
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}
