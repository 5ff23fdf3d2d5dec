import { describe, expect, it } from "vitest";
import { InputError, leakReport } from "../../bindings/diagnose";
import {
  adasyn,
  borderlineSmote,
  chain,
  clusterCentroids,
  geometricSmote,
  randomOversample,
  smote,
  split,
  svmSmote,
  table,
  tomekLinks,
  type Matrix,
  type Resampler,
  type StoredGenerator,
} from "../../bindings/index";
import { HAS_DATA, realTable } from "../support/data";
import { divided, taken, twoClasses } from "./support";

const SPLITS = 200;

/** Of seeded splits of data, resampled before if told, how many the estimate calls leaking. */
async function alarms(method: Resampler | null, make: (seed: number) => Matrix, splits = SPLITS): Promise<number> {
  let found = 0;
  for (let seed = 0; seed < splits; seed++) {
    const data = make(seed);
    const whole = method ? (await method.resample(data)).data : data;
    const { trainRows, testRows } = divided(whole.y.length, seed);
    const { resampledBefore } = await leakReport(taken(whole, trainRows), taken(whole, testRows));
    if (resampledBefore.verdict === "yes") found++;
  }
  return found;
}

const plain = (seed: number): Matrix => twoClasses(seed, 160, 30, 6);
/** A tenth of the rows measured twice, whatever their class. */
const twice = (seed: number): Matrix => {
  const { X, y } = plain(seed) as { X: number[][]; y: string[] };
  const again = X.map((_, i) => i).filter((i) => i % 10 === seed % 10);
  return { X: [...X, ...again.map((i) => X[i]!.slice())], y: [...y, ...again.map((i) => y[i]!)] };
};
const rounded =
  (places: number, make: (seed: number) => Matrix) =>
  (seed: number): Matrix => {
    const { X, y } = make(seed) as { X: number[][]; y: string[] };
    const unit = 10 ** places;
    return { X: X.map((row) => row.map((value) => Math.round(value * unit) / unit)), y };
  };

describe("the estimate", () => {
  it.each<[string, (seed: number) => Matrix]>([
    ["numbers", plain],
    ["numbers, some rows twice", twice],
    ["two decimals, some rows twice", rounded(2, twice)],
    ["whole numbers", rounded(0, plain)],
  ])("is silent on clean splits of %s", async (_, make) => {
    expect(await alarms(null, make)).toBeLessThanOrEqual(0.01 * SPLITS);
  });

  it.each<[string, Resampler]>([
    ["smote", smote()],
    ["randomOversample", randomOversample()],
    ["randomOversample, drawn again", randomOversample({ draws: "independent" })],
  ])("catches %s before the split", async (_, method) => {
    expect(await alarms(method, plain)).toBeGreaterThanOrEqual(0.99 * SPLITS);
    expect(await alarms(method, rounded(2, twice))).toBeGreaterThanOrEqual(0.99 * SPLITS);
  });

  it.each([borderlineSmote(), adasyn(), svmSmote(), chain(smote(), tomekLinks())])("catches $name too", async (method) => {
    expect(await alarms(method, plain, 20)).toBe(20);
  });

  it("does not see noise, and says what it does not see", async () => {
    expect(await alarms(geometricSmote(), plain, 20)).toBe(0);
    const { train, test } = halves(plain(1));
    const { summary, leak } = await leakReport(train, test);
    expect(leak).toBe(false);
    expect(summary[0]).toMatch(/noise, votes and means would not show/);
    expect(summary[summary.length - 1]).toMatch(/means, scales, imputed values/);
  });

  it("is silent where training rows alone were resampled", async () => {
    for (let seed = 0; seed < 20; seed++) {
      for (const [make, verdicts] of [
        [plain, ["no"]],
        [twice, ["no", "cannot tell"]],
      ] as const) {
        const { train, test } = halves(make(seed));
        for (const method of [smote(), randomOversample()]) {
          const report = await leakReport((await method.resample(train)).data, test);
          expect(verdicts).toContain(report.resampledBefore.verdict);
        }
      }
    }
  });

  it("catches test rows that training rows were made of", async () => {
    const data = plain(3);
    const { data: whole, origins } = await smote().resample(data);
    const testRows = Array.from({ length: 190 }, (_, i) => i).filter((i) => i % 4 === 0);
    const trainRows = Array.from(origins.kind.keys()).filter((i) => !testRows.includes(i));
    const report = await leakReport(taken(whole, trainRows), taken(whole, testRows));
    expect(report.resampledBefore.verdict).toBe("yes");
  });

  it("is not misled by columns that are functions of each other", async () => {
    const { X, y } = plain(5) as { X: number[][]; y: string[] };
    const { train, test } = halves({ X: X.map(([x]) => [x!, 2 * x! + 1, 5 - 3 * x!]), y });
    expect((await leakReport(train, test)).resampledBefore.verdict).not.toBe("yes");
  });

  it("cannot tell of nominal columns and of few different numbers", async () => {
    const { X, y } = rounded(0, plain)(1) as { X: number[][]; y: string[] };
    for (const kinds of [["nominal", "nominal"] as const, ["numeric", "numeric"] as const]) {
      const { train, test } = halves({ X: X.map((row) => row.slice(0, 2)), y, kinds });
      const { resampledBefore, leak } = await leakReport(train, test);
      expect([resampledBefore.verdict, leak]).toEqual(["cannot tell", false]);
    }
  });

  it
    .skipIf(!HAS_DATA)
    .each(["abalone19", "yeast6", "pima", "page-blocks0", "winequality-red-4", "kddcup-rootkit-imap_vs_back", "wdbc", "vowel0"])(
    "%s: silent as it is, alarmed when SMOTE or copies came first",
    async (name) => {
      const real = realTable("keel", name);
      // a copy bears no mark, so that split takes it
      const unmarked = (data: typeof real) => table(data.columns, { target: data.target, parseNumbers: true });
      for (const [method, verdict] of [
        [null, false],
        [smote({ onTooFew: "reduce" }), true],
        [randomOversample(), true],
      ] as const) {
        const data = unmarked(method ? (await method.resample(real)).data : real);
        for (let seed = 0; seed < 3; seed++) {
          const { train, test } = split(data, { seed, test: 0.25 });
          expect((await leakReport(train, test)).resampledBefore.verdict === "yes", `${method?.name}`).toBe(verdict);
        }
      }
    },
    120_000,
  );
});

function halves(data: Matrix): { train: Matrix; test: Matrix } {
  const { trainRows, testRows } = divided(data.y.length, 1);
  return { train: taken(data, trainRows), test: taken(data, testRows) };
}

describe("by provenance", () => {
  it.each<[string, Resampler]>([
    ["smote", smote({ seed: 3 })],
    ["randomOversample", randomOversample()],
  ])(
    "counts test rows of %s that share an input row with training, and tells copies from rows that were alike before",
    async (_, method) => {
      let [alikeBefore, alikeMade] = [0, 0];
      for (let seed = 0; seed < 5; seed++) {
        const { data: whole, origins } = await method.resample(twice(seed));
        const { trainRows, testRows } = divided(whole.y.length, seed);
        const report = await leakReport(taken(whole, trainRows), taken(whole, testRows), { provenance: { origins, trainRows, testRows } });
        const sources = (i: number) => (origins.kind[i] ? origins.parents(i) : [origins.base[i]!]);
        const shares = (i: number, j: number) => sources(i).some((row) => sources(j).includes(row));
        const shared = testRows.filter((i) => trainRows.some((j) => shares(i, j)));
        expect(report.resampledBefore).toMatchObject({
          verdict: "yes",
          by: "provenance",
          testRows: shared.length,
          synthetic: shared.filter((i) => origins.kind[i]).length,
        });
        const key = (i: number) => (whole.X as number[][])[i]!.join();
        const alike = testRows.filter((i) => trainRows.some((j) => key(i) === key(j)));
        const copies = alike.filter((i) => trainRows.some((j) => key(i) === key(j) && shares(i, j)));
        expect(report.duplicates).toMatchObject({ testRows: alike.length, before: alike.length - copies.length });
        alikeBefore += alike.length - copies.length;
        alikeMade += copies.length;
      }
      expect(alikeBefore).toBeGreaterThan(5);
      if (method.name === "randomOversample") expect(alikeMade).toBeGreaterThan(100);
    },
  );

  it("counts rows that voted for nominal values, where the generator tells them", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ a: i, b: "uvw"[(i * 7) % 3]!, y: i % 4 ? "no" : "yes" }));
    const data = table(rows, { target: "y" });
    const method = smote({ kNeighbors: 5 });
    const { data: whole, origins } = await method.resample(data);
    const generator = (await method.fit(data)).toJSON();
    const made = origins.kind.indexOf(1);
    const parents = origins.parents(made);
    // of the class, near the base, and neither base nor neighbor
    const near = rows.flatMap(({ y }, i) => (y === "yes" && !parents.includes(i) ? [i] : []));
    near.sort((i, j) => Math.abs(i - parents[0]!) - Math.abs(j - parents[0]!));
    const part = (those: readonly number[]) =>
      table(
        those.map((i) => whole.rows[i]!),
        { target: "y", kinds: { b: "nominal" } },
      );
    const told = async (row: number, stored?: StoredGenerator) => {
      const provenance = { origins, trainRows: [made, 1, 2], testRows: [row], generator: stored };
      return (await leakReport(part([made, 1, 2]), part([row]), { provenance })).resampledBefore.testRows;
    };
    expect(await told(near[0]!)).toBe(0);
    expect(await told(near[0]!, generator)).toBe(1);
    expect(await told(near.at(-1)!, generator)).toBe(0);
    await expect(told(near[0]!, {} as never)).rejects.toThrow(/toJSON/);
  });

  it("counts all rows that a centroid stands for", async () => {
    const data = plain(1);
    const { data: whole, origins } = await clusterCentroids({ voting: "soft" }).resample(data);
    const made = origins.kind.findIndex((kind, i) => kind === 1 && origins.parents(i).length > 2);
    const parent = origins.parents(made)[2]!;
    // a test row that is the third parent of a row in training
    const both = { ...origins, base: Uint32Array.from([...origins.base, parent]), kind: Uint8Array.from([...origins.kind, 0]) };
    const lineage = {
      ...both,
      neighbor: origins.neighbor,
      gap: origins.gap,
      parents: (i: number) => (i < origins.kind.length ? origins.parents(i) : []),
    };
    const provenance = { origins: lineage, trainRows: [made], testRows: [origins.kind.length] };
    const report = await leakReport(taken(whole, [made]), taken(data, [parent]), { provenance });
    expect(report.resampledBefore.testRows).toBe(1);
  });

  it("is silent where rows were only divided", async () => {
    const data = plain(1);
    const { origins } = await tomekLinks({ strategy: [] as never })
      .resample(data)
      .catch(() => smote({ strategy: { times: { yes: 1 } } }).resample(data));
    const rows = divided(data.y.length, 1);
    const report = await leakReport(taken(data, rows.trainRows), taken(data, rows.testRows), { provenance: { origins, ...rows } });
    expect(report).toMatchObject({ leak: false, resampledBefore: { verdict: "no", testRows: 0 } });
  });
});

describe("groups, times and labels", () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({
    a: Math.sin(i),
    b: Math.cos(3 * i),
    who: `g${i % 8}`,
    when: i,
    y: i % 3 ? "no" : "yes",
  }));
  const roles = (role: "group" | "time") =>
    table(rows, { target: "y", carry: [role === "group" ? "when" : "who"], [role]: role === "group" ? "who" : "when" });

  it("by the table's columns", async () => {
    for (const role of ["group", "time"] as const) {
      const { train, test } = split(roles(role), { test: 0.25 });
      const report = await leakReport(train, test);
      expect([report.groups?.testRows ?? null, report.time?.testRows ?? null, report.leak]).toEqual(
        role === "group" ? [0, null, false] : [null, 0, false],
      );
    }
  });

  it("by options", async () => {
    const { train, test } = halves({ X: rows.map(({ a, b }) => [a, b]), y: rows.map(({ y }) => y) });
    const { trainRows, testRows } = divided(rows.length, 1);
    const of = (name: "who" | "when") => ({ train: trainRows.map((i) => rows[i]![name]), test: testRows.map((i) => rows[i]![name]) });
    const report = await leakReport(train, test, { groups: of("who"), times: of("when") });
    const known = new Set(of("who").train);
    expect(report.groups!.testRows).toBe(of("who").test.filter((who) => known.has(who)).length);
    const latest = Math.max(...(of("when").train as number[]));
    expect(report.time!.testRows).toBe(of("when").test.filter((when) => (when as number) < latest).length);
    expect(report.leak).toBe(true);
  });

  it("equal rows with other labels", async () => {
    const report = await leakReport({ X: [[1], [2], [3]], y: ["a", "b", "b"] }, { X: [[1], [1], [9]], y: ["a", "b", "a"] });
    expect(report.duplicates).toEqual({ testRows: 2, share: 2 / 3, otherLabel: 1, before: 2 });
  });

  it("test rows that a method made", async () => {
    const { train, test } = halves(plain(1));
    const { data, origins } = await smote().resample(test);
    const report = await leakReport(train, data);
    expect(report.madeTestRows).toBe(origins.kind.reduce((sum, kind) => sum + kind, 0));
  });
});

describe("the door", () => {
  const data = plain(1);
  const { train, test } = halves(data);
  it.each<[unknown, unknown, object, RegExp]>([
    [train, { X: [[1]], y: ["yes"] }, {}, /Test rows lack the feature/],
    [train, { ...test, y: (test.y as string[]).map(() => 1) }, {}, /same type/],
    [train, test, { provenance: {} }, /origins is undefined/],
    [train, test, { groups: { train: [1], test: [2] } }, /groups is an array of 1, but needs 152 cells/],
    [train, test, { times: { train: Array(152).fill(NaN), test: Array(38).fill(1) } }, /time in row 0 of "times" is NaN/],
    [train, test, { leak: 1 }, /no option "leak"/],
    [train, test, { seed: -1 }, /seed is -1/],
  ])("%#: one sentence", async (a, b, options, message) => {
    const call = leakReport(a as Matrix, b as Matrix, options);
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toBeInstanceOf(InputError);
  });

  it("one row a side, constant columns, missing cells and huge offsets are no trouble", async () => {
    for (const X of [
      [[1, 1]],
      [[NaN, 2]],
      [[1e12, 1]],
      [
        [0, 0],
        [0, 0],
      ],
    ]) {
      const part = { X, y: X.map(() => "yes") };
      const { resampledBefore } = await leakReport(part, part);
      expect(resampledBefore.verdict).toBe("cannot tell");
    }
  });
});
