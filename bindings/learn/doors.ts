import { show } from "../check";
import type { Learner } from "../contracts";
import { InputError } from "../errors";

/** @throws {InputError} unless this is a learner; `what` names it, as "learner". */
export function checkLearner(what: string, value: unknown): void {
  if (typeof (value as Partial<Learner> | null | undefined)?.fit === "function") return;
  throw new InputError("OPTION", `${what} is ${show(value)}, but needs what logistic() or another learner returns.`);
}
