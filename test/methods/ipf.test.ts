import { describe, expect, it } from "vitest";
import { core } from "../../bindings/engine/core";
import { InputError, smote, smoteIpf, table, type Data, type FoldLearner, type Matrix, type SmoteIpfOptions } from "../../bindings/index";
import { inLayout, LAYOUTS, plainData, plainOf } from "../support/layouts";
import { Numbers } from "../support/numbers";

/** Two groups far apart, 30 rows labelled 1 and 90 labelled 0, of which the first `wrong` of each group bear the other label. */
function mislabelled(wrong: number): { X: number[][]; y: number[] } {
  const numbers = new Numbers(8);
  const X = Array.from({ length: 120 }, (_, i) => [numbers.normal() + (i < 30 ? 20 : 0), numbers.normal()]);
  return { X, y: X.map((_, i) => (i < wrong || (i >= 30 && i < 30 + wrong) ? Number(i >= 30) : Number(i < 30))) };
}

const rowsIn = (data: Matrix): number[][] => data.X as number[][];
const labelsIn = (data: Data): number[] => (data as Matrix).y as number[];
/** Says what a threshold between the groups says. */
const truth: FoldLearner = (_train, rows) => rowsIn(rows as Matrix).map(([x]) => Number(x! > 10));

describe("smoteIpf", () => {
  it("takes away rows on the wrong side, real and synthetic, and says so", async () => {
    const data = mislabelled(3);
    const plain = await smote({ seed: 4 }).resample(data);
    const { data: left, notes, counts, origins } = await smoteIpf({ seed: 4 }).resample(data);
    const wrong = (rows: Matrix): number => rowsIn(rows).filter(([x], i) => Number(x! > 10) !== (rows.y as number[])[i]).length;
    expect(wrong(plain.data)).toBeGreaterThan(6);
    expect(wrong(left)).toBe(0);
    expect(notes.at(-1)).toMatch(
      /^The filter took away 3 original of class 0, 3 original of class 1, \d+ synthetic of class 1 in \d rounds\.$/,
    );
    const { y } = left as { y: number[] };
    for (const label of [0, 1]) {
      const { before, added, after } = counts.get(label)!;
      expect(before).toBe(data.y.filter((one) => one === label).length);
      expect(after).toBe(y.filter((one) => one === label).length);
      expect(added).toBe(y.filter((one, i) => one === label && origins.kind[i] === 1).length);
    }
  });

  it("keeps what is kept untouched, in order, with its origins", async () => {
    const data = mislabelled(3);
    const plain = await smote({ seed: 4 }).resample(data);
    const { data: left, origins } = await smoteIpf({ seed: 4, learner: truth }).resample(data);
    const kept = rowsIn(plain.data).flatMap(([x], i) => (Number(x! > 10) === (plain.data.y as number[])[i] ? [i] : []));
    expect(rowsIn(left)).toEqual(kept.map((i) => rowsIn(plain.data)[i]));
    kept.forEach((i, at) => {
      expect([origins.kind[at], origins.base[at], origins.neighbor[at], origins.gap[at]]).toEqual([
        plain.origins.kind[i],
        plain.origins.base[i],
        plain.origins.neighbor[i],
        plain.origins.gap[i],
      ]);
      if (origins.kind[at] === 0) expect(rowsIn(left)[at]).toBe(data.X[origins.base[at]!]);
    });
    const alone = await smoteIpf({ seed: 4, learner: truth }).resample(data, { only: "synthetic" });
    expect(rowsIn(alone.data)).toEqual(rowsIn(left).filter((_, at) => origins.kind[at] === 1));
    expect(alone.origins.kind.every((kind) => kind === 1)).toBe(true);
  });

  it.each([
    ["none", 3, 3],
    ["grown", 3, 0],
    ["all", 0, 0],
  ] as const)("protect: %j", async (protect, zeros, ones) => {
    const { data, origins } = await smoteIpf({ learner: truth, protect }).resample(mislabelled(3));
    const real = (data.y as number[]).filter((_, i) => origins.kind[i] === 0);
    expect([real.filter((label) => label === 0).length, real.filter((label) => label === 1).length]).toEqual([90 - zeros, 30 - ones]);
    // synthetic rows are never protected
    rowsIn(data).forEach(([x], i) => origins.kind[i] === 1 && expect(x! > 10).toBe(true));
  });

  it("takes away by majority, or only what all models agree on", async () => {
    const data = mislabelled(3);
    expect((await smoteIpf({ learner: truth, vote: "consensus" }).resample(data)).notes.at(-1)).toMatch(/took away 3 original/);
    // four of nine models say the contrary of the truth
    let call = 0;
    const split: FoldLearner = (train, rows) => {
      const contrary = call++ % 9 < 4;
      return (truth(train, rows) as number[]).map((label) => (contrary ? 1 - label : label));
    };
    expect((await smoteIpf({ learner: split, vote: "consensus" }).resample(data)).notes.at(-1)).toBe(
      "The filter took nothing away in 3 rounds.",
    );
    call = 0;
    expect((await smoteIpf({ learner: split }).resample(data)).notes.at(-1)).toMatch(
      /took away 3 original of class 0, 3 original of class 1/,
    );
  });

  it("deals stratified folds, other ones each round, that hold every row once", async () => {
    const data = mislabelled(0);
    const seen: string[][] = [];
    const learner: FoldLearner = (train, rows) => {
      const { X, y } = train as { X: number[][]; y: number[] };
      expect(Math.abs(y.filter((label) => label === 1).length - 90 / 4)).toBeLessThan(1);
      expect(Math.abs(X.length - 180 / 4)).toBeLessThan(1);
      seen.push(X.map((row) => row.join()));
      return labelsIn(rows);
    };
    await smoteIpf({ learner, folds: 4, quietRounds: 2 }).resample(data);
    expect(seen).toHaveLength(8);
    expect(new Set(seen.slice(0, 4).flat()).size).toBe(180);
    expect(new Set(seen.slice(4).flat()).size).toBe(180);
    expect(seen[4]).not.toEqual(seen[0]);
  });

  it("ends after the quiet rounds asked for, and begins to count anew after a loud one", async () => {
    const data = mislabelled(0);
    let call = 0;
    // the second round takes away ten rows, the others none
    const learner: FoldLearner = (_train, rows) => {
      const y = labelsIn(rows);
      return Math.floor(call++ / 9) === 1 ? y.map((label, i) => (i < 10 ? 1 - label : label)) : y;
    };
    const { notes, counts } = await smoteIpf({ learner }).resample(data);
    expect(notes.at(-1)).toMatch(/took away 10 original of class 1 in 5 rounds/);
    expect(counts.get(1)).toEqual({ before: 30, added: 60, removed: 10, after: 80 });
    call = 0;
    expect((await smoteIpf({ learner, quietShare: 0.5 }).resample(data)).notes.at(-1)).toMatch(/in 3 rounds/);
  });

  it("does not take away a whole class", async () => {
    const learner: FoldLearner = (_train, rows) => rowsIn(rows as Matrix).map(() => 0);
    const { counts, notes } = await smoteIpf({ learner }).resample(mislabelled(0));
    expect(counts.get(1)!.after).toBe(90);
    expect(notes.at(-1)).toBe("All rows of class 1 were voted out in one round; those that were left then stayed.");
  });

  it("waits for learners that wait, hands them the caller's shape, and takes labels of any type", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      a: i,
      color: i % 2 ? "red" : "blue",
      id: `#${i}`,
      y: i < 15 ? "rare" : "common",
    }));
    const data = table(rows, { target: "y", carry: ["id"] });
    const learner: FoldLearner = async (train, all) => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      expect(Object.keys((train as typeof data).rows[0]!)).toEqual(["a", "color", "id", "y"]);
      return (all as typeof data).rows.map((row) => row["y"] as string);
    };
    const { data: left } = await smoteIpf({ learner, quietRounds: 1 }).resample(data);
    expect(left.rows).toHaveLength(90);
    expect(left.rows[3]).toBe(data.rows[3]);
  });

  describe.each(LAYOUTS)("as %s", (layout) => {
    it.each([["numeric", "nominal", "integer"] as const, ["nominal", "nominal"] as const])(
      "gives the shape back on %s",
      async (...kinds) => {
        const data = inLayout(layout, plainData(kinds, true));
        const method = smoteIpf({ seed: 3, onTooFew: "reduce" });
        const result = await method.resample(data);
        const { labels, cells } = plainOf(result.data);
        expect(labels.length).toBe(result.origins.kind.length);
        expect([...result.counts.values()].reduce((sum, { after }) => sum + after, 0)).toBe(labels.length);
        expect(new Set(labels).size).toBe(3);
        expect(plainOf((await method.resample(data)).data).cells).toEqual(cells);
        for (const { arena } of core.idle) expect(arena.top).toBe(arena.base);
      },
    );
  });

  it("with few rows has fewer folds, of one row each if need be", async () => {
    const tiny = { X: [[0], [1], [2], [50]], y: ["a", "a", "a", "b"] };
    const { counts } = await smoteIpf({ onTooFew: "copy" }).resample(tiny);
    expect(counts.get("b")!.after).toBeGreaterThan(0);
    expect(counts.get("a")!.after).toBeGreaterThan(0);
  });

  it("tells how far it is, never falling, to the end; stops when told and passes on what a learner throws", async () => {
    const data = mislabelled(3);
    const seen: number[] = [];
    let total = 0;
    await smoteIpf().resample(data, { onProgress: (progress) => (seen.push(progress.done), (total = progress.total)) });
    expect(seen.length).toBeGreaterThan(9);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(total);
    const reason = new Error("enough");
    await expect(smoteIpf().resample(data, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const stopping: FoldLearner = (train, rows) => (controller.abort(reason), truth(train, rows));
    await expect(smoteIpf({ learner: stopping }).resample(data, { signal: controller.signal })).rejects.toBe(reason);
    const failing: FoldLearner = () => {
      throw reason;
    };
    await expect(smoteIpf({ learner: failing }).resample(data)).rejects.toBe(reason);
    for (const { arena } of core.idle) expect(arena.top).toBe(arena.base);
  });

  it.each<[object, RegExp]>([
    [{ folds: 1 }, /folds is 1, but needs a whole number of at least 2/],
    [{ vote: "most" }, /vote is "most"/],
    [{ quietShare: 0 }, /quietShare is 0, but needs a share above 0/],
    [{ quietRounds: 0 }, /quietRounds is 0/],
    [{ protect: true }, /protect is true/],
    [{ learner: "tree" }, /learner is "tree", but needs a function/],
    [{ fold: 3 }, /smoteIpf has no option "fold"; did you mean "folds"/],
  ])("refuses %j", (options, message) => {
    expect(() => smoteIpf(options as SmoteIpfOptions)).toThrow(message);
  });

  it.each([[[1, 2]], [undefined], ["labels"]])("refuses a learner that returns %j", async (labels) => {
    const call = smoteIpf({ learner: () => labels as never }).resample(mislabelled(0));
    await expect(call).rejects.toThrow(/learner returned .* for 180 rows, but needs to return one label for each/);
    await expect(call).rejects.toBeInstanceOf(InputError);
  });

  it("is a frozen value that neither fits nor samples", () => {
    const method = smoteIpf({ seed: 9 });
    expect(Object.isFrozen(method)).toBe(true);
    expect(method.options).toMatchObject({ strategy: "auto", seed: 9, folds: 9, vote: "majority", protect: "none" });
    expect("fit" in method).toBe(false);
  });
});
