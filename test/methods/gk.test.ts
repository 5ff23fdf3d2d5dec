import { describe, expect, it } from "vitest";
import { gkRowTypes, gkSmote, InputError, smote } from "../../bindings/index";
import { Numbers } from "../support/numbers";

/** Cases of the first author's code, worked out by hand in double precision: k = 3. */
const TOY = {
  X: [
    [0, 0],
    [0.2, 0],
    [0, 0.3],
    [0.25, 0.35],
    [2, 2],
    [2.4, 2.1],
    [5, 5],
    [2.2, 2.3],
    [2.6, 2.4],
    [1.7, 2.2],
    [4.8, 5.1],
    [5.2, 4.9],
    [5.1, 5.3],
    [4.9, 4.7],
    [3.5, 3],
    [3.8, 3.6],
    [3, 3.4],
  ],
  y: Array.from({ length: 17 }, (_, i) => (i < 7 ? "few" : "many")),
};

/** Two clouds that touch, with some labels turned. */
function noisy(seed: number, turned: number): { X: number[][]; y: number[]; truth: number[] } {
  const numbers = new Numbers(seed);
  const truth = Array.from({ length: 400 }, (_, i) => (i < 60 ? 1 : 0));
  const X = truth.map((label) => [numbers.normal() + 2.5 * label, numbers.normal()]);
  const y = truth.map((label) => (numbers.unit() < turned ? 1 - label : label));
  return { X, y, truth };
}

describe("gkSmote in mode repository", () => {
  it("has the densities and types of the published code", async () => {
    const [found] = await gkRowTypes(TOY, { mode: "repository", kNeighbors: 3 });
    const expected = [0.443956899, 0.4785499751, 0.4103637307, 0.4303354789, 0.6661502358, 0.6735568947, 0.4054760046];
    expected.forEach((density, i) => expect(found!.densities[i]).toBeCloseTo(density, 9));
    expect(found!.types).toEqual(["borderline", "borderline", "borderline", "borderline", "safe", "safe", "noisy"]);
    expect([...found!.rows]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("grows each group by itself, as much for each of its rows, and nothing from noise", async () => {
    const { origins, notes } = await gkSmote({ mode: "repository", kNeighbors: 3, strategy: { counts: { few: 607 } } }).resample(TOY, {
      only: "synthetic",
    });
    const children = new Array<number>(7).fill(0);
    origins.base.forEach((base, t) => {
      children[base]!++;
      expect(origins.neighbor[t]! >= 4).toBe(base >= 4);
    });
    expect(children).toEqual([100, 100, 100, 100, 100, 100, 0]);
    expect(notes.join()).toMatch(/2 are safe, 4 borderline and 1 noisy/);
  });

  it("its density does not change when all distances do, as the code's does not", async () => {
    const [a] = await gkRowTypes(TOY, { mode: "repository", kNeighbors: 3 });
    const [b] = await gkRowTypes({ ...TOY, X: TOY.X.map((row) => row.map((x) => 100 * x)) }, { mode: "repository", kNeighbors: 3 });
    a!.densities.forEach((density, i) => expect(b!.densities[i]).toBeCloseTo(density, 12));
  });
});

describe("gkSmote", () => {
  it("takes a dense cluster for safe and rows among others for what they are", async () => {
    const [found] = await gkRowTypes(TOY, { kNeighbors: 3 });
    expect(found!.types.slice(0, 4)).toEqual(["safe", "safe", "safe", "safe"]);
    expect(found!.types[6]).toBe("noisy");
    expect(found!.types[4]).toBe("borderline");
  });

  it("types depend on no unit and no order", async () => {
    const data = noisy(3, 0.05);
    const scale = "standard" as const;
    const [a] = await gkRowTypes({ X: data.X, y: data.y }, { scale });
    const [b] = await gkRowTypes({ y: data.y, X: data.X.map(([p, q]) => [1000 * p! + 5, 0.001 * q!]) }, { scale });
    expect(b!.types).toEqual(a!.types);
    const order = data.y.map((_, i) => (i * 7) % 400);
    const [c] = await gkRowTypes({ X: order.map((i) => data.X[i]!), y: order.map((i) => data.y[i]!) }, { scale });
    const typeOf = new Map([...a!.rows].map((row, t) => [row, a!.types[t]]));
    c!.rows.forEach((row, t) => expect(c!.types[t]).toBe(typeOf.get(order[row]!)));
  });

  it("finds most labels that were turned deep in the other class, and few others", async () => {
    const data = noisy(1, 0.1);
    const [found] = await gkRowTypes({ X: data.X, y: data.y });
    let [caught, turned, wronged, right] = [0, 0, 0, 0];
    found!.rows.forEach((row, t) => {
      const is = found!.types[t] === "noisy";
      if (data.truth[row] === 0) {
        turned++;
        if (is) caught++;
      } else {
        right++;
        if (is) wronged++;
      }
    });
    expect(caught / turned).toBeGreaterThan(0.4);
    expect(wronged / right).toBeLessThan(0.1);
  });

  it("makes fewer rows than SMOTE whose nearest row is truly of the other class, as many as asked for, on lines between rows of the class", async () => {
    const data = noisy(2, 0.1);
    const { X, y, truth } = data;
    const strays = async (method: typeof smote): Promise<number> => {
      const { data: made, counts, origins } = await method({ seed: 1 }).resample({ X, y }, { only: "synthetic" });
      expect(counts.get(1)!.after).toBe(counts.get(0)!.after);
      let stray = 0;
      made.X.forEach((row, t) => {
        const [base, neighbor, gap] = [X[origins.base[t]!]!, X[origins.neighbor[t]!]!, origins.gap[t]!];
        [0, 1].forEach((c) => expect(row[c]).toBeCloseTo(base[c]! + gap * (neighbor[c]! - base[c]!), 9));
        const distances = X.map((other) => (other[0]! - row[0]!) ** 2 + (other[1]! - row[1]!) ** 2);
        if (truth[distances.indexOf(Math.min(...distances))] === 0) stray++;
      });
      return stray / made.X.length;
    };
    expect(await strays(gkSmote as never)).toBeLessThan(0.6 * (await strays(smote)));
  });

  it("rows of the stream do not depend on how many are asked for", async () => {
    const { X, y } = noisy(4, 0.1);
    const generator = await gkSmote().fit({ X, y });
    const all = await generator.sample(1, 0, 60);
    expect([...(await generator.sample(1, 0, 25)).data.X, ...(await generator.sample(1, 25, 60)).data.X]).toEqual(all.data.X);
    expect(() => generator.toJSON()).toThrow(InputError);
  });

  it("grows a class of noise alone from all of its rows, and says so", async () => {
    const numbers = new Numbers(6);
    const X = Array.from({ length: 103 }, (_, i) => (i < 3 ? [4 * (i - 1), 4] : [8 * numbers.unit() - 4, 8 * numbers.unit()]));
    const { notes, counts } = await gkSmote({ kNeighbors: 2 }).resample({ X, y: X.map((_, i) => (i < 3 ? "few" : "many")) });
    expect(notes.join()).toMatch(/fewer than two rows that are not noisy/);
    expect(counts.get("few")!.after).toBe(100);
  });
});
