import { beforeAll, describe, expect, it } from "vitest";
import { core } from "../../bindings/engine/core";
import { InputError, type Data, type Kind, type Label, type Oversampler, type Resampled } from "../../bindings/index";
import { restoreGenerator } from "../../bindings/generator";
import { inLayout, LAYOUTS, plainData, plainOf, type LayoutName, type Plain } from "../support/layouts";

/** What every oversampler must do, whatever it is; a method that does not pass is not exported. */
export interface Subject {
  readonly name: string;
  readonly make: (options: { strategy?: unknown; seed?: number; draws?: string; compat?: string }) => Oversampler;
  /** Kinds of columns it takes beside numeric ones. */
  readonly kinds: readonly (readonly Kind[])[];
  /** Rows do not all have as many children. */
  readonly weighted?: boolean;
  /** Its generators cannot be stored, and say so. */
  readonly unstored?: boolean;
  /** How far rows of other classes, and points that are no rows, may draw a new row near; not at all if left out. */
  readonly companions?: number;
  /** Lowest gap; 0 unless rows lean away from neighbors. */
  readonly lowestGap?: number;
  /** With `compat` rows have other shares, too. */
  readonly compatShares?: boolean;
}

export const KINDS: readonly (readonly Kind[])[] = [
  ["numeric"],
  ["numeric", "numeric", "numeric"],
  ["integer", "numeric"],
  ["numeric", "nominal", "integer"],
  ["nominal", "nominal", "nominal"],
  ["ordinal", "numeric", "nominal"],
];

export function contract(subject: Subject): void {
  describe(subject.name, () => {
    describe.each(subject.kinds.map((kinds) => [kinds.join(" + "), kinds] as const))("on %s", (_, kinds) => {
      describe.each(LAYOUTS)("as %s", (layout) => {
        describe.each([false, true])("missing cells: %s", (missing) => rowsAndShape(subject, layout, plainData(kinds, missing)));
      });
    });
    countsAndStrategies(subject);
    labelTypes(subject);
    running(subject);
    commonOptions(subject);
  });
}

/** Counts, order, originals, provenance, kinds and missing cells of one result. */
function rowsAndShape({ make, companions, unstored, lowestGap = 0 }: Subject, layout: LayoutName, plain: Plain): void {
  let data: Data;
  let result: Resampled<Data>;
  let before: string;
  beforeAll(async () => {
    data = inLayout(layout, plain);
    before = JSON.stringify(plainOf(data));
    result = await make({ seed: 3 }).resample(data);
  });

  it("adds exactly what the strategy asks for, class by class after the originals", () => {
    const { labels: all } = plainOf(result.data);
    expect(all).toEqual([...plain.labels, ...new Array<Label>(23).fill("b"), ...new Array<Label>(31).fill("c")]);
    expect(result.counts.get("b")).toEqual({ before: 17, added: 23, removed: 0, after: 40 });
    expect(result.counts.get("a")).toEqual({ before: 40, added: 0, removed: 0, after: 40 });
  });

  it("returns the shape that came in, originals first and untouched", () => {
    expect(JSON.stringify(plainOf(data))).toBe(before);
    const n = plain.labels.length;
    if ("X" in data && "X" in result.data) {
      expect(Object.keys(result.data).sort()).toEqual(Object.keys(data).sort());
      expect(result.data.X.constructor).toBe(data.X.constructor);
      if (Array.isArray(data.X)) data.X.forEach((row, i) => expect((result.data as unknown as { X: unknown[] }).X[i]).toBe(row));
      else {
        const bytes = (X: unknown): Uint8Array => new Uint8Array((X as Float64Array).buffer, 0, (data as { X: Float64Array }).X.byteLength);
        expect(bytes(result.data.X)).toEqual(bytes(data.X));
      }
    } else if ("target" in data && "target" in result.data) {
      data.rows?.forEach((row, i) => expect((result.data as unknown as { rows: unknown[] }).rows[i]).toBe(row));
      for (const [name, cells] of Object.entries(data.columns ?? {})) {
        const after = (result.data as { columns: Record<string, ArrayLike<unknown>> }).columns[name]!;
        expect(after.constructor).toBe(cells.constructor);
        expect(Array.from(after).slice(0, n)).toEqual(Array.from(cells));
      }
    }
  });

  it("tells where every row comes from", () => {
    const { origins } = result;
    const n = plain.labels.length;
    const { labels: all } = plainOf(result.data);
    for (let i = 0; i < all.length; i++) {
      expect(origins.kind[i]).toBe(i < n ? 0 : 1);
      if (i < n) {
        expect([origins.base[i], origins.neighbor[i], origins.parents(i)]).toEqual([i, -1, []]);
        continue;
      }
      const parents = origins.parents(i);
      expect(parents[0]).toBe(origins.base[i]);
      expect(parents).toHaveLength(origins.neighbor[i]! < 0 ? 1 : 2);
      const own = parents.filter((parent) => plain.labels[parent] === all[i]);
      if (!companions) expect(own).toEqual(parents);
      expect(own[0]).toBe(parents[0]);
      expect(origins.gap[i]).toBeGreaterThanOrEqual(lowestGap);
      expect(origins.gap[i]).toBeLessThanOrEqual(own.length < parents.length ? companions! : 1);
    }
  });

  it("keeps kinds, and the missing cells of the base", () => {
    const { cells, labels: all } = plainOf(result.data);
    const originals = plainOf(data).cells;
    plain.kinds.forEach((kind, c) => {
      for (let i = plain.labels.length; i < all.length; i++) {
        const value = cells[i]![c];
        expect(value === null, `row ${i}, column ${c}`).toBe(originals[result.origins.base[i]!]![c] === null);
        if (value === null) continue;
        if (kind === "integer") expect(Number.isInteger(value)).toBe(true);
        if (kind === "numeric") expect(Number.isFinite(value)).toBe(true);
        if (kind === "ordinal") expect(originals.map((row) => row[c])).toContain(value);
        // a nominal value occurs in the class
        if (kind === "nominal") expect(originals.filter((_row, j) => plain.labels[j] === all[i]).map((row) => row[c])).toContain(value);
      }
    });
  });

  it("gives the same rows again, alone, from a generator in pieces, and from a stored one", async () => {
    const again = await make({ seed: 3 }).resample(data);
    expect(plainOf(again.data)).toEqual(plainOf(result.data));
    const alone = await make({ seed: 3 }).resample(data, { only: "synthetic" });
    const n = plain.labels.length;
    const synthetic = plainOf(result.data).cells.slice(n);
    expect(plainOf(alone.data).cells).toEqual(synthetic);
    expect([...alone.origins.base]).toEqual([...result.origins.base.slice(n)]);
    const generator = await make({ seed: 3 }).fit(data);
    if (unstored) expect(() => JSON.stringify(generator)).toThrow(InputError);
    const stored = unstored ? generator : restoreGenerator(JSON.parse(JSON.stringify(generator)));
    for (const [label, first, count] of [
      ["b", 0, 23],
      ["c", 23, 31],
    ] as const) {
      const whole = synthetic.slice(first, first + count);
      const pieces = [
        await generator.sample(label, 0, 10),
        await generator.sample(label, 10, 10),
        await generator.sample(label, 10, count),
      ];
      expect(pieces.flatMap((piece) => plainOf(piece.data).cells)).toEqual(whole);
      const elsewhere = (await stored.sample(label, 0, count)).data;
      if (unstored) continue;
      const content = plainOf(
        "target" in data
          ? ({ ...data, rows: undefined, columns: undefined, [data.rows ? "rows" : "columns"]: elsewhere } as unknown as Data)
          : (elsewhere as Data),
      );
      expect(content.cells).toEqual(whole);
    }
  });

  it("gives other rows with another seed", async () => {
    const other = await make({ seed: 4 }).resample(data, { only: "synthetic" });
    const { base, neighbor, gap } = other.origins;
    const n = plain.labels.length;
    expect([[...base], [...neighbor], [...gap]]).not.toEqual([
      [...result.origins.base.slice(n)],
      [...result.origins.neighbor.slice(n)],
      [...result.origins.gap.slice(n)],
    ]);
  });
}

const SIMPLE = plainData(["numeric", "numeric"], false);

function countsAndStrategies({ make, weighted, compatShares }: Subject): void {
  const matrix = inLayout("nested", SIMPLE);
  const sizes = async (strategy: unknown, draws?: string): Promise<number[]> => {
    const { counts: after } = await make({ strategy, ...(draws && { draws }) }).resample(matrix);
    return ["a", "b", "c"].map((label) => after.get(label)!.after);
  };

  it.each([
    ["auto", [40, 40, 40]],
    ["minority", [40, 17, 40]],
    ["not minority", [40, 40, 9]],
    ["not majority", [40, 40, 40]],
    ["all", [40, 40, 40]],
    [0.5, [40, 20, 20]],
    [{ counts: { b: 30 } }, [40, 30, 9]],
    [{ ratios: { c: 0.5 } }, [40, 17, 20]],
    [{ times: { a: 2, c: 3 } }, [80, 17, 27]],
    [() => ({ c: 11 }), [40, 17, 11]],
    [{ counts: new Map([["b", 1000]]) }, [40, 1000, 9]],
  ])("strategy %j gives exactly %j rows", async (strategy, expected) => {
    expect(await sizes(strategy)).toEqual(expected);
    expect(await sizes(strategy, "independent")).toEqual(expected);
  });

  it("draws bases evenly, or with replacement when asked to", async () => {
    const children = async (options: object, made = 180): Promise<number[]> => {
      const { origins } = await make({ strategy: { counts: { c: 9 + made } }, ...options }).resample(matrix, { only: "synthetic" });
      const tally = new Array<number>(66).fill(0);
      for (const base of origins.base) tally[base]!++;
      return tally.filter((_, row) => SIMPLE.labels[row] === "c");
    };
    const apart = (counts: number[]): number => Math.max(...counts) - Math.min(...counts);
    const even = await children({});
    const twice = await children({}, 360);
    expect(apart(twice.map((count, row) => count - 2 * even[row]!))).toBeLessThanOrEqual(4);
    const independent = await children({ draws: "independent" });
    if (!weighted) {
      expect(apart(even.filter((count) => count > 0))).toBeLessThanOrEqual(1);
      expect(apart(independent.filter((count) => count > 0))).toBeGreaterThan(3);
    }
    expect(independent).not.toEqual(even);
    const compatible = await children({ compat: "imbalanced-learn" });
    if (compatShares) expect(compatible).not.toEqual(even);
    else expect(compatible).toEqual(independent);
  });

  it("says so when there is nothing to add", async () => {
    const balanced = { X: [[1], [2], [3], [4], [5], [6]], y: [0, 0, 0, 1, 1, 1] };
    const result = await make({}).resample(balanced);
    expect(result.data.X).toEqual(balanced.X);
    expect(result.notes.join()).toMatch(/No rows were added/);
  });
}

function labelTypes({ make }: Subject): void {
  it.each<[string, Label[]]>([
    ["numbers", [10, 9, -1]],
    ["texts", ["b", "B", "10"]],
  ])("keeps labels that are %s, sorted by value or code unit", async (_, names) => {
    const data = inLayout("nested", plainData(["numeric"], false, 1, names));
    const { counts: after } = await make({}).resample(data);
    expect([...after.keys()]).toEqual([...names].sort((a, b) => (a < b ? -1 : 1)));
  });

  it("keeps booleans and typed labels", async () => {
    const booleans = { X: [[1], [2], [3], [4], [5], [6], [7], [8], [9]], y: [true, true, true, true, true, true, true, false, false] };
    const { data } = await make({ strategy: { times: { true: 2 } } }).resample(booleans);
    expect(data.y.slice(9)).toEqual(new Array(7).fill(true));
    const typed = { X: booleans.X, y: Uint8Array.of(3, 3, 3, 3, 3, 3, 3, 1, 1) };
    const result = await make({ strategy: { times: { 3: 2 } } }).resample(typed);
    expect(result.data.y).toEqual(Uint8Array.of(3, 3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3, 3, 3));
  });
}

/** Progress, abort, overlapping and nested calls, and the arena afterwards. */
function running({ make }: Subject): void {
  const data = inLayout("Float64Array", plainData(["numeric", "integer", "nominal"], true));
  const arenasAreBack = (): void => {
    expect(core.idle.length).toBeGreaterThan(0);
    for (const { arena } of core.idle) expect(arena.top).toBe(arena.base);
  };

  it("tells how far it is, never falling, to the end", async () => {
    const seen: number[] = [];
    let total = 0;
    await make({}).resample(data, { onProgress: (progress) => (seen.push(progress.done), (total = progress.total)) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBeCloseTo(total, 5);
    arenasAreBack();
  });

  it("stops with the signal's reason, before and in the middle, and leaves nothing behind", async () => {
    const reason = new Error("enough");
    await expect(make({}).resample(data, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    let calls = 0;
    const stopping = make({}).resample(data, { signal: controller.signal, onProgress: () => ++calls === 2 && controller.abort(reason) });
    await expect(stopping).rejects.toBe(reason);
    expect(core.idle.length).toBeGreaterThan(0);
    arenasAreBack();
    await expect(make({}).fit(data, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const generator = await make({}).fit(data);
    await expect(generator.sample("b", 0, 5, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    arenasAreBack();
  });

  it("passes on what a callback throws, and leaves nothing behind", async () => {
    const mine = new TypeError("mine");
    let calls = 0;
    const failing = make({}).resample(data, {
      onProgress() {
        if (++calls === 3) throw mine;
      },
    });
    await expect(failing).rejects.toBe(mine);
    arenasAreBack();
  });

  it("gives the same rows in overlapping calls and in one nested inside a callback", async () => {
    const expected = plainOf((await make({ seed: 1 }).resample(data)).data);
    const others = [0, 1, 2].map((seed) => make({ seed }).resample(data));
    let nested: Promise<Resampled<Data>> | undefined;
    const outer = make({ seed: 1 }).resample(data, { onProgress: () => void (nested ??= make({ seed: 1 }).resample(data)) });
    expect(plainOf((await outer).data)).toEqual(expected);
    expect(plainOf((await nested!).data)).toEqual(expected);
    expect(plainOf((await others[1]!).data)).toEqual(expected);
    await Promise.all(others);
    arenasAreBack();
  });
}

function commonOptions({ make, name }: Subject): void {
  it("is a frozen value with its options in the open", () => {
    const method = make({ seed: 9 });
    expect(Object.isFrozen(method)).toBe(true);
    expect(method.name).toBe(name.replace(/ .*/, ""));
    expect(method.options).toMatchObject({ strategy: "auto", seed: 9, draws: "even" });
  });

  it.each([{ seed: -1 }, { seed: 1.5 }, { seed: "1" }, { draws: "often" }, { compat: "sklearn" }, { sead: 1 }])("refuses %j", (wrong) => {
    expect(() => make(wrong as object)).toThrow(InputError);
  });

  it("names the option it thinks was meant", () => {
    expect(() => make({ sead: 1 } as object)).toThrow(/did you mean "seed"/);
  });
}
