import { checkInteger, checkOptions } from "../../check";
import type { Resampler, UndersampleStrategy } from "../../contracts";
import { rowsByClass } from "../../data/dataset";
import { integers, PURPOSE, units } from "../../draw";
import { rowsToKeep } from "../reduction";
import { ascending, chosen, undersampler } from "../undersample";
import { checkFlag } from "./nearest";

/** Options of methods that are told how many rows stay. */
export interface UndersampleOptions {
  /** How many rows stay. Default `"auto"`: every class is cut to the size of the smallest. */
  readonly strategy?: UndersampleStrategy | undefined;
  /** Allow a class to lose all its rows. Default false: that is an error. */
  readonly allowEmpty?: boolean | undefined;
}

export const UNDERSAMPLE_OPTIONS = ["strategy", "allowEmpty"] as const;

/** Options with their defaults filled in; the strategy is checked when it meets data. */
export function undersampleOptions(given: UndersampleOptions): { strategy: UndersampleStrategy; allowEmpty: boolean } {
  return { strategy: given.strategy ?? "auto", allowEmpty: checkFlag("allowEmpty", given.allowEmpty) };
}

export interface RandomUndersampleOptions extends UndersampleOptions {
  /** Random seed, a whole number from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number | undefined;
  /** Draw rows with replacement, so that one may stay several times: a bootstrap of each class that the strategy names. Default false. */
  readonly replacement?: boolean | undefined;
}

/**
 * Random undersampling: of each class that the strategy names, rows drawn at random stay, in their order. Needs no distances, so any column will do. The fastest way to
 * balance where rows are plenty; what the rows that go could have taught is lost.
 *
 * With `replacement` every draw is independent, protected rows stay besides, and a row drawn again counts as added. A class that already has what the strategy gives it
 * is left as it is without replacement, and drawn anew with it.
 *
 * @throws {InputError} for unknown options or values; when used, for a strategy that the data does not allow.
 */
export function randomUndersample(options: RandomUndersampleOptions = {}): Resampler {
  checkOptions("randomUndersample", options, [...UNDERSAMPLE_OPTIONS, "seed", "replacement"]);
  const common = undersampleOptions(options);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  const replacement = checkFlag("replacement", options.replacement);
  return undersampler({
    name: "randomUndersample",
    options: { ...common, seed, replacement },
    workFor: ({ n }) => n,
    async select(scene) {
      const { data, instance, standing, work } = scene;
      const asked = rowsToKeep(common.strategy, standing);
      const kept: Uint32Array[] = [];
      for (const [code, rows] of rowsByClass(data).entries()) {
        const count = asked.get(code);
        const draws = { seed, label: code };
        if (count === undefined) kept.push(rows);
        else if (replacement) kept.push(integers(instance, draws, PURPOSE.stay, rows.length, 0, count).map((t) => rows[t]!));
        else {
          kept.push(chosen(scene, code, rows, count, units(instance, draws, PURPOSE.stay, 0, rows.length)));
        }
        await work.step(rows.length);
      }
      return { rows: ascending(kept) };
    },
  });
}
