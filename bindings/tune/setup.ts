import type { Data, Learner, Oversampler } from "../contracts";
import { enveloped, unwrapped, type Envelope } from "../data/envelope";
import { read } from "../data/read";
import { bytesAround } from "../evaluate/attempts";
import type { Fold } from "../evaluate/folds";
import { describe, type Described } from "../described";
import { spread } from "../run/spread";
import type { Work } from "../run/work";
import type { Judge } from "./losses";
import { tryPlans, type Division, type Plan, type Setting, type Trial } from "./trials";

/** What every search of a call works on. */
export interface Setup {
  readonly data: Data;
  readonly divisions: readonly Fold[];
  readonly judges: readonly Judge[];
  readonly setting: Setting;
  readonly work: Work;
}

type Needed = Pick<Setup, "data" | "setting" | "work">;

/** Tries plans on one division, and counts the work. */
export function onDivision(
  { data, setting, work }: Needed,
  division: Division,
  plans: readonly Plan[],
  take: (place: number, trial: Trial) => void,
): Promise<void> {
  const cost = costOf(data);
  const { signal, threads } = work.run ?? {};
  return tryPlans(data, division, plans, setting, { signal, threads }, (place, trial) => {
    take(place, trial);
    return work.step(cost);
  });
}

/** Plans, and the division that they are tried on. */
interface Part {
  readonly division: Division;
  readonly plans: readonly Plan[];
}

interface Shared {
  readonly data: Envelope;
  readonly oversampler: Described;
  readonly learner: Described;
  readonly penalty: Setting["penalty"];
}

/** Tries plans on divisions, which share the threads, and counts the work. Of one division trials come in the order of the plans. */
export async function onDivisions(
  needed: Needed,
  parts: readonly Part[],
  take: (s: number, place: number, trial: Trial) => void,
): Promise<void> {
  const { data, setting, work } = needed;
  const { signal, threads } = work.run ?? {};
  await spread<Part, readonly Trial[]>(
    {
      name: "plans",
      shared: () => sharedOf(data, setting),
      parts,
      cost: 0.2 * costOf(data) * parts.reduce((sum, { plans }) => sum + plans.length, 0),
      bytes: bytesAround(data),
      async here({ division, plans }, s, run) {
        const own = { ...needed, work: { ...work, run } };
        await onDivision(own, division, plans, (place, trial) => take(s, place, trial));
        return [];
      },
      async take(s, trials) {
        for (const [place, trial] of trials.entries()) {
          take(s, place, trial);
          await work.step(costOf(data));
        }
      },
    },
    { signal, threads },
  );
}

function sharedOf(data: Data, { oversampler, learner, penalty }: Setting): Shared | undefined {
  const [makes, learns] = [describe(oversampler), describe(learner)];
  return makes && learns && { data: enveloped(data), oversampler: makes, learner: learns, penalty };
}

/** What a lane does with the parts. */
export function plansOf(
  { data: envelope, oversampler, learner, penalty }: Shared,
  make: (described: Described) => Oversampler & Learner,
): (part: Part) => Promise<Trial[]> {
  const data = unwrapped(envelope);
  const setting: Setting = { oversampler: make(oversampler), learner: make(learner), penalty };
  return async ({ division, plans }) => {
    const trials: Trial[] = [];
    await tryPlans(data, division, plans, setting, { threads: 1 }, (place, trial) => void (trials[place] = trial));
    return trials;
  };
}

/** Work of learning once, about. */
export function costOf(data: Data): number {
  const { n, schema } = read(data);
  return 60 * n * (schema.d + 4 * schema.q + 4);
}
