import { describe, expect, it } from "vitest";
import {
  chain,
  editedNearestNeighbors,
  InputError,
  randomOversample,
  randomUndersample,
  smote,
  smoteEnn,
  smoteIpf,
  smoteTomek,
  table,
  tomekLinks,
  type Label,
  type Matrix,
} from "../../bindings/index";
import { plainOf } from "../support/layouts";
import { Numbers } from "../support/numbers";

/** Two classes in one place: 120 rows and 20, the smaller one first or last in order. */
function overlapping(small: Label, large: Label, seed = 1): Matrix {
  const numbers = new Numbers(seed);
  const y = Array.from({ length: 140 }, (_, i) => (i % 7 === 3 ? small : large));
  return { X: y.map(() => [numbers.normal(), numbers.normal()]), y };
}

const realRows = (data: Matrix, label: Label): number[] => [...data.y].flatMap((own, i) => (own === label ? [i] : []));
const stayed = ({ kind, base }: { kind: Uint8Array; base: Uint32Array }): Set<number> => new Set([...base].filter((_, i) => !kind[i]));

describe("chain", () => {
  it.each([
    ["first", "a", "b"],
    ["last", "b", "a"],
  ])("removes no real row of the class that was grown, whose label sorts %s", async (_, small, large) => {
    const data = overlapping(small, large);
    const { origins, counts } = await chain(smote({ seed: 1 }), tomekLinks()).resample(data);
    const left = stayed(origins);
    for (const row of realRows(data, small)) expect(left.has(row)).toBe(true);
    expect(counts.get(large)!.removed).toBeGreaterThan(0);
    expect(counts.get(small)).toEqual({ before: 20, added: 100, removed: 0, after: 120 });
    for (const cleaner of [tomekLinks({ strategy: "all" }), editedNearestNeighbors({ strategy: "all" })]) {
      const cleaned = await chain(smote({ seed: 1 }), cleaner).resample(data);
      expect(cleaned.counts.get(small)!.removed).toBe(0);
      expect(cleaned.counts.get(small)!.added).toBeLessThan(100);
    }
  });

  it("steps over a trap: alone, a cleaner finds no smallest class in balanced data and takes the first", async () => {
    const data = overlapping("b", "a");
    const grown = await smote({ seed: 1 }).resample(data);
    const alone = await tomekLinks().resample(grown.data);
    expect(alone.counts.get("b")!.removed).toBeGreaterThan(0);
    expect(alone.counts.get("a")!.removed).toBe(0);
  });

  it("lets later steps remove anything when told so", async () => {
    const data = overlapping("b", "a");
    const { counts } = await chain(smote({ seed: 1 }), tomekLinks({ strategy: "all" }), { protect: "none" }).resample(data);
    expect(counts.get("b")!.removed).toBeGreaterThan(0);
  });

  it("is honored by a filter that is a resampler of its own", async () => {
    const data = overlapping("b", "a");
    const alone = await smoteIpf({ seed: 1 }).resample(data);
    expect(alone.counts.get("b")!.removed).toBeGreaterThan(0);
    const { counts } = await chain(smote({ seed: 1 }), smoteIpf({ seed: 1 })).resample(data);
    expect(counts.get("b")!.removed).toBe(0);
  });

  it("honors protected rows of the input through all steps", async () => {
    const data = overlapping("b", "a");
    const steps = [randomUndersample({ strategy: { times: { a: 0.5 } } }), smote({ seed: 1 }), editedNearestNeighbors()];
    const gone = realRows(data, "a").filter((row, _, all) => all.indexOf(row) % 3 === 0);
    const { origins } = await chain(...steps).resample(data, { protect: gone });
    const left = stayed(origins);
    for (const row of gone) expect(left.has(row)).toBe(true);
  });

  it("traces every row to the input", async () => {
    const data = overlapping("b", "a");
    const X = data.X as number[][];
    const { data: result, origins } = await chain(
      tomekLinks(),
      smote({ seed: 2 }),
      randomUndersample({ strategy: { times: { b: 0.9 } } }),
    ).resample(data);
    const { cells } = plainOf(result);
    expect(origins.kind.length).toBe(cells.length);
    cells.forEach((row, i) => {
      const base = X[origins.base[i]!]!;
      if (!origins.kind[i]) {
        expect([row, origins.parents(i), origins.neighbor[i]]).toEqual([base, [], -1]);
        return;
      }
      const neighbor = X[origins.neighbor[i]!]!;
      expect(origins.parents(i)).toEqual([origins.base[i], origins.neighbor[i]]);
      row.forEach((value, c) => expect(value).toBeCloseTo(base[c]! + origins.gap[i]! * (neighbor[c]! - base[c]!), 12));
    });
  });

  it("names all rows of the input behind a row that was made of rows that were made", async () => {
    const data = overlapping("b", "a");
    const { origins } = await chain(smote({ seed: 1 }), smote({ seed: 2, strategy: { times: { b: 2 } } })).resample(data);
    const most = Math.max(...[...origins.kind].map((_, i) => origins.parents(i).length));
    expect(most).toBeGreaterThan(2);
    expect(most).toBeLessThanOrEqual(4);
    origins.kind.forEach((made, i) => {
      const parents = origins.parents(i);
      for (const parent of parents) expect(data.y[parent]).toBe("b");
      expect(new Set(parents).size).toBe(parents.length);
      if (made) expect(parents).toContain(origins.base[i]);
    });
  });

  it("goes by the classes of the input and the sizes that a step finds", async () => {
    const data = overlapping("b", "a");
    const { counts } = await chain(smote({ strategy: 0.5 }), randomUndersample()).resample(data);
    expect([...counts.values()]).toEqual([
      { before: 120, added: 0, removed: 60, after: 60 },
      { before: 20, added: 40, removed: 0, after: 60 },
    ]);
    const other = await chain(tomekLinks(), randomOversample()).resample(data);
    expect(other.counts.get("b")!.after).toBe(other.counts.get("a")!.after);
    expect(other.counts.get("a")!.after).toBeLessThan(120);
  });

  it("returns what can be cloned and sent to a worker", async () => {
    const result = await chain(smote({ seed: 1 }), tomekLinks()).resample(overlapping("b", "a"));
    const { data, counts, notes, origins } = structuredClone(result);
    expect([data, counts, notes]).toEqual([result.data, result.counts, result.notes]);
    expect([origins.kind, origins.base]).toEqual([result.origins.kind, result.origins.base]);
  });

  it("goes on when a step lets a class vanish", async () => {
    const { X, y } = overlapping("b", "a") as unknown as { X: number[][]; y: Label[] };
    const data = { X: [...X, [0, 0]], y: [...y, "c"] };
    const { counts } = await chain(randomUndersample({ strategy: { counts: { c: 0 } }, allowEmpty: true }), smote(), tomekLinks()).resample(
      data,
    );
    expect(counts.get("c")).toEqual({ before: 1, added: 0, removed: 1, after: 0 });
    expect(counts.get("b")).toMatchObject({ added: 100, removed: 0 });
  });

  it("nests", async () => {
    const data = overlapping("b", "a");
    const flat = await chain(smote(), tomekLinks(), editedNearestNeighbors()).resample(data);
    const nested = await chain(chain(smote(), tomekLinks()), editedNearestNeighbors()).resample(data);
    expect(nested.data).toEqual(flat.data);
    expect([...nested.origins.base]).toEqual([...flat.origins.base]);
    expect(nested.counts).toEqual(flat.counts);
  });

  it("returns tables as tables, with carried columns and weights", async () => {
    const { X, y } = overlapping("no", "yes") as unknown as { X: number[][]; y: Label[] };
    const rows = X.map(([p, q], i) => ({ id: `row ${i}`, p, q, w: i, sort: i % 3 ? "u" : "v", fraud: y[i] }));
    const input = table(rows, { target: "fraud", carry: ["id"], weight: "w" });
    const { data, origins } = await chain(smote({ seed: 1 }), tomekLinks()).resample(input);
    data.rows.forEach((row, i) => {
      if (!origins.kind[i]) expect(row).toBe(rows[origins.base[i]!]);
      else expect(row["id"]).toBe(`row ${origins.base[i]}`);
    });
  });

  it("is a frozen value that shows its steps, without a stream of rows", () => {
    const method = chain(smote({ seed: 3 }), tomekLinks());
    expect(Object.keys(method)).toEqual(["name", "options", "resample"]);
    expect(method.options).toMatchObject({ protect: "grown", steps: [{ name: "smote", options: { seed: 3 } }, { name: "tomekLinks" }] });
    expect(Object.isFrozen(method) && Object.isFrozen(method.options)).toBe(true);
  });

  it("refuses what are no steps", () => {
    const wrong =
      (...steps: unknown[]) =>
      () =>
        chain(...(steps as Parameters<typeof chain>));
    expect(wrong()).toThrow(/chain takes what smote\(\), tomekLinks\(\) or other resamplers return/);
    expect(wrong({ protect: "none" })).toThrow(InputError);
    expect(wrong(smote, tomekLinks())).toThrow(/step 0 is a function/);
    expect(wrong(smote(), 5)).toThrow(InputError);
    expect(wrong(smote(), null)).toThrow(InputError);
    expect(wrong(smote(), { protect: "all" })).toThrow(/needs one of "grown" and "none"/);
    expect(wrong(smote(), { protects: "none" })).toThrow(/did you mean "protect"/);
    expect(wrong({ protect: "none" }, smote())).toThrow(/step 0 is an object with "protect"/);
  });
});

describe("smoteTomek and smoteEnn", () => {
  const data = overlapping("b", "a");

  it("are SMOTE and a cleaner of all classes, whoever the rows are", async () => {
    const grown = await smote({ seed: 4, kNeighbors: 3 }).resample(data);
    const links = await tomekLinks({ strategy: "all" }).resample(grown.data);
    const tomek = await smoteTomek({ seed: 4, kNeighbors: 3 }).resample(data);
    expect(tomek.data).toEqual(links.data);
    expect(tomek.counts.get("b")!.removed).toBeGreaterThan(0);
    const edited = await editedNearestNeighbors({ strategy: "all" }).resample(grown.data);
    const enn = await smoteEnn({ seed: 4, kNeighbors: 3 }).resample(data);
    expect(enn.data).toEqual(edited.data);
    expect(enn.counts.get("a")!.removed).toBeGreaterThan(tomek.counts.get("a")!.removed);
  });

  it("pass their options on", async () => {
    const method = smoteEnn({ editingNeighbors: 5, select: "mode", cleaning: ["a"], scale: "standard", strategy: { counts: { b: 50 } } });
    expect(method.options).toMatchObject({
      editingNeighbors: 5,
      select: "mode",
      cleaning: ["a"],
      scale: "standard",
      kNeighbors: 5,
      seed: 0,
    });
    const { counts } = await method.resample(data);
    expect(counts.get("b")).toEqual({ before: 20, added: 30, removed: 0, after: 50 });
    const grown = await smote({ scale: "standard", strategy: { counts: { b: 50 } } }).resample(data);
    const edited = await editedNearestNeighbors({ kNeighbors: 5, select: "mode", strategy: ["a"], scale: "standard" }).resample(grown.data);
    expect(counts.get("a")!.after).toBe(edited.counts.get("a")!.after);
  });

  it.each([{ editingNeighbors: 0 }, { select: "none" }, { allowEmpty: 1 }, { kNeighbor: 5 }, { strategie: 1 }, { missing: "no" }])(
    "refuse %j",
    (wrong) => {
      expect(() => smoteEnn(wrong as object)).toThrow(InputError);
    },
  );
});
