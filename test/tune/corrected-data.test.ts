import { describe, expect, it } from "vitest";
import {
  biasCorrect,
  biasOneStep,
  constant,
  customLearner,
  folds,
  InputError,
  inspect,
  kNN,
  logistic,
  nearestNeighbors,
  randomOversample,
  smote,
  split,
  table,
  tomekLinks,
  toMatrix,
  type Data,
  type Label,
  type Run,
} from "../../bindings/index";
import { inLayout, LAYOUTS, plainData } from "../support/layouts";

const LABELS: readonly Label[] = ["no", "no", "yes"];
const plain = plainData(["numeric", "integer", "ordinal"], false, 4, LABELS);
const mixed = plainData(["numeric", "integer", "nominal"], true, 5, LABELS);
const gentle = smote({ onTooFew: "reduce" });

const refused = async (call: () => unknown, message: RegExp): Promise<void> => {
  const failed = await (async () => call())().then(
    () => null,
    (error: unknown) => error,
  );
  expect(failed).toBeInstanceOf(InputError);
  expect((failed as InputError).message).toMatch(message);
};

describe("corrected data", () => {
  it.each(LAYOUTS)("come in the shape of the data, with weights that learners take: %s", async (layout) => {
    for (const own of [plain, mixed]) {
      const data = inLayout(layout, own);
      const made = await biasCorrect(data, { oversampler: gentle, lambda: 0.5, learner: logistic() });
      const n = made.weights.length;
      expect(Object.keys(made.data)).toEqual([...Object.keys(data), ...("X" in data ? ["weights"] : [])]);
      expect(made.parts.end).toBe(n);
      expect(made.origins.base).toHaveLength(n);
      const { weights, rows } = toMatrix(made.data);
      expect(rows).toBe(n);
      expect(weights).toEqual(made.weights);
      const model = await logistic().fit(made.data);
      expect(model.coefficients).toEqual(made.model!.coefficients);
      expect([...model.coefficients!.values].every(Number.isFinite)).toBe(true);
      if ("columns" in made.data && typeof made.data.columns === "object") expect(made.data.columns["weight"]).toEqual(made.weights);
      if ("rows" in made.data) expect(made.data.rows!.map((row) => row["weight"])).toEqual([...made.weights]);
    }
  });

  it.each(["Float64Array", "rows", "columns"] as const)("are refused where the weights would be lost: %s", async (layout) => {
    const { data } = await biasCorrect(inLayout(layout, plain), { oversampler: smote(), lambda: 1 });
    for (const door of [split, folds]) await refused(() => door(data), /was given what biasCorrect of smote returned/);
    for (const given of [data, { ...data }] as Data[]) {
      for (const door of [
        () => smote().resample(given),
        () => tomekLinks().resample(given),
        () => smote().fit(given),
        () => nearestNeighbors(given),
        () => inspect(given),
        () => biasCorrect(given, { oversampler: smote() }),
      ]) {
        await refused(door, /weights|which table\(\) did not make|biasCorrect was given/);
      }
    }
    for (const learner of [kNN(), constant(), customLearner({ name: "own", fit: () => ({ predict: (X) => X.map(() => 0) }) })])
      await refused(() => learner.fit(data), /takes none below 0; use logistic\(\), which does, or biasOneStep/);
    await refused(() => logistic().fit(data, { weights: [1] }), /weights is given, but these data bring their own/);
    await refused(() => logistic().fit({ ...data }), /weights|did not make/);
  });

  it("avoid the name of a column that is there", async () => {
    const rows = plain.cells.map((cells, i) => ({ weight: cells[0], weight_: cells[1], class: plain.labels[i] }));
    const { data } = await biasCorrect(table(rows, { target: "class" }), { oversampler: smote(), lambda: 1 });
    expect(Object.keys(data.rows[0]!)).toEqual(["weight", "weight_", "class", "weight__"]);
  });

  it("are the same bytes with the same seeds, and others with others", async () => {
    const make = async (seed: number) =>
      (await biasCorrect(inLayout("Float64Array", plain), { oversampler: smote(), lambda: 1, seed })).data;
    expect(await make(1)).toEqual(await make(1));
    expect(await make(1)).not.toEqual(await make(2));
  });
});

describe("what cannot be corrected", () => {
  const numeric = (n0: number, n1: number, cell = (i: number) => i * 0.37 + (i % 7)): Data => ({
    X: Float64Array.from({ length: 2 * (n0 + n1) }, (_, i) => cell(i)),
    columns: 2,
    y: Array.from({ length: n0 + n1 }, (_, i) => (i < n0 ? "no" : "yes")),
  });

  it("a class that no other has twice the rows of: lambda 0 and a note", async () => {
    const made = await biasCorrect(numeric(19, 10), { oversampler: smote() });
    expect([made.lambda, made.diagnostics.subsets, made.parts.end]).toEqual([0, 0, 38]);
    expect(made.notes).toContain('Class "yes" has 10 rows and no other class has twice as many, so its bias is not corrected.');
  });

  it("one row: lambda 0 and a note", async () => {
    const made = await biasCorrect(numeric(12, 1), { oversampler: randomOversample() });
    expect(made.lambda).toBe(0);
    expect(made.notes.join(" ")).toMatch(/A class has one row/);
  });

  it("nominal columns: left out with a note; by own labels not", async () => {
    const made = await biasCorrect(inLayout("rows", mixed), { oversampler: gentle, lambda: 1 });
    expect(made.notes).toContain("Nominal columns are left out of the correction: no map moves them.");
    const all = plainData(["nominal", "nominal"], false, 2, LABELS);
    const none = await biasCorrect(inLayout("rows", all), { oversampler: gentle, lambda: 1 });
    expect([none.lambda, none.notes.join(" ")]).toEqual([0, expect.stringMatching(/No feature is numeric/)]);
    const own = await biasCorrect(inLayout("rows", all), { oversampler: gentle, lambda: 1, transfer: "own", learner: logistic() });
    expect(own.lambda).toBe(1);
    expect(own.diagnostics.subsets).toBe(6);
  });

  it.each(["diag", "translate", "affine", "own"] as const)(
    "columns without a spread, duplicates and huge offsets make no NaN: %s",
    async (transfer) => {
      for (const cell of [() => 1, (i: number) => i % 2, (i: number) => 1e9 + (i % 5) * 1e-3, (i: number) => (i % 2 ? 7 : i)]) {
        for (const reference of ["seeds", "heldout"] as const) {
          const made = await biasCorrect(numeric(30, 6, cell), {
            oversampler: smote(),
            transfer,
            reference,
            lambda: 1,
            learner: logistic(),
          });
          const { probabilities } = await made.model!.predictProbability(numeric(30, 6, cell));
          expect(probabilities.every((share) => share >= 0 && share <= 1)).toBe(true);
          expect(made.diagnostics.biasGradNorm).toBeGreaterThanOrEqual(0);
        }
      }
    },
  );

  it("says what is wrong with options", async () => {
    const data = numeric(30, 6);
    const oversampler = smote();
    await refused(() => biasCorrect(data, undefined as never), /biasCorrect takes an object of options/);
    await refused(() => biasCorrect(data, {} as never), /oversampler is undefined, but needs what smote\(\)/);
    await refused(() => biasCorrect(data, { oversampler: tomekLinks() as never }), /oversampler is an object/);
    await refused(() => biasCorrect(data, { oversampler, lambda: 2 }), /lambda is 2, but needs a number from 0 to 1/);
    await refused(() => biasCorrect(data, { oversampler, gamma: -1 }), /gamma is -1/);
    await refused(() => biasCorrect(data, { oversampler, transfer: "none" as never }), /transfer is "none"/);
    await refused(() => biasCorrect(data, { oversampler, subsets: 0 }), /subsets is 0/);
    await refused(() => biasCorrect(data, { oversampler, tasks: [1] }), /tasks is an array of 1, but needs 36 labels/);
    await refused(() => biasCorrect(data, { oversampler, learner: kNN() }), /"kNN" takes no weights below 0, .* or biasOneStep/);
    const { data: made } = await smote().resample(data);
    await refused(() => biasCorrect(made, { oversampler }), /biasCorrect was given what smote returned/);
    const rows = plain.cells.map((cells, i) => ({ a: cells[0], w: 1, class: plain.labels[i] }));
    await refused(() => biasCorrect(table(rows, { target: "class", weight: "w" }), { oversampler }), /weight column/);
    await refused(() => biasOneStep({} as never, {} as never), /corrected is an empty object/);
    const corrected = await biasCorrect(data, { oversampler, lambda: 1 });
    await refused(() => biasOneStep(corrected, {} as never), /coefficients are an empty object/);
    const names = { labels: ["yes"], values: new Float64Array(2), intercepts: new Float64Array(1) };
    await refused(() => biasOneStep(corrected, { ...names, names: ["0", "b"] }), /name 2 columns, "b" for one/);
  });
});

describe("several classes and tasks", () => {
  it("each class borrows from those with twice its rows", async () => {
    const three = plainData(["numeric", "numeric"], false, 6);
    const data = inLayout("Float64Array", three) as { y: Label[] } & Data;
    const made = await biasCorrect(data, { oversampler: smote(), lambda: 1, learner: logistic() });
    // class b of 17 borrows from a of 40, twice; c of 9 from a four times; b has less than twice its rows
    expect(made.diagnostics.subsets).toBe(2 + 4);
    const { parts, weights, origins } = made;
    for (let i = parts.reference; i < parts.end; i++) expect(data.y[origins.base[i]!]).toBe("a");
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(120, 8);
    expect(made.diagnostics.hessianPositiveDefinite).toBeDefined();
    expect((await biasCorrect(data, { oversampler: smote() })).curve).toHaveLength(5);
  });

  it("a task borrows from the same class of a larger one", async () => {
    const many = plainData(["numeric", "numeric"], false, 7, ["no", "yes", "yes"]);
    const small = plainData(["numeric", "numeric"], false, 8, ["no", "no", "yes"]);
    const y = [...many.labels, ...small.labels];
    const X = Float64Array.from([...many.cells, ...small.cells].flat() as number[]);
    const tasks = y.map((_, i) => (i < 66 ? "large" : "small"));
    const made = await biasCorrect({ X, y, columns: 2 } as Data, { oversampler: smote(), tasks, lambda: 1 });
    const bases = [...made.origins.base].slice(made.parts.reference);
    // the 9 rows of "yes" in the small task borrow from the 26 of the large one; those 26 borrow from none
    expect(made.diagnostics.subsets).toBe(2);
    expect(bases.every((row) => tasks[row] === "large" && y[row] === "yes")).toBe(true);
    expect(made.notes.join(" ")).toMatch(/Class "yes" has 26 rows and no other class has twice as many/);
    expect((await biasCorrect({ X, y, columns: 2 } as Data, { oversampler: smote(), tasks })).lambda).toBeGreaterThanOrEqual(0);
  });
});

describe("a call that takes long", () => {
  const data = inLayout("Float64Array", plainData(["numeric", "numeric"], false, 4, LABELS));

  it("tells its progress, which never falls, and ends", async () => {
    for (const options of [{}, { lambda: 1 }, { lambda: 1, learner: logistic() }]) {
      const seen: number[] = [];
      await biasCorrect(data, { oversampler: smote(), ...options }, { onProgress: ({ done, total }) => seen.push(done / total) });
      expect(seen.every((share, i) => share >= (seen[i - 1] ?? 0) && share <= 1)).toBe(true);
      expect(seen.at(-1)).toBe(1);
    }
  });

  it("ends with the reason when aborted, before and in between", async () => {
    const gone = new Error("gone");
    await expect(biasCorrect(data, { oversampler: smote() }, { signal: AbortSignal.abort(gone) })).rejects.toBe(gone);
    const controller = new AbortController();
    const run: Run = { signal: controller.signal, onProgress: ({ done, total }) => void (done > total / 2 && controller.abort(gone)) };
    await expect(biasCorrect(data, { oversampler: smote() }, run)).rejects.toBe(gone);
  });
});
