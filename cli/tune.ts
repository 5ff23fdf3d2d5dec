import { tuneSyntheticSize, type Baseline, type CurvePoint, type Oversampler, type SizeRule, type TunedSize } from "../bindings/index";
import { LEARNER_WORDS, numberOf, TABLE_WORDS, tableOptions, threadsOf, UsageError, type Words } from "./arguments";
import { learnersOf, methodsOf } from "./candidates";
import { METHOD_FLAGS } from "./catalogue";
import { painter, type Bar } from "./progress";
import { inFlags } from "./sentence";
import { openSource } from "./source";
import { aligned } from "./summary";
import { openTable, type Table } from "./tables";

export const TUNE_WORDS: readonly string[] = [
  ...TABLE_WORDS,
  ...["method", "strategy", "seed", "draws", "threads", "folds", "grid", "rule", "per-class", "guided", "bias-correction", "json"],
  ...METHOD_FLAGS.map(({ flag }) => flag),
  ...LEARNER_WORDS.filter((word) => word !== "metric" && word !== "choose-threshold" && word !== "positive"),
];

const RULES: Readonly<Record<string, SizeRule>> = {
  argmin: "argmin",
  "one-se-balance": { oneSE: "balance" },
  "one-se-zero": { oneSE: "zero" },
  "one-se-smallest": { oneSE: "smallest" },
};

/** counterpoise tune: how many rows to add; returns what to print. */
export async function tune(words: Words, input: string, signal: AbortSignal, bar: Bar): Promise<{ stdout: string; stderr: string }> {
  const [[, learner], ...moreLearners] = learnersOf(words) as [[string, TunedWith["learner"]]];
  const [[, method], ...moreMethods] = methodsOf(words) as [[string, Oversampler]];
  if (moreLearners.length || moreMethods.length)
    throw new UsageError("tune takes one --method and one --learner; advise compares several.");
  const rule = RULES[words.rule ?? "argmin"];
  if (!rule) throw new UsageError(`--rule is "${words.rule}", but needs one of ${Object.keys(RULES).join(", ")}.`);
  const grid = words.grid?.split(",").map((text) => numberOf("grid", text));
  const source = await openSource(input);
  const opened = await openTable(source, words);
  const data = await opened.readAll(tableOptions(words, opened.names), bar.show);
  const tuned = await tuneSyntheticSize(
    data,
    {
      oversampler: method,
      learner,
      grid,
      rule,
      perClass: words["per-class"],
      guided: words.guided,
      biasCorrection: words["bias-correction"],
      validation: validationOf(words),
      seed: numberIn(words, "seed"),
    },
    { signal, threads: threadsOf(words.threads, "auto"), onProgress: ({ done, total }) => bar.show("tuning", done, total) },
  );
  bar.clear();
  const facts: Facts = { input: source.name, data, tuned, with: { learner, method } };
  return { stdout: words.json ? tunedJson(facts) : tunedSummary(facts, process.stdout), stderr: "" };
}

type TunedWith = { readonly learner: Parameters<typeof tuneSyntheticSize>[1]["learner"]; readonly method: Oversampler };

interface Facts {
  readonly input: string;
  readonly data: Table;
  readonly tuned: TunedSize;
  readonly with: TunedWith;
}

export function numberIn(words: Words, option: "folds" | "repeats" | "seed"): number | undefined {
  return words[option] === undefined ? undefined : numberOf(option, words[option]);
}

/** Only what was told, so that the library's defaults are those of the command line. */
export function validationOf(words: Words): { folds?: number; repeats?: number } {
  const [folds, repeats] = [numberIn(words, "folds"), numberIn(words, "repeats")];
  return { ...(folds !== undefined && { folds }), ...(repeats !== undefined && { repeats }) };
}

/** For people: the answer, the curve, what needs no rows, and what there is to know. */
function tunedSummary({ input, data, tuned, with: { learner, method } }: Facts, stream: NodeJS.WriteStream): string {
  const paint = painter(stream);
  const { gamma, curve, baselines, summary, counts } = tuned;
  const notes = [...data.notes, ...tuned.notes];
  const splits = curve[0]!.perSplit.length;
  const added = [...counts].filter(([, rows]) => rows > 0).map(([label, rows]) => `${String(label)} +${rows}`);
  return `${[
    paint("bold", `${input}: ${method.name} and ${learner.name}, target ${data.target}`),
    `size ${gamma}${added.length ? `: ${added.join(", ")}` : ""}`,
    "",
    ...curveLines(curve, tuned.range, gamma),
    "",
    paint(
      "dim",
      `● balanced log loss on ${splits} validation parts, ─ its standard error, ○ at equal priors; the range within one standard error is marked │`,
    ),
    "",
    ...aligned([
      ["on the same parts", "balanced log loss", "balanced accuracy"],
      ...baselines.map((row) => [nameOf(row), meanOf(row.balancedLogLoss, row), meanOf(row.balancedAccuracy, row)]),
    ]),
    "",
    ...correctionLines(tuned),
    ...diagnosisLines(tuned),
    summary,
    ...(notes.length ? ["", ...notes.map((note) => `${paint("yellow", "note:")} ${inFlags(note)}`)] : []),
  ].join("\n")}\n`;
}

/** What taking bias away came to. */
function correctionLines({ correction }: TunedSize): string[] {
  if (!correction) return [];
  return [
    ...aligned([
      ["bias taken away", "size", "balanced log loss"],
      ...correction.curve.map(({ lambda, gamma, mean, se }) => [String(lambda), String(gamma), `${mean.toFixed(4)} ± ${se.toFixed(4)}`]),
    ]),
    "",
  ];
}

/** What a diagnosis says, in a line or two. */
function diagnosisLines({ diagnosis }: TunedSize): string[] {
  if (!diagnosis || diagnosis.skipped !== undefined) return [];
  const { regime, generator, pValue, gqsDebiased, theoryGamma } = diagnosis;
  const quality = gqsDebiased === null ? "" : `, quality score ${gqsDebiased.toFixed(2)}`;
  return [
    `diagnosis: ${regime} (p = ${pValue.toPrecision(2)}), generator ${generator}${quality}${theoryGamma === null ? "" : `, theory aims at size ${theoryGamma.toFixed(2)}`}`,
    "",
  ];
}

function nameOf({ name, power }: Baseline): string {
  return power === undefined ? name : `${name} (power ${power})`;
}

function meanOf(estimate: Baseline["balancedLogLoss"], { failed }: Baseline): string {
  if (failed) return "takes none";
  return estimate ? `${estimate.mean.toFixed(4)} ± ${estimate.se.toFixed(4)}` : "–";
}

const WIDTH = 48;

/** One line for each size: the loss as a place between the lowest and the highest. */
function curveLines(curve: readonly CurvePoint[], [low, high]: readonly [number, number], chosen: number): string[] {
  const all = curve.flatMap(({ mean, se, adjusted }) => [mean - (se || 0), mean + (se || 0), adjusted]);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const place = (value: number): number => (most > least ? Math.round(((value - least) / (most - least)) * (WIDTH - 1)) : 0);
  return aligned([
    ["size", "loss", "", `${least.toFixed(3)}${" ".repeat(Math.max(1, WIDTH - 10))}${most.toFixed(3)}`, ""],
    ...curve.map(({ gamma, mean, se, adjusted }) => {
      const cells = new Array<string>(WIDTH).fill(" ");
      for (let at = place(mean - (se || 0)); at <= place(mean + (se || 0)); at++) cells[at] = "─";
      cells[place(adjusted)] = "○";
      cells[place(mean)] = "●";
      return [String(gamma), mean.toFixed(4), gamma >= low && gamma <= high ? "│" : "", cells.join(""), gamma === chosen ? "◀ chosen" : ""];
    }),
  ]);
}

/** The same for programs. */
function tunedJson({ input, data, tuned, with: { learner, method } }: Facts): string {
  const { gammas, counts, oversampler: _, fit: _fit, resample: _resample, ...plain } = tuned;
  return `${JSON.stringify(
    {
      input,
      target: data.target,
      method: { name: method.name, options: method.options },
      learner: { name: learner.name, options: learner.options },
      ...plain,
      gammas: Object.fromEntries([...gammas].map(([label, value]) => [String(label), value])),
      counts: Object.fromEntries([...counts].map(([label, value]) => [String(label), value])),
      notes: [...data.notes, ...plain.notes],
    },
    null,
    2,
  )}\n`;
}
