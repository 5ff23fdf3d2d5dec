import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, privacyReport } from "../../bindings/diagnose";
import {
  borderlineSmote,
  geometricSmote,
  kdeOversample,
  randomOversample,
  smote,
  table,
  type Matrix,
  type Oversampler,
} from "../../bindings/index";
import { Numbers } from "../support/numbers";
import { twoClasses } from "./support";

const data = twoClasses(1, 600, 60, 10);
const holdout = twoClasses(2, 600, 60, 10);

async function attacked(method: Oversampler, round: (value: number) => number = (value) => value) {
  const { data: made, origins } = await method.resample(data, { only: "synthetic" });
  const X = (made.X as number[][]).map((row) => row.map(round));
  return privacyReport(data, { X, y: made.y }, { holdout, origins });
}

describe("the attacks on rows of 10 columns", () => {
  it.each<[string, (value: number) => number]>([
    ["as they are", (value) => value],
    ["in f32", Math.fround],
    ["with three decimals", (value) => Math.round(value * 1e3) / 1e3],
    ["with two decimals", (value) => Math.round(value * 1e2) / 1e2],
  ])("find the parents that SMOTE hid, %s, where the usual test on distances is silent", async (_, round) => {
    const { lines, closest, copies, mirrored, summary } = await attacked(smote(), round);
    expect(lines.found).toBeGreaterThan(0.9);
    expect(lines.confirmed).toBeGreaterThan(0.9);
    expect(lines.alarm).toBe(true);
    expect([closest.alarm, copies.synthetic]).toEqual([false, 0]);
    expect(closest.nearer).toBeGreaterThan(0.5);
    expect(mirrored!.share).toBeGreaterThan(0.9);
    expect(summary.join(" ")).toMatch(/raises no alarm.* lie on the segment between two real rows and so name both.*not anonymization/);
  });

  it("find parents of other classes' neighbors too few to matter, and those of borderlineSmote", async () => {
    expect((await attacked(borderlineSmote())).lines.confirmed).toBeGreaterThan(0.9);
  });

  it.each([geometricSmote(), randomOversample({ shrinkage: 0.5 }), kdeOversample()])("find none in the noise of $name", async (method) => {
    const { lines, mirrored, copies } = await attacked(method);
    expect([lines.found, lines.alarm, mirrored!.realRows, copies.synthetic]).toEqual([0, false, 0, 0]);
    expect(lines.asked).toBe(540);
  });

  it("call every copy a copy", async () => {
    const { copies, closest, lines, summary } = await attacked(randomOversample());
    expect([copies.synthetic, copies.holdout, closest.alarm, closest.nearer, lines.asked]).toEqual([1, 0, true, 1, 0]);
    expect(summary[1]).toMatch(/^100 % of them equal a real row/);
  });

  it("find a twentieth of unknown rows in the nearest twentieth", async () => {
    const { closest, lines } = await privacyReport(data, twoClasses(3, 0, 400, 10), { holdout: twoClasses(2, 0, 400, 10) });
    expect(closest.nearer).toBeGreaterThan(0.01);
    expect(closest.nearer).toBeLessThan(0.12);
    expect([closest.alarm, lines.found]).toEqual([false, 0]);
  });
});

it("distances are those of plain loops", async () => {
  const numbers = new Numbers(4);
  const rows = (n: number) => Array.from({ length: n }, () => [numbers.below(20), numbers.below(20)]);
  const [real, made, held] = [rows(30), rows(21), rows(11)];
  const one = (X: number[][]): Matrix => ({ X, y: X.map(() => "a") });
  const { closest, ratio, copies } = await privacyReport(one(real), one(made), { holdout: one(held) });
  const sorted = (from: number[][], pick: (near: number[]) => number) =>
    from.map(([x, y]) => pick(real.map(([u, v]) => Math.hypot(x! - u!, y! - v!)).sort((a, b) => a - b))).sort((a, b) => a - b);
  for (const [set, spread, ratios] of [
    [made, closest.synthetic!, ratio.synthetic!],
    [held, closest.holdout!, ratio.holdout!],
  ] as const) {
    const near = sorted(set, ([first]) => first!);
    const at = (share: number) => Math.floor(share * (set.length - 1));
    expect([spread.least, spread.twentieth, spread.median]).toEqual(
      [near[0], near[at(0.05)], near[at(0.5)]].map((x) => expect.closeTo(x!, 10)),
    );
    const shares = sorted(set, ([first, second]) => (second! > 0 ? first! / second! : 1));
    expect(ratios.median).toBeCloseTo(shares[at(0.5)]!, 10);
  }
  expect(copies.synthetic).toBeCloseTo(made.filter((row) => real.some((other) => other.join() === row.join())).length / made.length, 12);
});

it("a point between two rows is found, a point beside them is not", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 3, max: 8 }),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.constantFrom(1, 1e-6, 1e6),
      async (seed, d, gap, scale) => {
        const numbers = new Numbers(seed);
        const offset = scale * 1000 * numbers.normal();
        const real = Array.from({ length: 12 }, () => Array.from({ length: d }, () => scale * numbers.normal() + offset));
        const [a, b] = [real[numbers.below(6)]!, real[6 + numbers.below(6)]!];
        const between = a.map((value, c) => value + gap * (b[c]! - value));
        const beside = between.map((value, c) => (c === 1 ? value + 1e-3 * scale : value));
        const one = (X: number[][]): Matrix => ({ X, y: X.map(() => "a") });
        const { lines } = await privacyReport(one(real), one([between, beside]));
        expect(lines.found).toBe(0.5);
      },
    ),
    { numRuns: 60 },
  );
});

describe("which rows are synthetic", () => {
  it("is known of what a method returned, and told of what includes the real rows", async () => {
    const { data: whole } = await smote().resample(data);
    const { data: made } = await smote().resample(data, { only: "synthetic" });
    const reports = [
      await privacyReport(data, whole),
      await privacyReport(data, made),
      await privacyReport(data, { X: whole.X, y: whole.y }, { includesReal: true }),
    ];
    for (const report of reports) expect(report.rows).toEqual({ synthetic: 540, holdout: 0 });
    for (const { lines } of reports) expect(lines.found).toBeGreaterThan(0.9);
    expect(reports.map(({ lines }) => lines.confirmed !== null)).toEqual([true, true, false]);
    const { data: copies } = await randomOversample().resample(data);
    const told = await privacyReport(data, { X: copies.X, y: copies.y }, { includesReal: true });
    expect([told.rows.synthetic, told.copies.synthetic]).toEqual([540, 1]);
  });

  it("tables of every kind of column, and nominal columns alone", async () => {
    const numbers = new Numbers(5);
    const rows = Array.from({ length: 80 }, (_, i) => ({
      a: numbers.normal(),
      b: i % 9 ? numbers.normal() : null,
      c: numbers.below(50),
      p: ["x", "y", "z"][numbers.below(3)],
      y: i % 4 ? "no" : "yes",
    }));
    const mixed = table(rows, { target: "y" });
    const report = await privacyReport(mixed, (await smote().resample(mixed)).data);
    expect(report.lines.found).toBeGreaterThan(0.3);
    const nominal = table(
      rows.map(({ p, y, c }) => ({ p, q: `q${c % 4}`, y })),
      { target: "y" },
    );
    const { lines, mirrored, copies } = await privacyReport(nominal, (await smote().resample(nominal)).data);
    expect([lines.found, mirrored]).toEqual([0, null]);
    expect(copies.synthetic).toBeGreaterThan(0.5);
  });
});

describe("the door", () => {
  it.each<[unknown, object, RegExp]>([
    [data, { origins: {} }, /origins is/],
    [{ X: [[1]], y: ["yes"] }, {}, /Synthetic rows lack the feature/],
    [holdout, { holdout: { X: [[1]], y: ["yes"] } }, /Hold-out rows lack the feature/],
    [holdout, { labels: ["maybe"] }, /labels names "maybe"/],
    [holdout, { labels: [] }, /labels is an array of 0/],
    [holdout, { scale: "no" }, /scale is "no"/],
    [holdout, { includesReal: 1 }, /includesReal is 1/],
    [data, { includesReal: true }, /no row that a method made/],
  ])("%#: one sentence", async (synthetic, options, message) => {
    const call = privacyReport(data, synthetic as Matrix, options);
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toBeInstanceOf(InputError);
  });

  it("aborts, and tells progress that never falls and ends", async () => {
    const { data: made } = await smote().resample(data, { only: "synthetic" });
    const reason = new Error("enough");
    const controller = new AbortController();
    const stopped = privacyReport(
      data,
      made,
      {},
      { signal: controller.signal, onProgress: ({ done }) => done > 0 && controller.abort(reason) },
    );
    await expect(stopped).rejects.toBe(reason);
    const seen: number[] = [];
    await privacyReport(data, made, { holdout }, { onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen[seen.length - 1]).toBe(1);
  });

  it("awkward rows: one a side, constant, missing, far away", async () => {
    for (const X of [
      [[1, 1, 1]],
      [[NaN, 2, 3]],
      [
        [1e12, 1, 1],
        [1e12, 1, 1],
      ],
      [[NaN, NaN, NaN]],
    ]) {
      const part = { X, y: X.map(() => "yes") };
      const report = await privacyReport(part, part);
      expect([report.copies.synthetic, report.lines.asked]).toEqual([1, 0]);
    }
    const few = await privacyReport({ X: [[1, 2, 3]], y: ["a"] }, { X: [[2, 3, 4]], y: ["a"] });
    expect([few.lines.found, few.closest.nearer]).toEqual([0, null]);
    const absent = await privacyReport({ X: [[1, 2, 3]], y: ["a"] }, { X: [[2, 3, 4]], y: ["b"] });
    expect([absent.lines.found, absent.closest.synthetic, absent.rows.synthetic]).toEqual([0, null, 1]);
    expect(JSON.stringify([few, absent])).not.toContain("NaN");
  });
});
