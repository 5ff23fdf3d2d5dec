import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { restoreGenerator } from "../../bindings/generator";
import { InputError, table, type Data, type Oversampler } from "../../bindings/index";
import { companionsOf, mirrorsOf } from "../../bindings/resample/companions";
import { oversampler, type Decided, type Scene } from "../../bindings/resample/oversample";
import { Numbers } from "../support/numbers";

/** A method that decides as it is told, for what the parts shared by all methods can do. */
function deciding(decide: (scene: Scene) => Decided, seed = 0): Oversampler {
  return oversampler({
    name: "test",
    options: { strategy: { times: { yes: 40 } }, seed },
    workFor: () => 1,
    choose: (scene) => Promise.resolve(decide(scene)),
  });
}

const LERP = { name: "lerp", nominal: "vote", withBase: false } as const;
const EVEN = { draws: "even", shares: null } as const;

const numbers = new Numbers(11);
const rows = Array.from({ length: 30 }, (_, i) => ({
  a: numbers.normal(),
  b: numbers.normal(),
  color: i < 10 ? ["red", "green"][i % 2] : "foreign",
  w: 1 + i,
  id: `row ${i}`,
  y: i < 10 ? "yes" : "no",
}));
const data = table(rows, { target: "y", weight: "w", carry: ["id"] });

/** The same rows from the generator, from a stored one, and in pieces. */
async function sampled(
  method: Oversampler,
  m = 200,
): Promise<{ rows: Record<string, unknown>[]; base: number[]; neighbor: number[]; gap: number[] }> {
  const generator = await method.fit(data as Data);
  const whole = await generator.sample("yes", 0, m);
  const made = (whole.data as typeof data).rows as Record<string, unknown>[];
  const stored = await restoreGenerator(JSON.parse(JSON.stringify(generator))).sample("yes", 0, m);
  expect(stored.data).toEqual(made);
  const piece = await generator.sample("yes", 37, 61);
  expect((piece.data as typeof data).rows).toEqual(made.slice(37, 61));
  const { base, neighbor, gap } = whole.origins;
  return { rows: made, base: [...base], neighbor: [...neighbor], gap: [...gap] };
}

describe("companions", () => {
  it("foreign rows draw near, but have neither vote, label nor carried cells", async () => {
    const method = deciding(({ data: { n } }) => {
      const bases = Uint32Array.of(4, 7);
      const towards = Uint32Array.of(20, 5, 25, 11, 12, 13);
      return { bases: { draws: "even", shares: Float64Array.of(1, 1) }, ...companionsOf(bases, towards, n), k: 3, rule: LERP };
    });
    const made = await sampled(method);
    made.rows.forEach((row, t) => {
      const [base, neighbor] = [rows[made.base[t]!]!, rows[made.neighbor[t]!]!];
      expect(row["a"]).toBe(base.a + made.gap[t]! * (neighbor.a - base.a));
      expect(row["w"]).toBe(base.w + made.gap[t]! * (neighbor.w - base.w));
      expect([row["y"], row["id"]]).toEqual(["yes", base.id]);
      // row 4 has one neighbor with a vote, row 7 none
      expect(row["color"]).toBe(made.base[t] === 4 ? rows[5]!.color : rows[7]!.color);
    });
    expect(new Set(made.base)).toEqual(new Set([4, 7]));
    expect(new Set(made.neighbor)).toEqual(new Set([20, 5, 25, 11, 12, 13]));
    expect(JSON.stringify((await method.fit(data)).toJSON())).not.toMatch(/row 20/);
  });

  it("points are no rows: their origin is −1, and they lend what they are told to", async () => {
    const method = deciding(() => ({
      bases: { draws: "even", shares: new Float64Array(10).fill(1) },
      neighbors: new Uint32Array(10).fill(10),
      k: 1,
      points: { numeric: Float64Array.of(100, -100), nominal: Uint32Array.of(2), weights: Float64Array.of(5) },
      rule: LERP,
    }));
    const made = await sampled(method);
    made.rows.forEach((row, t) => {
      const base = rows[made.base[t]!]!;
      expect([row["a"], row["w"]]).toEqual([base.a + made.gap[t]! * (100 - base.a), base.w + made.gap[t]! * (5 - base.w)]);
    });
    expect(new Set(made.neighbor)).toEqual(new Set([-1]));
  });
});

describe("lists", () => {
  it("of any length may be shared: a pool written twice gives each member all the others", async () => {
    const pools = [
      [0, 3, 8],
      [1, 2, 4, 5, 6, 7, 9],
    ];
    const method = deciding(() => {
      const lists = new Uint32Array(20);
      let start = 0;
      for (const pool of pools) {
        pool.forEach((row, place) => lists.set([start + place + 1, pool.length - 1], 2 * row));
        start += 2 * pool.length;
      }
      return {
        bases: EVEN,
        neighbors: Uint32Array.from(pools.flatMap((pool) => [...pool, ...pool])),
        k: 0,
        lists,
        rule: { ...LERP, nominal: "parent" },
      };
    });
    const made = await sampled(method, 1000);
    const seen = new Set(made.base.map((base, t) => `${base} ${made.neighbor[t]}`));
    const expected = pools.flatMap((pool) =>
      pool.flatMap((row) => pool.filter((other) => other !== row).map((other) => `${row} ${other}`)),
    );
    expect([...seen].sort()).toEqual(expected.sort());
  });

  it("vote over lists of unequal length", async () => {
    const method = deciding(() => ({
      bases: { draws: "even", shares: Float64Array.of(1, 1) },
      neighbors: Uint32Array.of(1, 3, 5, 2, 4, 9),
      k: 0,
      lists: Uint32Array.of(0, 3, 3, 2),
      rule: LERP,
    }));
    const made = await sampled(method);
    made.rows.forEach((row, t) => expect(row["color"]).toBe(made.base[t] === 0 ? "green" : "red"));
  });
});

describe("spans of the gap", () => {
  it("hold for all entries or for each", async () => {
    const neighbors = Uint32Array.from({ length: 20 }, (_, entry) => (entry * 7 + 1) % 10);
    const all = await sampled(deciding(() => ({ bases: EVEN, neighbors, k: 2, spans: Float64Array.of(0.25, 0.5), rule: LERP })));
    expect(Math.min(...all.gap)).toBeGreaterThanOrEqual(0.25);
    expect(Math.max(...all.gap)).toBeLessThan(0.5);
    const spans = Float64Array.from({ length: 40 }, (_, i) => (Math.floor(i / 2) + (i % 2) / 2) / 20);
    const each = await sampled(
      deciding(() => ({ bases: EVEN, neighbors, k: 2, spans, rule: LERP })),
      1000,
    );
    each.gap.forEach((gap, t) => {
      const entry = Math.floor(gap * 20);
      expect(gap).toBeLessThan((entry + 0.5) / 20);
      expect([Math.floor(entry / 2), neighbors[entry]]).toEqual([each.base[t], each.neighbor[t]]);
    });
  });

  it("below 0 lead away from the neighbor, within bounds, to whole numbers and levels", async () => {
    const columns = {
      a: [1, 2.5, 4, 9, 9],
      whole: [3, 5, 8, 0, 0],
      low: [0.5, 2, 1, 0, 0],
      size: ["S", "M", "L", "S", "S"],
      y: ["yes", "yes", "yes", "no", "no"],
    };
    const bounded = table(columns, { target: "y", bounds: { low: [0, 2] }, kinds: { size: "ordinal" }, levels: { size: ["S", "M", "L"] } });
    const method = deciding(({ data: read }) => {
      const bases = Uint32Array.of(0, 1, 2);
      const towards = Uint32Array.of(1, 0, 0);
      return {
        bases: { draws: "even", shares: Float64Array.of(1, 1, 1) },
        neighbors: Uint32Array.of(3, 4, 5),
        k: 1,
        spans: Float64Array.of(0, -0.5),
        points: mirrorsOf(read, bases, towards),
        rule: LERP,
      };
    });
    const { data: after, origins } = await method.resample(bounded);
    for (let i = 5; i < origins.base.length; i++) {
      const [base, neighbor, gap] = [origins.base[i]!, origins.neighbor[i]!, origins.gap[i]!];
      expect(neighbor).toBe([1, 0, 0][base]);
      expect(gap <= 0 && gap > -0.5).toBe(true);
      expect(after.columns["a"]![i]).toBeCloseTo(columns.a[base]! + gap * (columns.a[neighbor]! - columns.a[base]!), 12);
      expect(Number.isInteger(after.columns["whole"]![i])).toBe(true);
      expect(after.columns["low"]![i]).toBeGreaterThanOrEqual(0);
      expect(after.columns["low"]![i]).toBeLessThanOrEqual(2);
      expect(["S", "M", "L"]).toContain(after.columns["size"]![i]);
    }
  });
});

describe("weighted bases", () => {
  it("have their share of every prefix, to within a few, whatever the shares", async () => {
    const share = fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1, noNaN: true }), fc.constant(1e6));
    await fc.assert(
      fc.asyncProperty(fc.array(share, { minLength: 1, maxLength: 40 }), fc.nat(1e6), async (given, seed) => {
        const shares = Float64Array.from(given.some((value) => value > 0) ? given : [...given, 1]);
        const b = shares.length;
        const total = shares.reduce((sum, value) => sum + value, 0);
        const matrix = {
          X: Float64Array.from({ length: b + 2 }, (_, i) => i),
          y: Array.from({ length: b + 2 }, (_, i) => (i < b ? "yes" : "no")),
          columns: 1,
        };
        const method = deciding(
          () => ({ bases: { draws: "even", shares }, neighbors: new Uint32Array(0), k: 0, rule: { name: "copy" } }),
          seed,
        );
        const generator = await method.fit(matrix);
        const { base } = (await generator.sample("yes", 0, 3000)).origins;
        const children = new Float64Array(b);
        base.forEach((row, t) => {
          children[row]!++;
          if (t % 53 !== 0 && t !== 2999) return;
          const most = 2 + Math.log2(t + 2);
          children.forEach((count, i) => expect(Math.abs(count - ((t + 1) * shares[i]!) / total)).toBeLessThan(most));
        });
        shares.forEach((value, i) => value === 0 && expect(children[i]).toBe(0));
        expect((await generator.sample("yes", 1000, 1100)).origins.base).toEqual(base.slice(1000, 1100));
      }),
      { numRuns: 40 },
    );
  });

  it("alike are grown from in turn", async () => {
    const shares = new Float64Array(7).fill(0.1);
    const made = await sampled(
      deciding(() => ({ bases: { draws: "even", shares }, neighbors: new Uint32Array(0), k: 0, rule: { name: "copy" } })),
      70,
    );
    for (let row = 0; row < 7; row++) expect(made.base.filter((base) => base === row)).toHaveLength(10);
  });
});

describe("what a stored generator says beyond its rows is checked", () => {
  const base64 = (numbersOf: Float64Array | Uint32Array): string => btoa(String.fromCharCode(...new Uint8Array(numbersOf.buffer)));
  const method = deciding(() => ({
    bases: { draws: "even", shares: Float64Array.of(1, 2) },
    neighbors: Uint32Array.of(1, 3, 5, 2, 4, 9),
    k: 0,
    lists: Uint32Array.of(0, 3, 3, 2),
    spans: new Float64Array(12).fill(0.5),
    rule: LERP,
  }));

  it.each<[string, object]>([
    ["lists beyond the neighbors", { lists: base64(Uint32Array.of(0, 3, 3, 4)) }],
    ["an empty list", { lists: base64(Uint32Array.of(0, 3, 3, 0)) }],
    ["a list too many", { lists: base64(Uint32Array.of(0, 3, 3, 2, 0, 1)) }],
    ["no lists", { lists: undefined }],
    ["spans of some entries", { spans: base64(new Float64Array(8)) }],
    ["spans that are no numbers", { spans: base64(new Float64Array(12).fill(NaN)) }],
    ["spans beyond the neighbor", { spans: base64(new Float64Array(12).fill(1.5)) }],
    ["shares below 0", { bases: { draws: "even", shares: base64(Float64Array.of(1, -1)) } }],
    ["shares that are no numbers", { bases: { draws: "even", shares: base64(Float64Array.of(1, NaN)) } }],
    ["no share at all", { bases: { draws: "even", shares: base64(Float64Array.of(0, 0)) } }],
    ["more bases than lists", { bases: { draws: "even", shares: base64(new Float64Array(30).fill(1)) } }],
  ])("%s", async (_, broken) => {
    const stored = JSON.parse(JSON.stringify(await method.fit(data))) as { streams: object[] };
    expect(() => restoreGenerator(stored)).not.toThrow();
    expect(() => restoreGenerator({ ...stored, streams: [{ ...stored.streams[0], ...broken }] })).toThrow(InputError);
  });
});
