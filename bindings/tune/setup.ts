import type { Data } from "../contracts";
import { read } from "../data/read";
import type { Fold } from "../evaluate/folds";
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

/** Tries plans on one division, and counts the work. */
export function onDivision(
  { data, setting, work }: Pick<Setup, "data" | "setting" | "work">,
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

/** Work of learning once, about. */
export function costOf(data: Data): number {
  const { n, schema } = read(data);
  return 60 * n * (schema.d + 4 * schema.q + 4);
}
