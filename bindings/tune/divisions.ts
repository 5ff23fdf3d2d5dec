import { checkInteger, show } from "../check";
import type { Data } from "../contracts";
import { checkUnmarked } from "../data/marks";
import { read } from "../data/read";
import { InputError } from "../errors";
import { folds, type Fold, type FoldsOptions } from "../evaluate/folds";
import { countsAmong } from "./trials";

/** How rows are held out: as told, or five folds so many times; every part has rows of every class. */
export function divisionsOf(
  where: string,
  data: Data,
  validation: Omit<FoldsOptions, "seed"> | readonly Fold[] | undefined,
  seed: number | undefined,
  repeats: number,
): readonly Fold[] {
  checkUnmarked(data, where);
  const dataset = read(data);
  const { schema, n } = dataset;
  const own = {
    folds: 5,
    // by time there is only one way to divide
    repeats: schema.columns.some(({ role }) => role === "time") ? 1 : repeats,
    ...(validation as FoldsOptions | undefined),
    seed: checkInteger("seed", seed ?? 0, 0),
  };
  const divisions = Array.isArray(validation) ? (validation as readonly Fold[]) : folds(data, own);
  if (divisions.length === 0)
    throw new InputError("OPTION", `validation is ${show(validation)}, but needs what folds() returned, or its options.`);
  for (const { fold, train, test } of divisions) {
    for (const [part, rows] of [
      ["training", train],
      ["validation", test],
    ] as const) {
      if (!(rows instanceof Uint32Array) || rows.some((i) => i >= n)) {
        throw new InputError(
          "OPTION",
          `The ${part} part of fold ${show(fold)} is ${show(rows)}, but needs a Uint32Array of row numbers below ${n}.`,
        );
      }
      const absent = countsAmong(dataset, rows).indexOf(0);
      if (absent < 0) continue;
      throw new InputError(
        "TOO_FEW_ROWS",
        `The ${part} part of fold ${fold} has no row of class ${show(schema.classes[absent])}, so its loss cannot be balanced; use fewer folds, or validation: { by: "class" }.`,
      );
    }
    const learned = new Uint8Array(n);
    for (const i of train) learned[i] = 1;
    if (test.some((i) => learned[i]))
      throw new InputError("OPTION", `Fold ${fold} has rows in both of its parts; each row belongs into one.`);
  }
  return divisions;
}

/** The fewest rows that a class has in a validation part. */
export function leastHeldOut(data: Data, divisions: readonly Fold[]): number {
  const dataset = read(data);
  return Math.min(...divisions.map(({ test }) => Math.min(...countsAmong(dataset, test))));
}
