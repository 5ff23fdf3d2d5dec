import { describe, expect, it, vi } from "vitest";
import { InputError, smote, table, type Matrix } from "../../bindings/index";
import { read } from "../../bindings/data/read";
import { clustered, Numbers } from "../support/numbers";
import { nearest, rowsOf, squaredDistance } from "../support/oracle";

/** Two classes: `n` minority rows labelled 1 around the origin, and `more` majority rows labelled 0 in front of them. */
function twoClasses(n: number, more: number, d: number, seed = 1): Matrix & { X: Float64Array; columns: number } {
  const numbers = new Numbers(seed);
  return { X: numbers.block(n + more, d), y: Uint8Array.from({ length: n + more }, (_, i) => (i < more ? 0 : 1)), columns: d };
}

describe("SMOTE's law", () => {
  const [n, more, d, k, m] = [120, 150, 4, 5, 6000];
  const data = twoClasses(n, more, d);
  const run = smote({ kNeighbors: k, seed: 5, strategy: { counts: { 1: n + m } } }).resample(data);
  const minority = rowsOf(data.X.subarray(more * d), d);
  const exact = nearest(n, n, k, true, (i, j) => squaredDistance(minority[i]!, minority[j]!));

  it("every row lies on the segment from its base to one of the base's exact k nearest", async () => {
    const { data: after, origins } = await run;
    for (let t = 0; t < m; t++) {
      const i = n + more + t;
      const [base, neighbor, gap] = [origins.base[i]! - more, origins.neighbor[i]! - more, origins.gap[i]!];
      expect([...exact.indices.subarray(base * k, base * k + k)]).toContain(neighbor);
      for (let c = 0; c < d; c++) {
        const [x, y] = [minority[base]![c]!, minority[neighbor]![c]!];
        expect(after.X[i * d + c]).toBe(x + gap * (y - x));
      }
    }
  });

  it("gaps are uniform (Kolmogorov–Smirnov), neighbors equally likely, and both independent of the base", async () => {
    const { origins } = await run;
    const gaps = origins.gap.slice(n + more).sort();
    const apart = Math.max(...Array.from(gaps, (gap, t) => Math.max(gap - t / m, (t + 1) / m - gap)));
    expect(apart * Math.sqrt(m)).toBeLessThan(1.95); // p = 0.001
    const ranks = new Array<number>(k).fill(0);
    for (let i = n + more; i < n + more + m; i++)
      ranks[exact.indices.indexOf(origins.neighbor[i]! - more, (origins.base[i]! - more) * k) % k]!++;
    expect(ranks.reduce((sum, count) => sum + (count - m / k) ** 2 / (m / k), 0)).toBeLessThan(18.5); // 4 degrees, p = 0.001
  });

  it("bases are even in every prefix", async () => {
    const { origins } = await run;
    const children = new Array<number>(n).fill(0);
    for (let t = 0; t < m; t++) {
      children[origins.base[n + more + t]! - more]!++;
      if (t % 37 === 0) expect(Math.max(...children) - Math.min(...children)).toBeLessThanOrEqual(1);
    }
    expect(new Set(children)).toEqual(new Set([m / n]));
  });
});

describe("the same bytes", () => {
  const data = { X: clustered(new Numbers(2), 600, 6), y: Array.from({ length: 600 }, (_, i) => (i % 3 ? "no" : "yes")), columns: 6 };

  it("whatever the range: sample(0, 400) and sample(400, 1000) are sample(0, 1000)", async () => {
    const generator = await smote({ seed: 7 }).fit(data);
    const whole = (await generator.sample("yes", 0, 1000)).data.X;
    const parts = [await generator.sample("yes", 0, 400), await generator.sample("yes", 400, 1000)].flatMap(({ data: part }) => [
      ...part.X,
    ]);
    expect(parts).toEqual([...whole]);
    expect((await generator.sample("yes", 2 ** 40, 2 ** 40 + 3)).data.X).toHaveLength(18);
  });

  it.each([1, 1000, 1e5])("whatever the block: %d multiply-adds at a time", async (size) => {
    const expected = (await smote({ seed: 7 }).resample(data)).data.X;
    vi.resetModules();
    vi.doMock("../../bindings/run/work", async (original) => ({ ...(await original<object>()), blockSizes: () => () => size }));
    const { smote: mocked } = await import("../../bindings/index");
    expect((await mocked({ seed: 7 }).resample(data)).data.X).toEqual(expected);
    vi.doUnmock("../../bindings/run/work");
    vi.resetModules();
  });
});

describe("too few rows", () => {
  const data = { X: [[1], [2], [3], [10], [11], [12], [13], [14], [15], [16]], y: [1, 1, 1, 0, 0, 0, 0, 0, 0, 0] };
  const one = { X: [[5, 6], ...Array.from({ length: 7 }, (_, i) => [i, -i])], y: ["rare", ...new Array<string>(7).fill("common")] };

  it("is an error that names the largest k and the policy", async () => {
    const message = 'kNeighbors is 5 but class 1 has 3 rows; use 2 or less, or onTooFew: "reduce".';
    await expect(smote().resample(data)).rejects.toThrow(message);
    await expect(smote().resample(data)).rejects.toMatchObject({ name: "InputError", code: "TOO_FEW_ROWS" });
    await expect(smote().resample(one)).rejects.toThrow('class "rare" has 1 row; use onTooFew: "copy"');
  });

  it("works with k = n − 1", async () => {
    const { data: after } = await smote({ kNeighbors: 2 }).resample(data);
    expect(after.X).toHaveLength(14);
  });

  it("reduce uses the neighbors there are, and copies a single row", async () => {
    const reduced = await smote({ onTooFew: "reduce" }).resample(data);
    expect(reduced.notes).toEqual(["Class 1 has 3 rows, too few for 5 neighbors; 2 were used."]);
    for (const neighbor of reduced.origins.neighbor.slice(10)) expect([0, 1, 2]).toContain(neighbor);
    const copied = await smote({ onTooFew: "reduce" }).resample(one);
    expect(copied.data.X.slice(8)).toEqual(new Array(6).fill([5, 6]));
    expect(copied.notes).toEqual(['Class "rare" has 1 row, too few for 5 neighbors; its rows were copied.']);
  });

  it("copy repeats the rows", async () => {
    const copied = await smote({ onTooFew: "copy" }).resample(data);
    expect(new Set(copied.data.X.slice(10).map(([value]) => value))).toEqual(new Set([1, 2, 3]));
    expect([...copied.origins.neighbor.slice(10)]).toEqual([-1, -1, -1, -1]);
  });

  it("skip leaves the class as it is", async () => {
    const skipped = await smote({ onTooFew: "skip" }).resample(data);
    expect(skipped.data.X).toEqual(data.X);
    expect(skipped.counts.get(1)).toEqual({ before: 3, added: 0, removed: 0, after: 3 });
    expect(skipped.notes.join()).toMatch(/left as it is/);
  });
});

describe("awkward data", () => {
  it("duplicates: a row is never its own neighbor, and copies appear only between equal rows", async () => {
    const X = [...new Array<number[]>(8).fill([1, 1]), [2, 2], ...Array.from({ length: 20 }, (_, i) => [i, i])];
    const y = [...new Array<number>(9).fill(1), ...new Array<number>(20).fill(0)];
    const { origins } = await smote().resample({ X, y });
    for (let i = 29; i < origins.base.length; i++) expect(origins.neighbor[i]).not.toBe(origins.base[i]);
  });

  it("constant columns stay constant, one column works, and huge offsets keep their digits", async () => {
    const numbers = new Numbers(1);
    const X = Array.from({ length: 60 }, () => [1e9 + 1e-3 * numbers.normal(), 7]);
    const y = X.map((_, i) => (i < 20 ? "few" : "many"));
    const { data } = await smote().resample({ X, y });
    const [low, high] = [Math.min(...X.slice(0, 20).map(([x]) => x!)), Math.max(...X.slice(0, 20).map(([x]) => x!))];
    for (const [value, constant] of data.X.slice(60)) {
      expect(constant).toBe(7);
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(high);
    }
  });

  it("numbers too large for squared distances are an error that names the column", async () => {
    const X = [[1, 1e200], [2, -1e200], ...Array.from({ length: 8 }, (_, i) => [i, i])];
    const y = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
    await expect(smote({ kNeighbors: 2 }).resample({ X, y })).rejects.toThrow(/Column "1" spans numbers whose squared differences exceed/);
    await expect(smote({ kNeighbors: 2, scale: "standard" }).resample({ X, y })).rejects.toMatchObject({ code: "OVERFLOW" });
    await expect(
      smote({ kNeighbors: 2 }).resample({ X: [[1e308], [-1e308], [0], [1], [2], [3], [4]], y: [1, 1, 1, 0, 0, 0, 0] }),
    ).rejects.toMatchObject({ code: "OVERFLOW" });
  });

  it("a table without features is an error", async () => {
    const rows = Array.from({ length: 9 }, (_, i) => ({ id: i, y: i < 3 }));
    await expect(smote({ kNeighbors: 1 }).resample(table(rows, { target: "y", carry: ["id"] }))).rejects.toThrow(/no feature/);
  });
});

describe("scale", () => {
  const numbers = new Numbers(4);
  const rows = Array.from({ length: 80 }, (_, i) => ({ small: numbers.normal(), large: 1e5 * numbers.normal(), y: i < 30 }));
  const X = rows.map(({ small, large }) => [small, large]);
  const y = rows.map((row) => row.y);

  it("is none for numbers, with a note when one column decides alone, and standard for a table", async () => {
    const raw = await smote().resample({ X, y });
    expect(raw.notes).toEqual([
      'Column "1" carries 99 % of the squared distances in class true; scale: "standard" gives columns equal say.',
    ]);
    const scaled = await smote({ scale: "standard" }).resample({ X, y });
    expect(scaled.notes).toEqual([]);
    const asTable = await smote().resample(table(rows, { target: "y" }));
    expect([...asTable.origins.neighbor]).toEqual([...scaled.origins.neighbor]);
    expect([...raw.origins.neighbor]).not.toEqual([...scaled.origins.neighbor]);
  });

  it("by divisors of one's own equals dividing the columns", async () => {
    const divided = await smote().resample({ X: X.map(([a, b]) => [a!, b! / 1e5]), y });
    const own = await smote({ scale: { 1: 1e5 } }).resample({ X, y });
    expect([...own.origins.neighbor]).toEqual([...divided.origins.neighbor]);
    await expect(smote({ scale: { 7: 2 } }).resample({ X, y })).rejects.toThrow(
      /scale names column "7", but the numeric features are "0" and "1"/,
    );
    await expect(smote({ scale: { 1: 0 } }).resample({ X, y })).rejects.toThrow(/needs a positive number/);
    expect(() => smote({ scale: "standard deviation" as "standard" })).toThrow(InputError);
  });
});

describe("mixed rows", () => {
  const numbers = new Numbers(6);
  const rows = Array.from({ length: 120 }, (_, i) => ({
    a: numbers.normal(),
    color: numbers.pick(["red", "green", "blue"]),
    y: i % 4 ? "no" : "yes",
  }));
  const data = table(rows, { target: "y" });

  it("take nominal values by vote of the k neighbors, or of the nearer parent", async () => {
    const voted = await smote({ seed: 1 }).resample(data);
    const encoded = read(data);
    for (let i = 120; i < voted.data.rows.length; i++) expect(["red", "green", "blue"]).toContain(voted.data.rows[i]!["color"]);
    expect(encoded.schema.q).toBe(1);
    const parents = await smote({ seed: 1, nominal: "parent" }).resample(data);
    for (let i = 120; i < parents.data.rows.length; i++) {
      const parent = parents.origins.gap[i]! < 0.5 ? parents.origins.base[i]! : parents.origins.neighbor[i]!;
      expect(parents.data.rows[i]!["color"]).toBe(rows[parent]!.color);
    }
  });

  it("all nominal: the row itself votes too (SMOTE-N)", async () => {
    const nominal = [
      ...new Array(6).fill({ u: "x", v: "p", y: 1 }),
      { u: "z", v: "q", y: 1 },
      ...Array.from({ length: 20 }, (_, i) => ({ u: i % 2 ? "x" : "z", v: "q", y: 0 })),
    ];
    const { data: after, notes } = await smote().resample(table(nominal, { target: "y" }));
    expect(notes).toEqual([]);
    for (const row of after.rows.slice(27)) expect([row["u"], row["v"]]).toEqual(["x", "p"]);
  });
});

describe("roles", () => {
  const numbers = new Numbers(8);
  const rows = Array.from({ length: 60 }, (_, i) => ({
    id: `p${i}`,
    seen: new Date(2024, 0, i + 1),
    hospital: i % 5,
    w: 1 + (i % 3),
    big: BigInt(i),
    a: numbers.normal(),
    y: i < 15,
  }));
  const data = table(rows, { target: "y", carry: ["id", "big"], time: "seen", group: "hospital", weight: "w" });

  it("carries ids, groups and times from the base, and interpolates weights", async () => {
    const { data: after, origins } = await smote({ seed: 2 }).resample(data);
    for (let i = 60; i < after.rows.length; i++) {
      const [row, base, neighbor] = [after.rows[i]!, rows[origins.base[i]!]!, rows[origins.neighbor[i]!]!];
      expect([row["id"], row["seen"], row["hospital"], row["big"]]).toEqual([base.id, base.seen, base.hospital, base.big]);
      expect(row["w"]).toBeCloseTo(base.w + origins.gap[i]! * (neighbor.w - base.w), 12);
    }
  });

  it("columns that are carried do not enter distances", async () => {
    const bare = table(
      rows.map(({ a, y }) => ({ a, y })),
      { target: "y" },
    );
    expect([...(await smote({ seed: 2 }).resample(bare)).origins.neighbor]).toEqual([
      ...(await smote({ seed: 2 }).resample(data)).origins.neighbor,
    ]);
  });
});
