import { describe, expect, it } from "vitest";
import { SETTINGS, curveOf, drawn } from "../../bench/studies/vtss/jobs";
import { areaUnder, balancedLoss } from "../../bench/studies/vtss/logistic";
import { logistic, rocAuc, smote } from "../../bindings/index";
import { Numbers } from "../support/numbers";

const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;

/** Losses over sizes, a mean of some draws. */
async function lossesOf(name: "D1" | "D2", gammas: readonly number[], draws: number): Promise<number[]> {
  const numbers = new Numbers(11);
  const all: number[][] = [];
  for (let i = 0; i < draws; i++) all.push((await curveOf(SETTINGS[name], drawn(SETTINGS[name], numbers, 4000), gammas, numbers)).losses);
  return gammas.map((_, k) => mean(all.map((losses) => losses[k]!)));
}

describe("the loss over sizes", () => {
  it("of a linear model and SMOTE (design D1) falls to balance and hardly changes beyond", async () => {
    const losses = await lossesOf("D1", [0, 0.5, 0.8, 1, 1.1, 1.2, 1.5], 4);
    const least = Math.min(...losses);
    expect(losses[3]! - least).toBeLessThan(0.003);
    expect(losses[0]).toBeGreaterThan(2 * least);
  });

  it("of random features and far-off copies (design D2) is least well below balance", async () => {
    const gammas = [0, 0.5, 0.8, 1, 2];
    const losses = await lossesOf("D2", gammas, 1);
    const best = gammas[losses.indexOf(Math.min(...losses))]!;
    expect(best).toBeGreaterThanOrEqual(0.3);
    expect(best).toBeLessThanOrEqual(0.8);
    expect(Math.min(...losses)).toBeLessThan(losses[3]! - 0.002);
    expect(losses[4]).toBeGreaterThan(losses[3]!);
  });
});

describe("a well-specified logistic model", () => {
  it("ranks as well without rows as with them: they move its intercept", async () => {
    const numbers = new Numbers(12);
    const draw = (n: number): { X: number[][]; y: number[] } => {
      const X = Array.from({ length: n }, () => Array.from({ length: 4 }, () => numbers.normal()));
      return { X, y: X.map(([a, b]) => (numbers.unit() < 1 / (1 + Math.exp(3 - 1.2 * a! + 0.8 * b!)) ? 1 : 0)) };
    };
    const gains: number[] = [];
    for (let i = 0; i < 8; i++) {
      const [train, test] = [draw(3000), draw(8000)];
      const area = async (data: typeof train): Promise<number> => {
        const { probabilities } = await (await logistic().fit(data)).predictProbability(test);
        return rocAuc(
          test.y,
          probabilities.filter((_, at) => at % 2 === 1),
        );
      };
      gains.push((await area((await smote({ seed: i }).resample(train)).data)) - (await area(train)));
    }
    expect(Math.abs(mean(gains))).toBeLessThan(0.005);
  });
});

it("losses and areas of the study are those of the library", () => {
  const numbers = new Numbers(13);
  const odds = numbers.block(200, 1);
  const y = Array.from(odds, (odd) => (numbers.unit() < 1 / (1 + Math.exp(-odd)) ? 1 : 0));
  expect(areaUnder(odds, y)).toBeCloseTo(rocAuc(y, odds, { positive: 1 }), 12);
  expect(balancedLoss([0, 0], [0, 1])).toBeCloseTo(Math.log(2), 12);
});
