import { beforeAll, describe, expect, it } from "vitest";
import { core } from "../../bindings/engine/core";
import { read } from "../../bindings/data/read";
import { withInstance, withInstanceNow } from "../../bindings/engine/lease";
import { adasyn, borderlineSmote, prowsyn, safeLevelSmote, type ColumnTable, type Label, type Oversampler } from "../../bindings/index";
import type { Choices } from "../../bindings/resample/choices";
import { emit, makeRoom, placeSource } from "../../bindings/resample/emit";
import type { Fitted } from "../../bindings/resample/generate";
import { restore } from "../../bindings/resample/restore";
import { judgeOf } from "../../bindings/resample/sift";
import { everyRow } from "../../bindings/resample/surroundings";
import { startWork } from "../../bindings/run/work";
import { golden, HAS_DATA, realTable } from "../support/data";

interface Made {
  readonly base: number;
  readonly neighbor: number;
  readonly gap: number;
  readonly row: readonly number[];
}

interface ClassFile {
  readonly label: string;
  readonly unsure: readonly number[];
  readonly danger: readonly number[];
  readonly one: readonly Made[];
  readonly two: readonly Made[];
  readonly adasyn: { readonly foreign: readonly number[]; readonly wanted: number; readonly total: number };
  readonly safeLevel: readonly (readonly [base: number, neighbor: number, low: number, high: number])[];
  readonly prowsyn: readonly (readonly number[])[];
  readonly lee: readonly { readonly base: number; readonly neighbor: number; readonly gap: number; readonly accepted: boolean }[];
}

const file = golden<{ sets: { folder: string; name: string; classes: ClassFile[] }[] }>("oversamplers.json");
const classes = file.sets.flatMap(({ folder, name, classes: all }) =>
  all.map((one) => [`${name}, class ${one.label}`, folder, name, one] as const),
);

/** What a method decides for one class of a real table, by row numbers. */
async function decided(method: Oversampler, data: ColumnTable): Promise<{ fitted: Fitted; choices: Choices } | undefined> {
  const fitted = restore(JSON.parse(JSON.stringify(await method.fit(data))));
  const [choices] = fitted.streams;
  return choices && { fitted, choices };
}

/** The common options that make rows of one class as the reference tools compare them. */
const of = (label: Label): { scale: "none"; strategy: { counts: Map<Label, number> }; onTooFew: "reduce" } => ({
  scale: "none",
  strategy: { counts: new Map([[label, 100_000]]) },
  onTooFew: "reduce",
});

/** Carries out a plan with the given base, neighbor and gap: one row of numbers. */
function made({ schema }: Fitted, choices: Choices, { base, neighbor, gap }: Omit<Made, "row">): number[] {
  return withInstanceNow(core, (instance) =>
    instance.arena.scope(() => {
      const place = (row: number): Uint32Array => Uint32Array.of(choices.rows.indexOf(row));
      const room = makeRoom(schema, 1);
      const plan = { from: 0, m: 1, bases: place(base), neighbors: place(neighbor), gaps: Float64Array.of(gap) };
      emit(instance, schema, placeSource(instance, schema, choices), plan, 0, room, 0);
      return [...room.numeric];
    }),
  );
}

function closeTo(found: readonly number[], expected: readonly number[]): void {
  found.forEach((value, c) => expect(Math.abs(value - expected[c]!)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected[c]!))));
}

/** Entries of a base's list: neighbor and span. */
function listOf(choices: Choices, base: number): { neighbor: number; low: number; high: number }[] {
  const place = choices.rows.indexOf(base);
  const [at, length] = [choices.lists[2 * place]!, choices.lists[2 * place + 1]!];
  return Array.from({ length }, (_, p) => {
    const span = (2 * (at + p)) % choices.spans.length;
    return { neighbor: choices.rows[choices.neighbors[at + p]!]!, low: choices.spans[span]!, high: choices.spans[span + 1]! };
  });
}

describe.runIf(HAS_DATA).each(classes)("%s, as the reference tools decide", (_, folder, name, expected) => {
  const sure = (row: number): boolean => !expected.unsure.includes(row);
  let data: ColumnTable;
  let rows: number[];
  let value: Label;
  beforeAll(() => {
    data = realTable(folder, name);
    const labels = Array.from(data.columns[data.target]! as ArrayLike<Label>);
    rows = [...labels.keys()].filter((i) => String(labels[i]) === expected.label);
    value = labels[rows[0]!]!;
  });

  it("Borderline-SMOTE: the rows in danger, and rows of both kinds from the same draws", async () => {
    for (const [kind, drawn] of [
      [1, expected.one],
      [2, expected.two],
    ] as const) {
      const found = await decided(borderlineSmote({ ...of(value), kind, compat: "imbalanced-learn", onNoDanger: "skip" }), data);
      const bases = found ? [...found.choices.rows.subarray(0, found.choices.lists.length / 2)] : [];
      expect(bases.filter(sure)).toEqual(expected.danger.filter(sure));
      for (const one of drawn.filter(({ base }) => sure(base))) {
        const entry = listOf(found!.choices, one.base).find(({ neighbor }) => neighbor === one.neighbor)!;
        expect([entry.low, entry.high]).toEqual([0, rows.includes(one.neighbor) ? 1 : 0.5]);
        closeTo(made(found!.fitted, found!.choices, one), one.row);
      }
    }
  });

  it("ADASYN: foreign neighbors, and children in proportion to them, exact in total", async () => {
    const { foreign, wanted, total } = expected.adasyn;
    const sum = foreign.reduce((all, count) => all + count, 0);
    const { choices } = (await decided(adasyn(of(value)), data))!;
    const shares = new Map(Array.from(choices.bases.shares!, (share, b) => [choices.rows[b]!, share]));
    rows.forEach((row, t) => sure(row) && expect(shares.get(row) ?? 0).toBe(foreign[t]));
    if (expected.unsure.length || !wanted) return;
    const { origins } = await adasyn({ ...of(value), strategy: { counts: new Map([[value, rows.length + wanted]]) } }).resample(data, {
      only: "synthetic",
    });
    expect(origins.base).toHaveLength(wanted);
    expect(Math.abs(total - wanted)).toBeLessThan(rows.length);
    rows.forEach((row, t) => {
      const count = origins.base.filter((base) => base === row).length;
      expect(Math.abs(count - (wanted * foreign[t]!) / sum)).toBeLessThan(3);
    });
  });

  it("Safe-Level-SMOTE: the span of the gap of each pair", async () => {
    const { choices } = (await decided(safeLevelSmote(of(value)), data))!;
    let compared = 0;
    for (const [base, neighbor, low, high] of expected.safeLevel) {
      if (!sure(base) || !sure(neighbor)) continue;
      const entry = listOf(choices, base).find((one) => one.neighbor === neighbor);
      // a neighbor among all rows is one of the class's nearest, but for equal distances
      expect(entry).toBeDefined();
      expect(entry!.low).toBeCloseTo(low, 9);
      expect(entry!.high).toBeCloseTo(high, 9);
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });

  it("ProWSyn: the levels", async () => {
    const { choices } = (await decided(prowsyn(of(value)), data))!;
    const levels = new Map<string, number[]>();
    rows.forEach((row, place) => {
      const pool = [row, ...listOf(choices, row).map(({ neighbor }) => neighbor)].sort((a, b) => a - b);
      levels.set(String(new Set(pool).size) + pool.join(), [...new Set(pool)]);
      expect(choices.rows[place]).toBe(row);
    });
    if (expected.unsure.length > 0) return;
    expect([...levels.values()].map((level) => level.join()).sort()).toEqual(expected.prowsyn.map((level) => level.join()).sort());
    // level l weighs exp(1 − l)
    const weights = expected.prowsyn.map((level) => level.reduce((sum, row) => sum + choices.bases.shares![rows.indexOf(row)]!, 0));
    weights.forEach((weight, level) => expect(weight).toBeCloseTo(Math.exp(-level), 12));
  });

  it("Lee: which candidates are accepted", async () => {
    const dataset = read(data);
    const all = everyRow(dataset);
    const { d } = dataset.schema;
    const candidates = makeRoom(dataset.schema, expected.lee.length);
    expected.lee.forEach(({ base, neighbor, gap }, t) => {
      for (let c = 0; c < d; c++) {
        const [x, y] = [dataset.numeric[base * d + c]!, dataset.numeric[neighbor * d + c]!];
        candidates.numeric[t * d + c] = x + gap * (y - x);
      }
    });
    const options = { scale: "none", missing: "expected" } as const;
    const foreign = await withInstance(core, (instance) => {
      const judge = judgeOf(instance, startWork(undefined, 1), dataset, 5, options);
      return judge(candidates, all.subarray(0, expected.lee.length), dataset.schema.classes.indexOf(value));
    });
    expect(Array.from(foreign, (count) => count / 5 < 0.5)).toEqual(expected.lee.map(({ accepted }) => accepted));
  });
});
