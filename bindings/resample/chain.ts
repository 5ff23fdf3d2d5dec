import { checkOneOf, checkOptions, isRecord, show } from "../check";
import type { Data, Label, Origins, Resampled, Resampler, ResampleRun } from "../contracts";
import { allRows, countsOf, type Dataset } from "../data/dataset";
import { marked } from "../data/marks";
import { read } from "../data/read";
import { InputError } from "../errors";
import { checkThreads } from "../run/job";
import { checkRun, partOf, RESAMPLE_OPTIONS } from "../run/work";
import { classCounts, composed, lineageOf } from "./lineage";
import { ranksOf } from "./strategy";
import { checkAll, protectedRows } from "./undersample";

export interface ChainOptions {
  /**
   * `"grown"` (default): of a class that a step made larger, rows of the input stay, whatever later steps would remove: they are what the class was grown from. `"none"`: later steps
   * may remove any row.
   */
  readonly protect?: "grown" | "none" | undefined;
}

/**
 * Resamplers one after the other, each on what the last one returned, as one resampler. Options may stand last: `chain(smote(), tomekLinks(), { protect: "none" })`.
 *
 * The words of every step's strategy go by the classes of the input: `"auto"` of a cleaner spares the class that was the smallest before an oversampler made all
 * equal, so `chain(smote(), tomekLinks())` removes no real row of it. The sizes that a step gives to classes are relative to the rows it finds. Origins tell the rows of the input
 * behind each row, through all steps; `added` counts rows that were made, `removed` rows of the input that went. A chain has no stream of rows to ask for: what it
 * removes depends on all the rows there are.
 *
 * @throws {InputError} for anything but resamplers; when used, what its steps throw.
 */
export function chain(...steps: (Resampler | ChainOptions)[]): Resampler {
  const last: unknown = steps.at(-1);
  const options: ChainOptions = isRecord(last) && !isResampler(last) ? last : {};
  const given = options === last ? steps.slice(0, -1) : steps;
  const resamplers = given.filter(isResampler);
  if (resamplers.length === 0 || resamplers.length < given.length) {
    const stranger = given.findIndex((step) => !isResampler(step));
    const found = stranger < 0 ? "none was given" : `step ${stranger} is ${show(given[stranger])}`;
    throw new InputError("OPTION", `chain takes what smote(), tomekLinks() or other resamplers return, but ${found}.`);
  }
  checkOptions("chain", options, ["protect"]);
  const protect = checkOneOf("protect", options.protect ?? "grown", ["grown", "none"]);
  return inTurn("chain", { steps: resamplers.map(described), protect }, resamplers, protect);
}

/** Steps as one resampler. */
export function inTurn(
  name: string,
  options: Readonly<Record<string, unknown>>,
  steps: readonly Resampler[],
  protect: "grown" | "none",
): Resampler {
  const resampler: Resampler = {
    name,
    options: Object.freeze(options),
    async resample<D extends Data>(data: D, run?: ResampleRun): Promise<Resampled<D>> {
      checkRun("resample", run, RESAMPLE_OPTIONS);
      checkThreads(run);
      checkAll(name, run);
      const input = read(data);
      const { n, schema } = input;
      const spared = protectedRows(run?.protect, n);
      const ranks = ranksOf(run?.ranking, schema.classes, countsOf(input));
      const grown = new Set<Label>();
      const notes: string[] = [];
      let origins = lineageOf(allRows(n), []);
      let counts = classCounts(input, origins);
      for (const [s, step] of steps.entries()) {
        const stay = staying(input, origins, grown, spared);
        // a class that vanished is not there to be named
        const ranking = new Map([...counts].flatMap(([label, { after }], code) => (after > 0 ? [[label, ranks[code]!]] : [])));
        const result = await step.resample(data, { ...run, ranking, protect: stay, ...partOf(run, s, steps.length) });
        if (protect === "grown") for (const [label, { before, after }] of result.counts) if (after > before) grown.add(label);
        data = result.data;
        origins = composed(origins, result.origins);
        counts = classCounts(input, origins);
        notes.push(...result.notes);
      }
      return { data: marked(data, { method: name, origins }), origins, notes: [...new Set(notes)], counts };
    },
  };
  // the other functions make their steps of the options alone
  return marked(Object.freeze(resampler), name === "chain" ? { inside: steps } : {});
}

/** Numbers, in what a step returned, of the rows of the input that later steps may not remove. */
function staying({ labels, schema }: Dataset, { kind, base }: Origins, grown: ReadonlySet<Label>, spared: Uint8Array): Uint32Array {
  return allRows(base.length).filter((i) => !kind[i] && (spared[base[i]!] || grown.has(schema.classes[labels[base[i]!]!]!)));
}

function isResampler(value: unknown): value is Resampler {
  return typeof value === "object" && value !== null && typeof (value as Partial<Resampler>).resample === "function";
}

function described({ name, options }: Resampler): { name: string; options: Resampler["options"] } {
  return { name, options };
}
