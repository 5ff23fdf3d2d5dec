import type { Data, Learner, Resampler, Run } from "../contracts";
import { enveloped, unwrapped, type Envelope } from "../data/envelope";
import { read } from "../data/read";
import { describe, type Described } from "../described";
import { Lending } from "../run/lending";
import { lanes } from "../run/lanes";
import { spread } from "../run/spread";
import type { Fold } from "./folds";
import { fitsOf, trial, type Candidate, type Outcome, type Setting } from "./trial";

/** What became of a fold: an outcome, or the sentence of what was thrown. */
export type Attempt = Outcome | string;

/** One candidate, on one fold. */
type Part = Pick<Fold, "train" | "test"> & { readonly c: number };

/** A setting as plain data, and the candidates. */
type Shared = Omit<Setting, "data" | "dataset" | "memory"> & {
  readonly data: Envelope;
  readonly candidates: readonly { readonly learner: Described; readonly resampler: Described | undefined }[];
};

const memory = /* @__PURE__ */ new Lending();

/** Memory for trials on this thread: as long as there are lanes, that of the call before. */
export function memoryForTrials(): Lending {
  lanes.closed ??= () => memory.clear();
  return lanes.idle.length ? memory : new Lending();
}

/** By candidate and fold; `hear` is told of each as it comes, while others are made. */
export async function attemptAll(
  setting: Setting,
  candidates: readonly Candidate[],
  folds: readonly Fold[],
  hear: (c: number, f: number, attempt: Attempt) => void,
  run: Run | undefined,
): Promise<Attempt[][]> {
  const found: Attempt[][] = candidates.map(() => []);
  const parts = folds.flatMap(({ train, test }) => candidates.map((_, c): Part => ({ c, train, test })));
  await spread<Part, Attempt>(
    {
      name: "trials",
      shared: () => sharedOf(setting, candidates),
      parts,
      cost: costOf(setting) * parts.length,
      bytes: bytesAround(setting.data),
      here: ({ c, train, test }, _place, own) => attempt(setting, candidates[c]!, train, test, own),
      take(place, outcome) {
        const [c, f] = [place % candidates.length, Math.floor(place / candidates.length)];
        found[c]![f] = outcome;
        hear(c, f, outcome);
      },
    },
    run,
  );
  return found;
}

/** How many times their size data take where they are resampled and learned from. */
const TIMES = 8;

/** About how many bytes resampling the data and learning from them takes. */
export function bytesAround(data: Data): number {
  const { numeric, nominal } = read(data);
  return TIMES * (numeric.byteLength + nominal.byteLength);
}

/** About how many nanoseconds an attempt takes: making rows, learning from them and saying what the others are. */
function costOf({ dataset, threshold }: Setting): number {
  const { n, schema } = dataset;
  return 36 * n * (schema.d + 4 * schema.q + 4) * fitsOf({ threshold });
}

function sharedOf({ data, classes, positive, threshold, inner }: Setting, candidates: readonly Candidate[]): Shared | undefined {
  const all: Shared["candidates"][number][] = [];
  for (const { learner, resampler } of candidates) {
    const [learns, resamples] = [describe(learner), resampler && describe(resampler)];
    if (!learns || (resampler && !resamples)) return undefined;
    all.push({ learner: learns, resampler: resamples });
  }
  return { data: enveloped(data), classes, positive, threshold, inner, candidates: all };
}

/** What a lane does with the parts. */
export function trialsOf(
  { data: envelope, candidates, ...rest }: Shared,
  make: (described: Described) => Learner & Resampler,
): (part: Part) => Promise<Attempt> {
  const data = unwrapped(envelope);
  const setting: Setting = { ...rest, data, dataset: read(data), memory };
  const all = candidates.map(({ learner, resampler }): Candidate => ({
    learner: make(learner),
    ...(resampler && { resampler: make(resampler) }),
  }));
  return ({ c, train, test }) => attempt(setting, all[c]!, train, test, { threads: 1 });
}

async function attempt(setting: Setting, candidate: Candidate, train: Uint32Array, test: Uint32Array, run: Run): Promise<Attempt> {
  try {
    return await trial(setting, candidate, train, test, run);
  } catch (error) {
    run.signal?.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  }
}
