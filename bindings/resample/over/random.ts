import { checkOptions, show } from "../../check";
import type { Oversampler, PerLabel } from "../../contracts";
import { namesOf } from "../../data/dataset";
import { power } from "../../engine/math";
import { InputError } from "../../errors";
import type { Rule } from "../choices";
import { statisticsOfClass } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions, type Scene } from "../oversample";

export interface RandomOversampleOptions extends CommonOptions {
  /**
   * 0 (default) repeats rows. Above 0 (ROSE) each copy gets normal noise in every numeric column: shrinkage times Silverman's bandwidth times the class's
   * standard deviation. One number, or one for each label.
   */
  readonly shrinkage?: number | PerLabel | undefined;
  /** As for every oversampler; with shrinkage also the bandwidth of that library, by the number of rows of all classes instead of the class's own. */
  readonly compat?: "imbalanced-learn" | undefined;
}

/**
 * Random oversampling: new rows are copies of rows of their class; with `shrinkage` a smoothed bootstrap, ROSE. Needs no distances, so any column will do;
 * nominal and missing cells are copied.
 *
 * Menardi, Torelli: Training and assessing classification rules with imbalanced data, DMKD 28 (2014). Bandwidth h = (4 / ((d + 2) n))^(1 / (d + 4)) with n the
 * rows of the class, as Silverman meant it, and population standard deviations. R's ROSE uses n − 1 for them; imbalanced-learn counts
 * the rows of all classes in n (`compat`). Here new values stay within declared bounds (reflected) and whole numbers are rounded.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function randomOversample(options: RandomOversampleOptions = {}): Oversampler {
  checkOptions("randomOversample", options, [...COMMON_OPTIONS, "shrinkage"]);
  const common = commonOptions(options);
  const shrinkage = options.shrinkage ?? 0;
  if (typeof shrinkage === "number") checkShrinkage(shrinkage, "");
  else if (typeof shrinkage !== "object" || shrinkage === null || Array.isArray(shrinkage)) {
    throw new InputError("OPTION", `shrinkage is ${show(shrinkage)}, but needs a number of at least 0, or one for each label: { yes: 1 }.`);
  }
  return oversampler({
    name: "randomOversample",
    options: { ...common, shrinkage },
    workFor: ({ schema }, n) => n * schema.d * 4,
    async choose(scene) {
      const { rows, name } = scene;
      if (rows.length === 0) {
        throw new InputError("TOO_FEW_ROWS", `Class ${name} has no rows here, so none can be made; leave it out of the strategy.`);
      }
      const factor = typeof shrinkage === "number" ? shrinkage : shrinkageOf(scene, shrinkage);
      const rule = factor === 0 ? ({ name: "copy" } as const) : jitter(scene, factor, common.compat !== undefined);
      await scene.work.step(rows.length * scene.data.schema.d * 4);
      return { bases: { draws: common.draws, shares: null }, neighbors: new Uint32Array(0), k: 0, rule };
    },
  });
}

function jitter(scene: Scene, shrinkage: number, allRows: boolean): Rule {
  const { data, rows, name, note } = scene;
  const { d } = data.schema;
  if (d === 0) {
    throw new InputError(
      "OPTION",
      `shrinkage is ${shrinkage} but no feature is numeric, so there is nothing to smooth; leave shrinkage out.`,
    );
  }
  if (rows.length === 1) note(`Class ${name} has one row and so no spread; its copies are exact.`);
  const { deviations, lows, highs } = statisticsOfClass(scene);
  const bandwidth = power(4 / ((d + 2) * (allRows ? (data.whole?.n ?? data.n) : rows.length)), 1 / (d + 4));
  const spreads = deviations.map((deviation) => shrinkage * bandwidth * deviation);
  spreads.forEach((spread, c) => {
    // a draw beyond ten deviations does not occur
    if (Math.max(highs[c]!, -lows[c]!) + 10 * spread < Infinity) return;
    throw new InputError(
      "OVERFLOW",
      `Column ${show(namesOf(data.schema, "numeric")[c])} would leave the range of numbers at shrinkage ${shrinkage}; divide it by a power of ten first.`,
    );
  });
  return { name: "jitter", spreads };
}

/** The number for the scene's class. */
function shrinkageOf({ data, code, name }: Scene, shrinkage: PerLabel): number {
  const label = data.schema.classes[code]!;
  const value: unknown = shrinkage instanceof Map ? shrinkage.get(label) : (shrinkage as Record<string, number>)[String(label)];
  if (value === undefined)
    throw new InputError(
      "OPTION",
      `shrinkage says nothing of class ${name}, which the strategy grows; add it, or give one number for all.`,
    );
  return checkShrinkage(value, ` of class ${name}`);
}

function checkShrinkage(value: unknown, whose: string): number {
  if (typeof value === "number" && value >= 0 && value < Infinity) return value;
  throw new InputError("OPTION", `shrinkage${whose} is ${show(value)}, but needs a number of at least 0.`);
}
