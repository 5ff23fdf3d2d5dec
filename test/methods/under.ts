import { beforeAll, describe, expect, it } from "vitest";
import { core } from "../../bindings/engine/core";
import {
  InputError,
  randomUndersample,
  table,
  type Data,
  type Kind,
  type Label,
  type Resampled,
  type Resampler,
} from "../../bindings/index";
import { inLayout, LAYOUTS, plainData, plainOf, type LayoutName, type Plain } from "../support/layouts";

/** What every method that removes rows must do, whatever it is; a method that does not pass is not exported. */
export interface Reducer {
  readonly name: string;
  readonly make: (options: { strategy?: unknown; seed?: number; allowEmpty?: boolean }) => Resampler;
  readonly kinds: readonly (readonly Kind[])[];
  /** Takes numbers of rows, or finds them itself. */
  readonly counts: boolean;
  /** Rows may come again, or others stand for them. */
  readonly makes?: boolean;
  /** Draws at random. */
  readonly seeded?: boolean;
  /** Made of several: its strategies and options are those of its parts. */
  readonly combined?: boolean;
  /** May keep fewer rows than it is told. */
  readonly atMost?: boolean;
}

export function reduces(given: Reducer): void {
  // what draws nothing takes no seed
  const make = ({ seed, ...options }: Parameters<Reducer["make"]>[0]): Resampler =>
    given.make({ ...options, ...(given.seeded && seed !== undefined && { seed }) });
  const subject = { ...given, make };
  describe(subject.name, () => {
    describe.each(subject.kinds.map((kinds) => [kinds.join(" + "), kinds] as const))("on %s", (_, kinds) => {
      describe.each(LAYOUTS)("as %s", (layout) => {
        describe.each([false, true])("missing cells: %s", (missing) => rowsAndShape(subject, layout, plainData(kinds, missing)));
      });
    });
    if (!given.combined) strategies(subject);
    sparing(subject);
    running(subject);
    if (!given.combined) itsOptions(subject);
  });
}

const tally = (labels: readonly Label[]): Map<Label, number> => {
  const counts = new Map<Label, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
};

/** Rows, their order, shape, origins and counts of one result. */
function rowsAndShape({ make, makes }: Reducer, layout: LayoutName, plain: Plain): void {
  let data: Data;
  let result: Resampled<Data>;
  let before: string;
  beforeAll(async () => {
    data = inLayout(layout, plain);
    before = JSON.stringify(plainOf(data));
    result = await make({ seed: 3, allowEmpty: true }).resample(data);
  });

  it("returns the shape that came in, rows untouched and in their order", () => {
    expect(JSON.stringify(plainOf(data))).toBe(before);
    const { cells, labels } = plainOf(result.data);
    const input = plainOf(data);
    const { kind, base } = result.origins;
    const stayed = [...base].filter((_, i) => !kind[i]);
    expect([...kind].lastIndexOf(0)).toBe(stayed.length - 1);
    expect(stayed).toEqual([...stayed].sort((a, b) => a - b));
    if (!makes) expect(new Set(stayed).size).toBe(labels.length);
    stayed.forEach((row, i) => expect([cells[i], labels[i]]).toEqual([input.cells[row], input.labels[row]]));
    if ("X" in data && "X" in result.data) {
      expect(Object.keys(result.data).sort()).toEqual(Object.keys(data).sort());
      expect(result.data.X.constructor).toBe(data.X.constructor);
      const { X } = data;
      const kept = result.data.X;
      if (Array.isArray(X)) stayed.forEach((row, i) => expect(kept[i]).toBe(X[row]));
    } else if ("target" in data && "target" in result.data) {
      const { rows, columns } = result.data;
      stayed.forEach((row, i) => expect(rows?.[i]).toBe((data as { rows?: readonly object[] }).rows?.[row]));
      for (const [name, column] of Object.entries(columns ?? {})) expect(column.constructor).toBe(data.columns![name]!.constructor);
    }
  });

  it("tells where every row comes from, and how many went", () => {
    const { origins, counts } = result;
    const { labels } = plainOf(result.data);
    const present = tally(plain.labels);
    const left = tally(labels);
    labels.forEach((label, i) => {
      expect(plain.labels[origins.base[i]!]).toBe(label);
      const parents = origins.parents(i);
      if (!origins.kind[i]) expect([parents, origins.neighbor[i], origins.gap[i]]).toEqual([[], -1, 0]);
      else expect(parents[0]).toBe(origins.base[i]);
    });
    for (const [label, { before: had, added, removed, after }] of counts) {
      expect([label, had, after]).toEqual([label, present.get(label), left.get(label) ?? 0]);
      expect(had + added - removed).toBe(after);
      if (!makes) expect(added).toBe(0);
    }
  });

  it("spares the smallest class, and gives the same rows again", async () => {
    if (!makes) expect(result.counts.get("c")!.removed).toBe(0);
    const again = await make({ seed: 3, allowEmpty: true }).resample(data);
    expect(plainOf(again.data)).toEqual(plainOf(result.data));
    expect([...again.origins.base]).toEqual([...result.origins.base]);
  });
}

const SIMPLE = plainData(["numeric", "numeric"], false);
const MATRIX = inLayout("nested", SIMPLE);

function strategies({ make, counts: counting, atMost, makes }: Reducer): void {
  const sizes = async (strategy: unknown): Promise<number[]> => {
    const { counts } = await make({ strategy, allowEmpty: true }).resample(MATRIX);
    return ["a", "b", "c"].map((label) => counts.get(label)!.after);
  };

  if (counting) {
    it.each<[unknown, number[]]>([
      ["auto", [9, 9, 9]],
      ["majority", [9, 17, 9]],
      ["not minority", [9, 9, 9]],
      ["not majority", [40, 9, 9]],
      ["all", [9, 9, 9]],
      [0.5, [18, 17, 9]],
      [{ counts: { a: 30 } }, [30, 17, 9]],
      [{ counts: new Map([["b", 1]]) }, [40, 1, 9]],
      [{ ratios: { a: 2, b: 1 } }, [18, 9, 9]],
      [{ times: { a: 0.5, c: 1 / 3 } }, [20, 17, 3]],
      [() => ({ b: 11 }), [40, 11, 9]],
    ])("strategy %j leaves %j rows", async (strategy, expected) => {
      const after = await sizes(strategy);
      if (atMost) after.forEach((size, code) => expect(size).toBeLessThanOrEqual(expected[code]!));
      else expect(after).toEqual(expected);
    });
  } else {
    it.each<[unknown, string]>([
      ["auto", "ab"],
      ["majority", "a"],
      ["not minority", "ab"],
      ["not majority", "bc"],
      ["all", "abc"],
      [["c"], "c"],
      [["b", "a"], "ab"],
    ])("strategy %j lets no other class lose rows", async (strategy, may) => {
      const after = await sizes(strategy);
      ["a", "b", "c"].forEach((label, code) => may.includes(label) || expect(after[code]).toBe([40, 17, 9][code]));
    });
  }

  it("refuses a strategy that cannot be meant", async () => {
    for (const strategy of [
      "minority",
      "balance",
      0,
      -1,
      2,
      NaN,
      {},
      [],
      ["d"],
      { counts: { a: 41 } },
      { times: { a: 2 } },
      { counts: { d: 1 } },
    ]) {
      const error = await make({ strategy, allowEmpty: true })
        .resample(MATRIX)
        .then(
          () => null,
          (thrown: unknown) => thrown,
        );
      expect(error, JSON.stringify(strategy)).toBeInstanceOf(InputError);
    }
  });

  it("takes a class without rows for no smallest class, and refuses data of one class", async () => {
    const { cells, labels } = SIMPLE;
    const all = table(
      cells.map(([x, y], i) => ({ x, y, class: labels[i] })),
      { target: "class" },
    );
    const without = await randomUndersample({ strategy: { counts: { c: 0 } }, allowEmpty: true }).resample(all);
    const { counts } = await make({}).resample(without.data);
    expect([counts.get("c")!.after, counts.get("b")!.removed]).toEqual([0, counting && makes ? expect.any(Number) : 0]);
    expect(counts.get("b")!.after).toBe(17);
    await expect(make({}).resample({ X: [[1], [2], [3], [4], [5]], y: [1, 1, 1, 1, 1] })).rejects.toThrow(/at least two classes/);
  });

  it("keeps labels that are numbers, booleans and typed", async () => {
    const labels = plainData(["numeric"], false, 1, [10, 9, -1]);
    const { counts } = await make({ allowEmpty: true }).resample(inLayout("nested", labels));
    expect([...counts.keys()]).toEqual([-1, 9, 10]);
    const X = Float64Array.from({ length: 12 }, (_, i) => i * i);
    const typed = await make({ allowEmpty: true }).resample({ X, columns: 1, y: Uint8Array.from(X, (_, i) => (i < 9 ? 3 : 1)) });
    expect(typed.data.y).toBeInstanceOf(Uint8Array);
    const truths = await make({ allowEmpty: true }).resample({ X, columns: 1, y: Array.from(X, (_, i) => i < 9) });
    expect([...truths.counts.keys()]).toEqual([false, true]);
  });
}

/** Protected rows stay; a class does not vanish unless it may. */
function sparing({ make, makes }: Reducer): void {
  it("never removes a protected row", async () => {
    const plain = await make({}).resample(MATRIX);
    const gone = SIMPLE.labels.map((_, i) => i).filter((i) => !plain.origins.base.includes(i));
    if (!makes) expect(gone.length).toBeGreaterThan(0);
    const { origins, data, notes } = await make({}).resample(MATRIX, { protect: SIMPLE.labels.map((_, i) => i) });
    expect([...new Set(origins.base)].sort((a, b) => a - b)).toEqual(SIMPLE.labels.map((_, i) => i));
    expect(plainOf(data).labels.length).toBeGreaterThanOrEqual(66);
    if (!makes) expect(notes.join()).toMatch(/No rows were removed|protected/);
    const some = await make({}).resample(MATRIX, { protect: gone.slice(0, 3) });
    for (const row of gone.slice(0, 3))
      expect([...some.origins.base].filter((base, i) => base === row && !some.origins.kind[i])).toHaveLength(1);
  });

  it.each([[66], [-1], [0.5], ["1"]])("refuses to protect row %j", async (row) => {
    await expect(make({}).resample(MATRIX, { protect: [row as number] })).rejects.toThrow(/protect names row/);
  });

  it("goes by a ranking where one is given", async () => {
    const ranking = new Map<Label, number>([
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]);
    const { counts } = await make({ allowEmpty: true }).resample(MATRIX, { ranking });
    if (!makes) expect(counts.get("a")!.removed).toBe(0);
  });

  it("makes no rows to return alone", async () => {
    await expect(make({}).resample(MATRIX, { only: "synthetic" })).rejects.toThrow(/leave only out/);
  });
}

/** Progress, abort, overlapping calls, and the arena afterwards. */
function running({ make }: Reducer): void {
  const data = inLayout("Float64Array", plainData(["numeric", "integer", "nominal"], true));
  const arenasAreBack = (): void => {
    expect(core.idle.length).toBeGreaterThan(0);
    for (const { arena } of core.idle) expect(arena.top).toBe(arena.base);
  };

  it("tells how far it is, never falling, to the end", async () => {
    const seen: number[] = [];
    let total = 0;
    await make({ allowEmpty: true }).resample(data, { onProgress: (progress) => (seen.push(progress.done), (total = progress.total)) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBeCloseTo(total, 5);
    arenasAreBack();
  });

  it("stops with the signal's reason, before and in the middle, and passes on what a callback throws", async () => {
    const reason = new Error("enough");
    await expect(make({}).resample(data, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    let calls = 0;
    const stopping = make({}).resample(data, { signal: controller.signal, onProgress: () => ++calls === 2 && controller.abort(reason) });
    await expect(stopping).rejects.toBe(reason);
    const mine = new TypeError("mine");
    const failing = make({}).resample(data, {
      onProgress() {
        throw mine;
      },
    });
    await expect(failing).rejects.toBe(mine);
    arenasAreBack();
  });

  it("gives the same rows in overlapping calls", async () => {
    const method = make({ seed: 1, allowEmpty: true });
    const expected = [...(await method.resample(data)).origins.base];
    const results = await Promise.all([method.resample(data), method.resample(data), method.resample(MATRIX)]);
    for (const { origins } of results.slice(0, 2)) expect([...origins.base]).toEqual(expected);
    arenasAreBack();
  });
}

function itsOptions({ make, name, seeded }: Reducer): void {
  it("is a frozen value with its options in the open, and has no stream of rows", () => {
    const method = make({});
    expect(Object.isFrozen(method)).toBe(true);
    expect(method.name).toBe(name.replace(/ .*/, ""));
    expect(method.options).toMatchObject({ strategy: "auto", allowEmpty: false });
    expect(Object.keys(method).sort()).toEqual(["name", "options", "resample"]);
  });

  it.each([{ allowEmpty: 1 }, { allowempty: true }, ...(seeded ? [{ seed: -1 }] : [])])("refuses %j", (wrong) => {
    expect(() => make(wrong as object)).toThrow(InputError);
  });

  if (!seeded) return;
  it("draws other rows with another seed", async () => {
    const [first, second] = await Promise.all([1, 2].map((seed) => make({ seed }).resample(MATRIX)));
    expect([...first!.origins.base]).not.toEqual([...second!.origins.base]);
  });
}
