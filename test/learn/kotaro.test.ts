import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, kotaro, table, type KotaroOptions, type Model } from "../../bindings/index";
import { learnKernels, type Distinct } from "../../bindings/learn/kotaro";
import { startWork } from "../../bindings/run/work";
import { Numbers } from "../support/numbers";

const kernelsOf = (
  X: readonly (readonly number[])[],
  y: readonly number[],
  k: number,
  width: "scaled" | "literal",
  ridge = 0,
): ReturnType<typeof learnKernels> => {
  const distinct: Distinct = { values: Float64Array.from(X.flat()), n: X.length, d: X[0]!.length, targets: [Float64Array.from(y)] };
  return learnKernels(startWork(undefined, 1), distinct, { k, width, ridge, leaveOneOut: true }, () => undefined);
};

const expectNear = (found: ArrayLike<number>, expected: readonly number[], digits = 8): void =>
  expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, digits - 0.5));

/** f at some points, by the whole learner without scaling. */
const decided = async (X: number[][], y: number[], options: KotaroOptions, at: number[][]): Promise<Float64Array> =>
  (await kotaro({ scale: "none", ...options }).fit({ X, y })).decisionFunction!({ X: at });

describe("kernels and weights, worked out by hand in double precision", () => {
  it("two points", async () => {
    const { weights } = await kernelsOf([[0], [2]], [-1, 1], 1, "literal");
    expectNear(weights[0]!, [-1.1565176427, 1.1565176427]);
  });

  const X = [[0], [1], [1.5], [4], [6]];
  const y = [-1, -1, -1, 1, 1];
  const at = [[-3], [0.5], [2.5], [3], [5], [10]];
  it.each([
    [
      1,
      [-0.97278962, -0.13301663, -0.85552502, 0.88080044, 0.88079662],
      [-0.00012005, -0.95214373, 0.16874244, 0.53434854, 1.06846263, 0.00029549],
      [-0.91149786, -0.07887718, -0.53327144, 0.86466782, 0.86466427],
    ],
    [
      2,
      [-0.90832322, 0.51073109, -1.25916242, 0.6634334, 0.86605683],
      [-0.00225316, -1.01161385, -0.28007086, 0.2880665, 1.13783926, 0.02473972],
      [-0.69512464, 0.13995425, -0.40364197, 0.6065416, 0.79403458],
    ],
  ])("five points on a line, k = %d", async (k, expected, f, residuals) => {
    const { weights, left } = await kernelsOf(X, y, k, "literal");
    expectNear(weights[0]!, expected);
    expectNear(
      left![0]!.map((value, i) => y[i]! - value),
      residuals,
    );
    expectNear(await decided(X, y, { kNeighbors: k, width: "literal" }, at), f);
  });

  const plane = [
    [0, 0],
    [1, 0],
    [0, 1],
    [3, 3],
    [3.5, 3],
  ];
  it("five points of the plane; the scaled width knows no unit", async () => {
    const points = [
      [2, 2],
      [1.5, 1.5],
    ];
    const literal = await kernelsOf(plane, y, 2, "literal");
    expectNear(literal.weights[0]!, [-0.27409116, -0.7435036, -0.74028402, 0.49774569, 0.53562043]);
    expectNear(await decided(plane, y, { kNeighbors: 2, width: "literal" }, points), [0.475527809, -0.00537655745]);
    const scaled = await kernelsOf(plane, y, 2, "scaled");
    expectNear(scaled.weights[0]!, [-0.0600815, -0.99155363, -0.97369427, 0.52732197, 0.48349418]);
    expectNear(await decided(plane, y, { kNeighbors: 2 }, [...points, [10, 10]]), [0.68148435, 0.13023273, 0.00149892]);
    const times = (rows: number[][]): number[][] => rows.map((row) => row.map((x) => 10 * x));
    expectNear(await decided(times(plane), y, { kNeighbors: 2 }, times([...points, [10, 10]])), [0.68148435, 0.13023273, 0.00149892]);
  });
});

describe("properties", () => {
  const clouds = (seed: number, n = 60): { X: number[][]; y: number[] } => {
    const numbers = new Numbers(seed);
    const y = Array.from({ length: n }, (_, i) => (i % 5 ? 0 : 1));
    return { X: y.map((label) => [numbers.normal() + 2 * label, numbers.normal()]), y };
  };

  it("repeats its labels; turned labels turn it; the order of rows is nothing to it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom(1, 2, 3), async (seed, k) => {
        const { X, y } = clouds(seed);
        const signs = y.map((label) => 2 * label - 1);
        const f = await decided(X, signs, { kNeighbors: k }, X);
        expectNear(f, signs, 6);
        const [a, b] = [
          await kernelsOf(X, signs, k, "scaled"),
          await kernelsOf(
            X,
            signs.map((s) => -s),
            k,
            "scaled",
          ),
        ];
        expectNear(
          b.weights[0]!,
          [...a.weights[0]!].map((w) => -w),
          6,
        );
        const order = X.map((_, i) => (i * 7) % 60);
        const turned = await decided(
          order.map((i) => X[i]!),
          order.map((i) => signs[i]!),
          { kNeighbors: k },
          [
            [0.3, 0.4],
            [9, 9],
          ],
        );
        expectNear(
          turned,
          [
            ...(await decided(X, signs, { kNeighbors: k }, [
              [0.3, 0.4],
              [9, 9],
            ])),
          ],
          6,
        );
      }),
      { numRuns: 15 },
    );
  });

  it("the closed form of leaving one out is what leaving one out gives, widths held", async () => {
    const { X, y } = clouds(3, 20);
    const signs = y.map((label) => 2 * label - 1);
    for (const ridge of [0, 0.01]) {
      const { left, centers } = await kernelsOf(X, signs, 2, "scaled", ridge);
      const kernel = (i: number, j: number): number =>
        2 ** (-centers.scales[j]! * ((X[i]![0]! - X[j]![0]!) ** 2 + (X[i]![1]! - X[j]![1]!) ** 2));
      X.forEach((_, out) => {
        const rest = [...X.keys()].filter((i) => i !== out);
        const rows = rest.map((i) => [...rest.map((j) => kernel(i, j) + (i === j ? ridge : 0)), signs[i]!]);
        const m = rest.length;
        for (let c = 0; c < m; c++) {
          const best = rows.findIndex(
            (row, i) => i >= c && Math.abs(row[c]!) === Math.max(...rows.slice(c).map((other) => Math.abs(other[c]!))),
          );
          [rows[c], rows[best]] = [rows[best]!, rows[c]!];
          for (let i = 0; i < m; i++)
            if (i !== c) rows[i] = rows[i]!.map((value, j) => value - (rows[i]![c]! / rows[c]![c]!) * rows[c]![j]!);
        }
        const f = rest.reduce((sum, j, c) => sum + (rows[c]![m]! / rows[c]![c]!) * kernel(out, j), 0);
        expect(left![0]![out]).toBeCloseTo(f, 8);
      });
    }
  });

  it("tunes by leaving one out, on labels that are wrong with more ridge than on right ones", async () => {
    const { X, y } = clouds(5, 200);
    const model = await kotaro({ kNeighbors: "tune", ridge: "tune", threshold: "tune" }).fit({ X, y });
    expect(model.notes.join(" ")).toMatch(/Leaving one out chose kNeighbors \d+, ridge /);
    const numbers = new Numbers(9);
    const wrong = y.map((label) => (numbers.unit() < 0.15 ? 1 - label : label));
    const careful = await kotaro({ kNeighbors: "tune", ridge: "tune" }).fit({ X, y: wrong });
    expect(careful.notes.join(" ")).toMatch(/ridge 0\.1/);
  });

  it("predicts by the threshold, the more frequent class far from everything", async () => {
    const { X, y } = clouds(6);
    const labels = y.map((label) => (label ? "a rare one" : "many"));
    const model = await kotaro().fit({ X, y: labels });
    expect(await model.predict({ X })).toEqual(labels);
    expect(await model.predict({ X: [[1e6, 1e6]] })).toEqual(["many"]);
    const f = await model.decisionFunction!({ X });
    const { probabilities } = await model.predictProbability({ X });
    f.forEach((value, i) => expect(value > 0).toBe(probabilities[2 * i]! > 0.5));
  });
});

describe("awkward rows", () => {
  const stored = (model: Model, options: KotaroOptions = {}): Model => kotaro(options).restore(JSON.parse(JSON.stringify(model)));

  it("equal rows are merged, also where their labels differ", async () => {
    const X = [[0], [0], [0], [1], [1], [5]];
    const model = await kotaro({ kNeighbors: 1, scale: "none" }).fit({ X, y: [0, 0, 1, 1, 1, 0] });
    expect(model.notes.join()).toMatch(/3 rows that equal others were merged/);
    const f = await model.decisionFunction!({ X: [[0], [1], [5]] });
    // of equally frequent classes the second is decided on
    expectNear(f, [-1 / 3, 1, -1], 8);
    const one = await kotaro().fit({ X: [[2], [2], [2]], y: [0, 1, 0] });
    expect(await one.predict({ X: [[2]] })).toEqual([0]);
  });

  it("many classes, mixed columns with missing cells, storing", async () => {
    const numbers = new Numbers(2);
    const rows = Array.from({ length: 90 }, (_, i) => ({
      u: i % 9 ? numbers.normal() + 4 * (i % 3) : null,
      v: ["p", "q", "r"][i % 3],
      y: `class ${i % 3}`,
    }));
    const data = table(rows, { target: "y" });
    const model = await kotaro().fit(data);
    expect((await model.decisionFunction!(data)).length).toBe(270);
    const right = (await model.predict(data)).filter((label, i) => label === rows[i]!.y).length;
    expect(right).toBeGreaterThan(85);
    const again = stored(model);
    expect(await again.predictProbability(data)).toEqual(await model.predictProbability(data));
    expect(() => kotaro().restore({ ...model.toJSON(), fitted: { ...(model.toJSON()["fitted"] as object), thresholds: [] } })).toThrow(
      InputError,
    );
  });

  it("caps the largest classes, and says so", async () => {
    const numbers = new Numbers(4);
    const X = Array.from({ length: 300 }, () => [numbers.normal(), numbers.normal()]);
    const model = await kotaro({ maxRows: 100 }).fit({ X, y: X.map((_, i) => (i < 20 ? 1 : 0)) });
    expect(model.notes.join()).toMatch(/100 of 300 rows/);
    expect(model.notes.join()).toMatch(/condition of the equations is about/);
  });

  it("tells what it cannot do in one sentence", async () => {
    expect(() => kotaro({ ridge: -1 })).toThrow(/ridge is -1/);
    expect(() => kotaro({ width: "wide" as never })).toThrow(InputError);
    await expect(kotaro({ kNeighbors: 9 }).fit({ X: [[1], [2], [3]], y: [0, 1, 0] })).rejects.toThrow(/kNeighbors is 9/);
    const stop = new AbortController();
    stop.abort("enough");
    await expect(kotaro().fit({ X: [[1], [2]], y: [0, 1] }, {}, { signal: stop.signal })).rejects.toBe("enough");
  });
});
