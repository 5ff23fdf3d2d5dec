import { advise, type Advice, type AdviceMetric, type AdviceRow } from "../bindings/index";
import { LEARNER_WORDS, numberOf, TABLE_WORDS, tableOptions, threadsOf, UsageError, type Words } from "./arguments";
import { learnersOf, methodsOf } from "./candidates";
import { METHOD_FLAGS } from "./catalogue";
import { painter, type Bar } from "./progress";
import { inFlags } from "./sentence";
import { openSource } from "./source";
import { aligned } from "./summary";
import { openTable, type Table } from "./tables";
import { numberIn, validationOf } from "./tune";

export const ADVISE_WORDS: readonly string[] = [
  ...TABLE_WORDS,
  ...["method", "chain", "strategy", "seed", "draws", "threads", "folds", "grid", "margin", "time-budget", "bias-correction", "json"],
  ...METHOD_FLAGS.map(({ flag }) => flag),
  ...LEARNER_WORDS.filter((word) => word !== "choose-threshold" && word !== "positive"),
];

const COLUMNS: readonly (readonly [AdviceMetric, string])[] = [
  ["averagePrecision", "average precision"],
  ["logLoss", "log loss"],
  ["balancedAccuracy", "balanced accuracy"],
];

/** counterpoise advise: whether to add rows at all; returns what to print. */
export async function adviseOn(words: Words, input: string, signal: AbortSignal, bar: Bar): Promise<{ stdout: string; stderr: string }> {
  const [[, learner], ...more] = learnersOf(words) as [[string, Parameters<typeof advise>[1]["learner"]]];
  if (more.length) throw new UsageError("advise takes one --learner; evaluate compares several.");
  const candidates = Object.fromEntries(methodsOf(words));
  const source = await openSource(input);
  const opened = await openTable(source, words);
  const data = await opened.readAll(tableOptions(words, opened.names), bar.show);
  let fits = 0;
  const advice = await advise(
    data,
    {
      learner,
      candidates,
      biasCorrection: words["bias-correction"],
      metric: words.metric as AdviceMetric | undefined,
      grid: words.grid?.split(",").map((text) => numberOf("grid", text)),
      validation: validationOf(words),
      margin: words.margin === undefined ? undefined : numberOf("margin", words.margin),
      timeBudget: words["time-budget"] === undefined ? undefined : 1000 * numberOf("time-budget", words["time-budget"]),
      onPlan: (plan) => (fits = plan.fits),
      seed: numberIn(words, "seed"),
    },
    { signal, threads: threadsOf(words.threads, "auto"), onProgress: ({ done, total }) => bar.show(`${fits} fits`, done, total) },
  );
  bar.clear();
  return {
    stdout: words.json ? adviceJson(source.name, data, advice) : adviceSummary(source.name, data, advice, process.stdout),
    stderr: "",
  };
}

/** For people: every way, three columns, verdicts. */
function adviceSummary(input: string, data: Table, advice: Advice, stream: NodeJS.WriteStream): string {
  const paint = painter(stream);
  const { rows, metric, recommendation, divisions, fits, summary } = advice;
  const notes = [
    ...data.notes,
    ...advice.notes,
    ...rows.flatMap(({ name, failures }) =>
      failures.map(({ sentence, divisions: n }) => `${name} failed in ${n} of ${divisions.length} parts: ${sentence}`),
    ),
  ];
  return `${[
    paint("bold", `${input}: target ${data.target}, ${divisions.length} validation parts, ${fits} fits`),
    "",
    ...aligned([
      ["", ...COLUMNS.map(([own, title]) => (own === metric ? `${title} *` : title)), "size", ""],
      ...rows.map((row) => [
        row.name,
        ...COLUMNS.map(([own]) => cellOf(row, own)),
        sizeOf(row),
        [row.against?.[metric].verdict, row.name === recommendation ? "◀ use this" : ""].filter(Boolean).join(" "),
      ]),
    ]),
    "",
    paint("dim", `* decides. Log loss is lower for better probabilities, the others are higher.`),
    summary,
    ...(notes.length ? ["", ...notes.map((note) => `${paint("yellow", "note:")} ${inFlags(note)}`)] : []),
  ].join("\n")}\n`;
}

function cellOf({ means }: AdviceRow, metric: AdviceMetric): string {
  return means[metric] === null ? "–" : means[metric].toFixed(4);
}

/** The multiples that the parts chose. */
function sizeOf({ gammas }: AdviceRow): string {
  if (gammas.length === 0) return "";
  const [low, high] = [Math.min(...gammas), Math.max(...gammas)];
  return low === high ? String(low) : `${low} to ${high}`;
}

/** The same for programs. */
function adviceJson(input: string, data: Table, { divisions, notes, ...plain }: Advice): string {
  const told = {
    input,
    target: data.target,
    ...plain,
    divisions: divisions.map(({ repeat, fold, train, test }) => ({ repeat, fold, train: train.length, test: test.length })),
    notes: [...data.notes, ...notes],
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}
