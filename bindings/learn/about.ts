import { show } from "../check";
import type { Coefficients, Run } from "../contracts";
import type { Dataset } from "../data/dataset";
import { withInstance } from "../engine/lease";
import { learn } from "../engine/learn";
import { InputError } from "../errors";
import { startWork } from "../run/work";
import { curvatureWork, likelihood, passWork, placedBytes } from "./likelihood";
import { inside, linesOf, place, ridgeOf, strideOf, type LogisticProblem } from "./newton";
import { fitInputs } from "./preprocess";

/** How coefficients are held back, as in `logistic`. */
export type Penalty = Pick<LogisticProblem, "C" | "penalty" | "scale">;

/** A loss about coefficients. */
export interface About {
  /** Of the rows that pull, f64 (lines, columns and the intercept and what pads them to an even number), by columns of mean 0 and deviation 1. */
  readonly gradient: Float64Array;
  /** Whether the second derivatives of the loss, with its penalty, are positive definite. */
  readonly definite: boolean;
  /** After one step of Newton's method: θ − H⁻¹ · gradient. */
  readonly coefficients: Coefficients;
}

/**
 * Looks at a logistic regression about coefficients found elsewhere. Rows from `pulling` on are what pulls at them. Second derivatives are those of all rows, or of the `"rest"`, the rows that do not pull.
 */
export async function aboutCoefficients(
  data: Dataset,
  { names, labels, ...known }: Coefficients,
  weights: Float64Array,
  pulling: number,
  bent: "all" | "rest",
  penalty: Penalty,
  run?: Run,
): Promise<About> {
  const fitted = fitInputs(data, pulling, () => undefined);
  const own = fitted.inputs.map(({ name }) => name);
  const strange = names.length === own.length ? names.find((name) => !own.includes(name)) : names[0];
  if (strange !== undefined || own.length !== names.length) {
    throw new InputError(
      "OPTION",
      `The coefficients name ${names.length} columns, ${show(strange)} for one, but these rows have ${own.length}, ${show(own[0])} for one; fit them on the columns of toMatrix.`,
    );
  }
  const lines = labels.length;
  const codes = data.labels.map((code) => Math.max(labels.indexOf(data.schema.classes[code]!) + (lines === 1 ? 1 : 0), 0));
  const part = (pulls: boolean): Float64Array => weights.map((weight, i) => (i >= pulling === pulls ? weight : 0));
  const problem = { ...fitted, ...penalty, weights: bent === "all" ? weights : part(false), tolerance: 0, maxIterations: 0 };
  const stride = strideOf(fitted.inputs);
  const work = startWork(run, 2 * passWork(data.n, stride, lines) + curvatureWork(data.n, stride, lines));
  return withInstance(learn, (instance) => {
    const { arena } = instance;
    arena.reserve(2 * placedBytes(data.n, stride, lines, true), `Second derivatives of ${own.length} columns`);
    return arena.during(async () => {
      const placed = place(instance, { data, codes }, problem, stride, lines);
      const ridge = ridgeOf(problem, placed);
      const at = inside({ names, labels, ...known }, placed, problem);
      const loss = likelihood(instance, work, placed, ridge);
      await loss.evaluate(at);
      const definite = await loss.bend(at);
      arena.view(Float64Array, placed.weights, data.n).set(part(true));
      const { gradient } = await likelihood(instance, work, placed, ridge.fill(0)).evaluate(at);
      const step = loss.solve(gradient);
      const moved = linesOf(
        at.map((value, c) => value - step[c]!),
        placed,
        problem,
      );
      const values = Float64Array.from(moved.flatMap((line) => Array.from(line.values)));
      return {
        gradient,
        definite,
        coefficients: { names: own, labels, values, intercepts: Float64Array.from(moved, ({ intercept }) => intercept) },
      };
    });
  });
}
