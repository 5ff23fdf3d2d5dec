import { describe, expect, it } from "vitest";
import { E } from "../../bench/studies/vtss/designs";
import { symmetryOf } from "../../bench/studies/vtss/diagnosis";
import { chiSquaredQuantile } from "../../bindings/evaluate/distributions";
import { startWork } from "../../bindings/run/work";
import { momentsOf, type Group } from "../../bindings/tune/moments";
import { bendsOf, groupOf } from "../../bindings/tune/pilot";
import { testSymmetry } from "../../bindings/tune/symmetry";
import { Numbers } from "../support/numbers";

const work = startWork(undefined, 1);
const view = (p: number) => ({ p, stride: p + (p % 2), place: () => new Float64Array(0) });

/** Rows (m, p) with an even stride. */
function placed(p: number, rows: readonly (readonly number[])[]): Float64Array {
  const { stride } = view(p);
  return Float64Array.from({ length: rows.length * stride }, (_, at) => rows[Math.floor(at / stride)]![at % stride] ?? 0);
}

const logisticGroup = (rows: readonly (readonly number[])[], theta: readonly number[], target: 0 | 1): Group =>
  groupOf(
    view(theta.length),
    placed(theta.length, rows),
    Float64Array.from(rows, (row) => 1 / (1 + Math.exp(-row.reduce((sum, x, c) => sum + x * theta[c]!, 0)))),
    target,
  );

describe("moments", () => {
  it("are the mean score and its derivative, and the third derivatives those of the Hessian", async () => {
    const numbers = new Numbers(3);
    for (const p of [1, 2, 3, 6]) {
      const rows = Array.from({ length: 40 }, () => [...Array.from({ length: p - 1 }, () => numbers.normal()), 1]);
      const theta = Array.from({ length: p }, () => numbers.normal());
      const at = (by: number, c: number, target: 0 | 1): Group =>
        logisticGroup(
          rows,
          theta.map((entry, k) => entry + (k === c ? by : 0)),
          target,
        );
      for (const target of [0, 1] as const) {
        const own = at(0, 0, target);
        const { score, hessian, covariance } = await momentsOf(own, work);
        const loss = (group: Group): number => group.slopes.reduce((sum, slope) => sum - Math.log(1 - Math.abs(slope)) / 40, 0);
        for (let c = 0; c < p; c++) {
          const [up, down] = [at(1e-5, c, target), at(-1e-5, c, target)];
          expect(score[c]).toBeCloseTo((loss(up) - loss(down)) / 2e-5, 7);
          const [above, below] = [await momentsOf(up, work), await momentsOf(down, work)];
          for (let b = 0; b < p; b++) expect(hessian[b * p + c]).toBeCloseTo((above.score[b]! - below.score[b]!) / 2e-5, 7);
          // along the intercept, curves change by their bends
          if (c === p - 1) bendsOf(own).forEach((bend, i) => expect(bend).toBeCloseTo((up.curves[i]! - down.curves[i]!) / 2e-5, 7));
          const scores = rows.map((row, i) => row[c]! * own.slopes[i]!);
          const mean = scores.reduce((sum, x) => sum + x, 0) / 40;
          expect(covariance[c * p + c]).toBeCloseTo(scores.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 39, 10);
        }
      }
    }
  });

  it("of weighted rows are those of repeated rows, but for how many they are worth", async () => {
    const numbers = new Numbers(4);
    const rows = Array.from({ length: 9 }, () => [numbers.normal(), 1]);
    const theta = [0.3, -0.2];
    const twice = await momentsOf(logisticGroup([...rows, ...rows.slice(0, 4)], theta, 1), work);
    const group = logisticGroup(rows, theta, 1);
    const chances = group.slopes.map((slope) => slope + 1);
    const weights = Float64Array.from(rows, (_, i) => (i < 4 ? 2 : 1));
    const weighted = await momentsOf(groupOf(view(2), group.z, chances, 1, weights), work);
    weighted.score.forEach((entry, c) => expect(entry).toBeCloseTo(twice.score[c]!, 12));
    weighted.hessian.forEach((entry, c) => expect(entry).toBeCloseTo(twice.hessian[c]!, 12));
  });
});

const share = async (draws: number, one: () => Promise<boolean>): Promise<number> => {
  let count = 0;
  for (let i = 0; i < draws; i++) count += Number(await one());
  return count / draws;
};

const rejects = async (d: number, shift: number, numbers: Numbers): Promise<boolean> =>
  (await symmetryOf(E.sample(d, 500, 5, shift, numbers))).rejects;

describe("the test of local symmetry as published", () => {
  it("rejects about 5 % of symmetric cases with 500 rows of the smaller class", async () => {
    const numbers = new Numbers(1);
    const found = await share(400, () => rejects(2, E.alike, numbers));
    expect(found).toBeGreaterThanOrEqual(0.02);
    expect(found).toBeLessThanOrEqual(0.09);
  });

  it("sees a shift of 4 units of noise", async () => {
    const numbers = new Numbers(2);
    const wanted = 4 / Math.sqrt((2500 * 500) / 3000);
    let [low, high] = [E.alike, 2];
    for (let i = 0; i < 60; i++) {
      const b = (low + high) / 2;
      if (E.pull(b) < wanted) low = b;
      else high = b;
    }
    expect(await share(100, () => rejects(5, low, numbers))).toBeGreaterThan(0.4);
  });
});

/** Logistic regression with an intercept of rows x and y, classes weighing the same: Newton's method on the rows. */
function balancedLogistic(rows: readonly (readonly number[])[], y: readonly number[]): number[] {
  const p = rows[0]!.length;
  const theta = Array.from({ length: p }, () => 0);
  const ones = y.reduce((sum, label) => sum + label, 0);
  for (let step = 0; step < 12; step++) {
    const A = Array.from({ length: p }, () => Array.from({ length: p + 1 }, () => 0));
    rows.forEach((row, i) => {
      const chance = 1 / (1 + Math.exp(-row.reduce((sum, x, c) => sum + x * theta[c]!, 0)));
      const weight = y[i] ? 1 / ones : 1 / (rows.length - ones);
      for (let a = 0; a < p; a++) {
        for (let b = 0; b < p; b++) A[a]![b]! += weight * chance * (1 - chance) * row[a]! * row[b]!;
        A[a]![p]! -= weight * (chance - y[i]!) * row[a]!;
      }
    });
    for (let k = 0; k < p; k++) {
      for (let i = 0; i < p; i++) {
        if (i === k) continue;
        const by = A[i]![k]! / A[k]![k]!;
        for (let j = k; j <= p; j++) A[i]![j]! -= by * A[k]![j]!;
      }
    }
    A.forEach((line, k) => (theta[k]! += line[p]! / line[k]!));
  }
  return theta;
}

/** Rows whose log odds are linear plus `bent` · x₁², and whether each test rejects. */
async function rejectsLogistic(numbers: Numbers, n: number, bent: number): Promise<{ raw: boolean; own: boolean }> {
  const rows: number[][] = [];
  const y: number[] = [];
  for (let i = 0; i < n; i++) {
    const row = [numbers.normal(), numbers.normal(), 1];
    const odds = row[0]! - 0.5 * row[1]! - 2.6 + bent * row[0]! * row[0]!;
    rows.push(row);
    y.push(numbers.unit() < 1 / (1 + Math.exp(-odds)) ? 1 : 0);
  }
  const theta = balancedLogistic(rows, y);
  const groups = ([0, 1] as const).map((target) =>
    logisticGroup(
      rows.filter((_, i) => y[i] === target),
      theta,
      target,
    ),
  ) as [Group, Group];
  const moments = [await momentsOf(groups[0], work), await momentsOf(groups[1], work)] as const;
  const raw = await testSymmetry(groups, moments, undefined, work);
  const own = await testSymmetry(groups, moments, [bendsOf(groups[0]), bendsOf(groups[1])], work);
  expect([raw.df, own.df]).toEqual([3, 2]);
  return { raw: raw.statistic > chiSquaredQuantile(0.95, 3), own: own.statistic > chiSquaredQuantile(0.95, 2) };
}

describe("the test with the intercept profiled out", () => {
  it("rejects about 5 % of well-specified models, of which the published test rejects all", async () => {
    const numbers = new Numbers(3);
    let [raw, own] = [0, 0];
    for (let i = 0; i < 300; i++) {
      const found = await rejectsLogistic(numbers, 3000, 0);
      [raw, own] = [raw + Number(found.raw), own + Number(found.own)];
    }
    expect(raw).toBe(300);
    expect(own / 300).toBeGreaterThanOrEqual(0.02);
    expect(own / 300).toBeLessThanOrEqual(0.09);
  });

  it("rejects where log odds are not linear", async () => {
    const numbers = new Numbers(4);
    expect(await share(40, async () => (await rejectsLogistic(numbers, 3000, 0.4)).own)).toBeGreaterThan(0.8);
  });
});
