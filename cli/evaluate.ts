import {
  compareScores,
  crossValidate,
  type Candidate,
  type ComparedCandidate,
  type CrossValidation,
  type Label,
  type MetricName,
  type Resampler,
  type ThresholdMetric,
} from "../bindings/index";
import { scoreInterval, type CorrectedMean } from "../bindings/evaluate/compare";
import { LEARNER_WORDS, numberOf, tableOptions, TABLE_WORDS, threadsOf, type Words } from "./arguments";
import { learnersOf, methodsOf } from "./candidates";
import { METHOD_FLAGS } from "./catalogue";
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
