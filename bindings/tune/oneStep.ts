import { checkNumber, checkOneOf, checkOptions, show } from "../check";
import type { Coefficients, Data, Run } from "../contracts";
import { read } from "../data/read";
import { unsealed } from "../data/weighted";
import { InputError } from "../errors";
import { aboutCoefficients, type Penalty } from "../learn/about";
import { checkRun } from "../run/work";
import type { Corrected } from "./correction";

/** How the coefficients were held back: as `logistic` does by default, ‖coefficients‖² / 2C beside the summed losses. */
export type BiasOneStepOptions = Partial<Penalty>;

/**
 * Bias correction for logistic regressions that take no weights below 0: one step of Newton's method from coefficients that were fitted, elsewhere, on the real and the synthetic rows alone (naive augmentation),
 * θ + lambda · (synthetic rows / rows) · H⁻¹ · gradient of the estimated bias. Exact where the loss is a parabola, else as near as its third derivatives allow; `logistic` needs no such step.
 *
 * @param corrected what `biasCorrect` returned with a lambda above 0; the step is of that lambda.
 * @param coefficients those of the columns that `toMatrix` names, in units of the data.
 * @returns coefficients, corrected
 * @throws {InputError} for other columns or classes, or data that `biasCorrect` did not return.
 */
export async function biasOneStep<D extends Data>(
  corrected: Pick<Corrected<D>, "data" | "parts">,
  coefficients: Coefficients,
  options: BiasOneStepOptions = {},
  run?: Run,
): Promise<Coefficients> {
  checkOptions("biasOneStep", options, ["C", "penalty", "scale"]);
  checkRun("biasOneStep", run);
  const { data: rows, weights } = unsealed(corrected?.data);
  if (!weights) throw new InputError("OPTION", `corrected is ${show(corrected)}, but needs what biasCorrect returned.`);
  const data = read(rows);
  const { labels, values, names } = coefficients ?? {};
  const { classes } = data.schema;
  const wanted = classes.length === 2 ? classes.slice(1) : classes;
  if (!(
    labels?.length === wanted.length &&
    wanted.every((label, k) => label === labels[k]) &&
    values.length === labels.length * names.length
  )) {
    throw new InputError(
      "OPTION",
      `coefficients are ${show(coefficients)}, but need names, values, intercepts, and labels: ${show(wanted)}, in order.`,
    );
  }
  const penalty: Penalty = {
    C: checkNumber("C", options.C ?? 1, 0, Infinity),
    penalty: checkOneOf("penalty", options.penalty ?? "l2", ["l2", "none"]),
    scale: checkOneOf("scale", options.scale ?? data.scale, ["none", "standard"]),
  };
  return (await aboutCoefficients(data, coefficients, weights, corrected.parts.reference, "rest", penalty, run)).coefficients;
}
