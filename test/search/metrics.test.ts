import { describe, expect, it } from "vitest";
import { InputError, nearestNeighbors, type Data, type NearestNeighborsOptions } from "../../bindings/index";
import { Numbers } from "../support/numbers";

const LABELS = ["no", "other", "yes"];

interface Cells {
  readonly X: number[][];
  readonly y: string[];
  readonly kinds: ("numeric" | "nominal")[];
}

/** Numbers, some missing, and codes, some missing; rows that repeat. */
function cells(seed: number, n: number, d: number, q: number, missing: number): Cells {
  const numbers = new Numbers(seed);
  const X = Array.from({ length: n }, () => [
    ...Array.from({ length: d }, () => (numbers.unit() < missing ? NaN : Math.round(numbers.normal() * 8) / 4)),
    ...Array.from({ length: q }, () => (numbers.unit() < missing ? NaN : Math.floor(numbers.unit() * 3))),
  ]);
  for (let i = 5; i < n; i += 17) X[i] = [...X[i - 3]!];
  const y = X.map((_, i) => LABELS[i % 7 === 0 ? 2 : i % 3 === 0 ? 1 : 0]!);
  return { X, y, kinds: Array.from({ length: d + q }, (_, c) => (c < d ? "numeric" : "nominal")) };
}

/** Distances written out, as the docstrings define them; `learn`: the rows that teach means, deviations and the weight of a mismatch. */
function twin({ X, y, kinds }: Cells, options: NearestNeighborsOptions, learn: readonly number[]): (i: number, j: number) => number {
  const present = (c: number): number[] => learn.map((i) => X[i]![c]!).filter((value) => value === value);
  const mean = kinds.map((_, c) => present(c).reduce((sum, value) => sum + value, 0) / present(c).length);
  const variance = kinds.map((_, c) => present(c).reduce((sum, value) => sum + (value - mean[c]!) ** 2, 0) / present(c).length);
  const deviations = kinds.flatMap((kind, c) => (kind === "numeric" ? [Math.sqrt(variance[c]!)] : [])).sort((a, b) => a - b);
  const half = deviations.length >> 1;
  const median = deviations.length === 0 ? 1 : deviations.length % 2 ? deviations[half]! : (deviations[half - 1]! + deviations[half]!) / 2;
  const manhattan = options.metric === "manhattan";
  const byLabels = options.metric === "valueDifference" || (!options.metric && deviations.length === 0);
  const share = (c: number, code: number): number[] => {
    const rows = X.map((_, i) => i).filter((i) => Object.is(X[i]![c], code));
    return LABELS.map((label) => rows.filter((i) => y[i] === label).length / rows.length);
  };
  return (i, j) => {
    let [numeric, both, nominal, width] = [0, 0, 0, 0];
    kinds.forEach((kind, c) => {
      const [a, b] = [X[i]![c]!, X[j]![c]!];
      if (kind === "nominal") {
        if (byLabels) {
          const theirs = share(c, b);
          nominal += share(c, a).reduce((sum, value, l) => sum + Math.abs(value - theirs[l]!), 0) ** 2;
        } else if (!Object.is(a, b)) nominal += manhattan ? median : median * median;
        return;
      }
      width++;
      if (options.missing === "rescale" && !(a === a && b === b)) return;
      both++;
      const apart = (a === a ? a : mean[c]!) - (b === b ? b : mean[c]!);
      const squared = apart * apart + (a === a ? 0 : variance[c]!) + (b === b ? 0 : variance[c]!);
      numeric += manhattan ? Math.sqrt(squared) : squared;
    });
    if (options.missing === "rescale") numeric = both ? (numeric * width) / both : width ? Infinity : 0;
    return manhattan ? numeric + nominal : Math.sqrt(numeric + nominal);
  };
}

/** What was found is what the twin ranks first, and as far, to within rounding. */
async function check(data: Cells, options: NearestNeighborsOptions): Promise<void> {
  const found = await nearestNeighbors(data as Data, options);
  const { labels, exclude } = options;
  const all = data.X.map((_, i) => i);
  const k = found.kNeighbors;
  const asked = all.filter((i) => !labels?.queries || labels.queries.includes(data.y[i]!));
  expect([...found.rows]).toEqual(asked);
  asked.forEach((i, t) => {
    const among = all.filter((j) => {
      if (j === i && exclude !== "none") return false;
      const reference = labels?.reference;
      if (reference === "same" || reference === "other") return (data.y[i] === data.y[j]) === (reference === "same");
      return !reference || reference.includes(data.y[j]!);
    });
    const learn = labels?.reference === "same" ? all.filter((j) => data.y[j] === data.y[i]) : all;
    const far = twin(data, options, learn);
    const distances = among.map((j) => far(i, j)).sort((a, b) => a - b);
    const rows = [...found.indices.subarray(t * k, t * k + k)];
    expect(new Set(rows).size).toBe(k);
    rows.forEach((j, p) => {
      expect(among).toContain(j);
      expect(found.distances[t * k + p]).toBeCloseTo(distances[p]!, 9);
      expect(found.distances[t * k + p]).toBeCloseTo(far(i, j), 9);
    });
  });
}

describe("metrics equal their definitions", () => {
  const shapes = [
    [60, 3, 0, 0],
    [60, 3, 0, 0.2],
    [60, 2, 2, 0],
    [60, 4, 2, 0.15],
    [60, 0, 3, 0.1],
    [60, 1, 1, 0.3],
  ] as const;
  for (const [n, d, q, missing] of shapes) {
    const data = cells(d * 10 + q, n, d, q, missing);
    for (const metric of [undefined, "euclidean", "manhattan", "valueDifference"] as const) {
      if (metric === "valueDifference" && q === 0) continue;
      for (const algorithm of ["exhaustive", "tree"] as const) {
        it(`${d} numeric, ${q} nominal, ${missing} missing, ${metric}, ${algorithm}`, () => check(data, { metric, algorithm }));
      }
      if (missing && d) it(`${d} numeric, ${q} nominal, rescaled, ${metric}`, () => check(data, { metric, missing: "rescale" }));
    }
  }

  it.each(["manhattan", "valueDifference"] as const)("the tree finds the same by %s, ties by row number", async (metric) => {
    const data = cells(9, 5000, 3, 1, 0.02) as Data;
    const [a, b] = await Promise.all(
      (["exhaustive", "tree"] as const).map((algorithm) => nearestNeighbors(data, { metric, algorithm, kNeighbors: 7 })),
    );
    expect(a!.indices).toEqual(b!.indices);
    expect(a!.distances).toEqual(b!.distances);
  });
});

describe("labels restrict who is asked and who is found", () => {
  const data = cells(3, 90, 3, 1, 0.1);
  const restrictions: NearestNeighborsOptions["labels"][] = [
    {},
    { queries: ["yes"] },
    { queries: ["yes", "no"], reference: ["no", "yes"] },
    { queries: ["yes", "no"], reference: ["no"] },
    { reference: ["yes"] },
    { reference: "same" },
    { reference: "other" },
    { queries: ["yes"], reference: "other" },
    { queries: ["yes"], reference: "same" },
  ];
  for (const labels of restrictions) {
    for (const exclude of ["self", "none"] as const) {
      it(`${JSON.stringify(labels)}, exclude ${exclude}`, () => check(data, { labels, exclude, kNeighbors: 4 }));
    }
  }

  it("finds other rows than the query among many that are equal to it", async () => {
    const X = Array.from({ length: 40 }, () => [1]);
    const y = X.map((_, i) => (i % 4 === 3 ? "yes" : "no"));
    const { rows, indices } = await nearestNeighbors({ X, y }, { labels: { queries: ["yes"] }, kNeighbors: 2 });
    rows.forEach((row, t) => expect([...indices.subarray(2 * t, 2 * t + 2)]).toEqual(row < 2 ? [0, 1].filter((i) => i !== row) : [0, 1]));
  });

  it("other rows are sought among some classes only", async () => {
    const { indices } = await nearestNeighbors(
      { X: [[0], [1], [2]], y: ["a", "b", "b"] },
      { queries: { X: [[0.1]] }, labels: { reference: ["b"] }, kNeighbors: 1 },
    );
    expect([...indices]).toEqual([1]);
  });

  const few = { X: [[1], [2], [3]], y: ["a", "b", "b"] };
  it.each([
    [few, { labels: { reference: "same" } }, /kNeighbors is 1 but class "a" has 1 row, the row itself among them; a row has no neighbors/],
    [few, { labels: { reference: "other" }, kNeighbors: 2 }, /kNeighbors is 2 but the classes other than "b" have 1 row; use 1 or less/],
    [few, { labels: { reference: ["c"] } }, /labels\.reference names "c", but the labels are "a" and "b"/],
    [few, { labels: { reference: "a" } }, /labels\.reference is "a", but needs an array of labels: \["yes"\], or "same" or "other"/],
    [few, { labels: { queries: [] } }, /labels\.queries is an array of 0/],
    [few, { labels: { query: ["a"] } }, /labels has no option "query"; did you mean "queries"/],
    [{ X: few.X }, { labels: { queries: ["a"] } }, /has none; add y/],
    [few, { queries: { X: [[1]] }, labels: { reference: "same" } }, /queries are other rows/],
    [few, { metric: "valueDifference" }, /no column is nominal/],
    [few, { metric: "cosine" }, /metric is "cosine", but needs one of "euclidean", "manhattan" and "valueDifference"/],
    [{ X: few.X, kinds: ["nominal"] }, { metric: "valueDifference" }, /need labels; add y/],
  ])("refuses %#", async (given, options, message) => {
    const call = nearestNeighbors(given as never, { kNeighbors: 1, ...(options as object) });
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toBeInstanceOf(InputError);
  });
});
