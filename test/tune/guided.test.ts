import { describe, expect, it } from "vitest";
import {
  diagnose,
  InputError,
  kNN,
  logistic,
  randomOversample,
  tuneSyntheticSize,
  type Data,
  type TuneOptions,
} from "../../bindings/index";
import { Numbers } from "../support/numbers";

const numbers = new Numbers(21);
const y = Array.from({ length: 400 }, (_, i) => (i % 10 === 0 ? 1 : 0));
const data: Data = { X: y.map((label) => [numbers.normal() + label, numbers.normal()]), y };
const GIVEN: TuneOptions = {
  oversampler: randomOversample(),
  learner: logistic(),
  guided: true,
  validation: { folds: 3, repeats: 1 },
  baselines: false,
  expand: false,
  seed: 5,
};
const sizes = async (options: Partial<TuneOptions> = {}): Promise<number[]> =>
  (await tuneSyntheticSize(data, { ...GIVEN, ...options })).curve.map(({ gamma }) => gamma);

describe("a guided choice of the size", () => {
  it("tries the candidates of the diagnosis, 0 and 1 among them, and hands it back", async () => {
    const diagnosis = await diagnose(data, { oversampler: GIVEN.oversampler, learner: GIVEN.learner, seed: 5 });
    if (diagnosis.skipped !== undefined) throw new Error(diagnosis.skipped);
    const tuned = await tuneSyntheticSize(data, GIVEN);
    expect(tuned.diagnosis).toEqual(diagnosis);
    const tried = tuned.curve.map(({ gamma }) => gamma);
    expect(tried).toEqual(diagnosis.candidates);
    expect(tried).toEqual(expect.arrayContaining([0, 1]));
    for (const note of diagnosis.notes) expect(tuned.notes).toContain(note);
  });

  it("tries the sizes of a grid besides", async () => {
    const own = await sizes();
    expect(await sizes({ grid: [0.33, 3] })).toEqual([...new Set([...own, 0.33, 3])].sort((a, b) => a - b));
  });

  it("goes by the grid where there is nothing to look at, and says so", async () => {
    const tuned = await tuneSyntheticSize(data, { ...GIVEN, learner: kNN(), grid: [0, 0.5, 1] });
    expect(tuned.curve.map(({ gamma }) => gamma)).toEqual([0, 0.5, 1]);
    expect(tuned.diagnosis!.skipped).toMatch(/last layer/);
    expect(tuned.notes).toContain(tuned.diagnosis!.skipped);
    expect((await tuneSyntheticSize(data, { ...GIVEN, guided: false, grid: [0, 1] })).diagnosis).toBeNull();
  });

  it("takes true or false", async () => {
    await expect(tuneSyntheticSize(data, { ...GIVEN, guided: "yes" as never })).rejects.toThrow(InputError);
  });
});
