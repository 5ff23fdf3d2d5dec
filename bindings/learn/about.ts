import { show } from "../check";
import type { Coefficients, Run } from "../contracts";
import type { Dataset } from "../data/dataset";
import { withInstance } from "../engine/lease";
import { stats } from "../engine/stats";
import { InputError } from "../errors";
import { startWork } from "../run/work";
import { curvatureWork, likelihood, passWork, placedBytes } from "./likelihood";
import { inside, linesOf, place, ridgeOf, strideOf, type Line, type LogisticProblem } from "./newton";
import type { Input } from "./preprocess";

/** How coefficients are held back, as in `logistic`. */
export type Penalty = Pick<LogisticProblem, "C" | "penalty" | "scale">;

/** A loss about coefficients. */
export interface About {
  /** Of the pull, f64 (lines, columns and the intercept and what pads them to an even number), by columns of mean 0 and deviation 1. */
  readonly gradient: Float64Array;
  /** Whether the second derivatives of the loss, with its penalty, are positive definite. */
  readonly definite: boolean;
  /** The coefficients after one step of Newton's method down the pull: θ − H⁻¹ · gradient. */
  readonly lines: readonly Line[];
}

/**
 * Looks at a logistic regression about coefficients found elsewhere. `weights` are those of the loss that the coefficients are the optimum of, and of which second derivatives are taken; `pull` those of
 * what is added to it.
 */
export async function aboutCoefficients(
  data: Dataset,
  fitted: { readonly inputs: readonly Input[]; readonly cells: Float64Array },
  coefficients: Coefficients,
  weights: Float64Array,
  pull: Float64Array,
  penalty: Penalty,
  run?: Run,
): Promise<About> {
  const { inputs } = fitted;
  const { labels, names } = coefficients;
  const lines = labels.length;
  const strangers = names.length === inputs.length ? names.filter((name) => !inputs.some((input) => input.name === name)) : names;
  if (strangers.length) {
    throw new InputError(
      "OPTION",
      `The coefficients name ${names.length} columns, ${show(strangers[0])} for one, but these rows have ${inputs.length}, ${show(inputs[0]?.name)} for one; fit them on the columns of toMatrix.`,
    );
  }
  const places = data.schema.classes.map((label) => labels.indexOf(label) + (lines === 1 ? 1 : 0));
  const codes = data.labels.map((code) => Math.max(places[code]!, 0));
  const problem: LogisticProblem = { ...fitted, ...penalty, weights, tolerance: 0, maxIterations: 0 };
  const stride = strideOf(inputs);
  const work = startWork(run, 2 * passWork(data.n, stride, lines) + curvatureWork(data.n, stride, lines));
  return withInstance(stats, ({ kernels, arena }) => {
    const instance = { kernels, arena };
    arena.reserve(2 * placedBytes(data.n, stride, lines, true), `Second derivatives of ${inputs.length} columns`);
    return arena.during(async () => {
      const placed = place(instance, { data, codes }, problem, stride, lines);
      const ridge = ridgeOf(problem, placed);
      const at = inside(coefficients, placed, problem);
      const loss = likelihood(instance, work, placed, ridge);
      await loss.evaluate(at);
      const definite = await loss.bend(at);
      arena.view(Float64Array, placed.weights, data.n).set(pull);
      const { gradient } = await likelihood(
        instance,
        work,
        placed,
        ridge.map(() => 0),
      ).evaluate(at);
      const step = loss.solve(gradient);
      return {
        gradient,
        definite,
        lines: linesOf(
          at.map((value, c) => value - step[c]!),
          placed,
          problem,
        ),
      };
    });
  });
}
