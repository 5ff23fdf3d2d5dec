import { describe, expect, it } from "vitest";
import {
  constant,
  customLearner,
  InputError,
  kNN,
  kotaro,
  logistic,
  randomOversample,
  resampledClassifier,
  table,
  type Learner,
  type Model,
} from "../../bindings/index";
import { golden, HAS_DATA, realTable } from "../support/data";
import { Numbers } from "../support/numbers";
import { read } from "../../bindings/data/read";

/** A classifier as packages have them: the mean of each class, by which rows are told apart. */
function nearestMean(): Learner {
  interface Means {
    readonly means: readonly number[][];
  }
  const model = ({ means }: Means) => ({
    predict: (X: number[][]) =>
      X.map((row) => {
        const squares = means.map((mean) => mean.reduce((sum, value, c) => sum + (row[c]! - value) ** 2, 0));
        return squares.indexOf(Math.min(...squares));
      }),
    toJSON: () => ({ means }),
  });
  return customLearner({
    name: "nearestMean",
    weights: "positive",
    fit: (X, y, { weights, classes }) => {
      const means = Array.from({ length: classes }, (_, code) =>
        X[0]!.map((_cell, c) => {
          const own = X.map((row, i) => (y[i] === code ? weights[i]! : 0) * row[c]!).reduce((sum, value) => sum + value, 0);
          return own / weights.reduce((sum, weight, i) => sum + (y[i] === code ? weight : 0), 0);
        }),
      );
      return model({ means });
    },
    restore: (stored) => model(stored as Means),
  });
}

const LEARNERS = [
  logistic(),
  kNN({ kNeighbors: 3 }),
  kotaro({ kNeighbors: 1 }),
  constant(),
  nearestMean(),
  resampledClassifier(randomOversample(), logistic(), { threshold: "most probable" }),
];

function mixed(n: number): Record<string, unknown>[] {
  const numbers = new Numbers(n);
  return Array.from({ length: n }, (_, i) => ({
    amount: i % 6 === 0 ? null : 100 * numbers.normal() + (i % 3 === 0 ? 150 : 0),
    visits: numbers.below(9),
    color: i % 9 === 0 ? null : numbers.pick(["red", "green", "blue"]),
    label: i % 3 === 0 ? "yes" : "no",
    id: `row ${i}`,
  }));
}

const refused = async (call: () => unknown, message: RegExp): Promise<void> => {
  const error: unknown = await (async () => call())().catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toMatch(message);
};

describe.each(LEARNERS.map((learner) => [learner.name, learner] as const))("%s keeps the contract", (name, learner) => {
  const data = table(mixed(60), { target: "label", carry: ["id"] });

  it("gives probabilities that sum to 1, in the order of the labels, and the most probable label", async () => {
    const model = await learner.fit(data);
    expect([model.learner, model.labels]).toEqual([name, ["no", "yes"]]);
    const { labels, probabilities } = await model.predictProbability(data);
    expect(labels).toEqual(["no", "yes"]);
    expect(probabilities).toHaveLength(120);
    const said = await model.predict(data);
    for (let i = 0; i < 60; i++) {
      const [no, yes] = [probabilities[2 * i]!, probabilities[2 * i + 1]!];
      expect(no).toBeGreaterThanOrEqual(0);
      expect(no + yes).toBeCloseTo(1, 12);
      expect(said[i]).toBe(yes > no ? "yes" : "no");
    }
  });

  it("learns and says the same again, and after a journey as text", async () => {
    const model = await learner.fit(data);
    const [first, again] = [await model.predictProbability(data), await (await learner.fit(data)).predictProbability(data)];
    expect(again).toEqual(first);
    const text = JSON.stringify(model);
    const restored = learner.restore(JSON.parse(text));
    expect(await restored.predictProbability(data)).toEqual(first);
    expect(JSON.stringify(restored)).toBe(text);
    expect(model.toJSON().contains).toBe(/kNN|kotaro/.test(name) ? "real rows" : "what was learned");
    expect(text.includes("row 7")).toBe(false);
  });

  it("takes typed arrays, nested rows, boolean and numeric labels, many classes and one row", async () => {
    const numbers = new Numbers(4);
    const X = numbers.block(90, 2);
    const y = Uint8Array.from({ length: 90 }, (_, i) => i % 12);
    const flat = await (await learner.fit({ X, y, columns: 2 })).predictProbability({ X, columns: 2 });
    expect(flat.labels).toEqual([...new Array(12).keys()]);
    const rows = Array.from({ length: 90 }, (_, i) => [X[2 * i]!, X[2 * i + 1]!]);
    expect(await (await learner.fit({ X: rows, y: [...y] })).predictProbability({ X: rows })).toEqual(flat);
    const truth = await learner.fit({ X: [[0], [1], [5], [6]], y: [false, false, true, true] });
    expect(truth.labels).toEqual([false, true]);
    expect(await (name === "constant" ? truth.predict({ X: [[0]] }) : truth.predict({ X: [[0.2]] }))).toEqual([false]);
  });

  it("says of one class that it is all there is, and of a class without rows that it is never there", async () => {
    const { rows } = data;
    const none = { target: "label", carry: ["id"] } as const;
    const one = await learner.fit(
      table(
        rows.filter(({ label }) => label === "yes"),
        none,
      ),
    );
    expect(one.notes).toEqual(['All rows are of class "yes", which the model therefore always predicts.']);
    expect(await one.predict(table(rows.slice(0, 3), { ...none, kinds: { color: "nominal", amount: "numeric" } }))).toEqual([
      "yes",
      "yes",
      "yes",
    ]);
    const restored = learner.restore(JSON.parse(JSON.stringify(one)));
    expect(restored.notes).toEqual(one.notes);
    if (!learner.takes.weights) return;
    const weights = rows.map(({ label }) => (label === "yes" ? 0 : 1));
    const left = await learner.fit(
      { X: [[0], [1], [2], [3], [4], [5], [6]], y: ["a", "b", "a", "b", "a", "b", "c"] },
      { weights: [1, 1, 1, 1, 1, 1, 0] },
    );
    expect(left.notes.slice(0, 1)).toEqual(['No row is of class "c", which therefore has probability 0.']);
    const { probabilities } = await left.predictProbability({ X: [[6]] });
    expect([probabilities.length, probabilities[2]]).toEqual([3, 0]);
    expect((await learner.fit(data, { weights })).notes).toHaveLength(1);
  });

  it("takes a warm start, and refuses one of another learner", async () => {
    const model = await learner.fit(data);
    const warm = await learner.fit(data, { warmStart: model });
    expect(await warm.predict(data)).toEqual(await model.predict(data));
    const other = await LEARNERS.find((each) => each !== learner)!.fit(data);
    await refused(() => learner.fit(data, { warmStart: other }), /warmStart is a model of ".*", but needs a model of/);
  });

  it("does not change with what it was given", async () => {
    const X = Float64Array.of(0, 1, 2, 10, 11, 12);
    const model = await learner.fit({ X, y: [0, 0, 0, 1, 1, 1], columns: 1 });
    const before = await model.predictProbability({ X: [[1.5]] });
    X.fill(3);
    expect(await model.predictProbability({ X: [[1.5]] })).toEqual(before);
  });

  it("refuses weights it does not take, other columns, and what it did not store", async () => {
    await refused(() => learner.fit(data, { weights: new Float64Array(60) }), /sum to 0/);
    if (!learner.takes.signedWeights)
      await refused(() => learner.fit(data, { weights: data.rows.map((_, i) => i - 1) }), /takes none below 0/);
    await refused(() => learner.fit(data, { weight: [] } as object), /no option "weight"/);
    await refused(() => learner.fit(data, { realRows: 61 }), /realRows is 61/);
    const model = await learner.fit(data);
    await refused(() => model.predict({ X: [[1]] }), /lack/);
    const stored = JSON.parse(JSON.stringify(model)) as Record<string, unknown>;
    await refused(() => learner.restore("{}"), /restore was given "{}"/);
    await refused(() => learner.restore({ ...stored, version: 2 }), /version 2/);
    await refused(() => learner.restore({ ...stored, learner: "forest" }), /a model of "forest", not of/);
    for (const broken of [{ present: [0, 2] }, { present: [] }, { fitted: {} }, { fitted: null }, { schema: {} }, { notes: null }]) {
      const inner = stored["inner"] as object | undefined;
      await refused(() => learner.restore({ ...stored, ...(inner ? { inner: { ...inner, ...broken } } : broken) }), /damaged/);
    }
  });
});

it("the constant learner gives the shares of the weights", async () => {
  const { probabilities } = await (
    await constant().fit({ X: [[0], [1], [2]], y: ["a", "b", "b"] }, { weights: [2, 1, 1] })
  ).predictProbability({ X: [[9], [8]] });
  expect([...probabilities]).toEqual([0.5, 0.5, 0.5, 0.5]);
});

describe("kNN", () => {
  it("breaks ties of distance by row, ties of votes by label, and weighs votes", async () => {
    const data = { X: [[0], [2], [2], [4]], y: ["b", "a", "b", "c"] };
    const one = await kNN({ kNeighbors: 1 }).fit(data);
    expect(await one.predict({ X: [[1], [2], [3], [4]] })).toEqual(["b", "a", "a", "c"]);
    const two = await kNN({ kNeighbors: 2 }).fit(data);
    expect(await two.predict({ X: [[2], [4]] })).toEqual(["a", "a"]);
    const weighed = await kNN({ kNeighbors: 2 }).fit(data, { weights: [1, 1, 3, 0] });
    expect([...(await weighed.predictProbability({ X: [[2]] })).probabilities]).toEqual([0.25, 0.75, 0]);
    await refused(
      () => kNN({ kNeighbors: 4 }).fit(data, { weights: [1, 1, 3, 0] }),
      /kNeighbors is 4 but there are 3 rows to learn from; use 3 or less/,
    );
    await refused(() => kNN({ neighbors: 3 } as object), /did you mean "kNeighbors"/);
  });

  it("compares nominal rows by their labels, also after a journey as text", async () => {
    const rows = ["xx", "xy", "xx", "zy", "zx", "zz"].map((text, i) => ({ a: text[0], b: text[1], label: i < 3 }));
    const data = table(rows, { target: "label", kinds: { a: "nominal", b: "nominal" } });
    const model = await kNN({ kNeighbors: 3 }).fit(data);
    expect(await model.predict(data)).toEqual([true, true, true, false, false, false]);
    const restored = kNN().restore(JSON.parse(JSON.stringify(model)));
    expect(await restored.predictProbability(data)).toEqual(await model.predictProbability(data));
  });
});

interface Votes {
  readonly folder: string;
  readonly name: string;
  readonly k: number;
  readonly rows: readonly number[];
  readonly classes: readonly string[];
  readonly probabilities: readonly (readonly number[] | null)[];
}

describe.skipIf(!HAS_DATA)("votes as scikit-learn counts them", () => {
  it.each(HAS_DATA ? golden<{ sets: Votes[] }>("votes.json").sets.map((set) => [`${set.name}, k ${set.k}`, set] as const) : [])(
    "%s",
    async (_, set) => {
      const { numeric, schema } = read(realTable(set.folder, set.name));
      const { d } = schema;
      const data = { X: numeric, y: Array.from(read(realTable(set.folder, set.name)).labels, (code) => schema.classes[code]!), columns: d };
      const X = set.rows.map((i) => Array.from({ length: d }, (_cell, c) => (numeric[i * d + c]! + numeric[2 * i * d + c]!) / 2));
      const model: Model = await kNN({ kNeighbors: set.k }).fit(data);
      const { labels, probabilities } = await model.predictProbability({ X });
      expect(labels.map(String)).toEqual(set.classes);
      let compared = 0;
      set.probabilities.forEach((wanted, t) =>
        wanted?.forEach((chance, k) => {
          expect(probabilities[t * labels.length + k]).toBeCloseTo(chance, 12);
          compared++;
        }),
      );
      expect(compared).toBeGreaterThan(set.rows.length);
    },
  );
});

describe("a learner of any classifier", () => {
  it("is handed complete numbers, codes of the classes that occur, and names", async () => {
    const seen: unknown[] = [];
    const learner = customLearner({
      name: "spy",
      scale: "none",
      fit: (X, y, { names, classes, weights }) => {
        seen.push(X, y, names, classes, weights);
        return { predictProbability: (rows) => rows.map(() => [1, 3]) };
      },
    });
    const rows = [
      { a: 1, b: "x", label: "p" },
      { a: null, b: "y", label: "r" },
      { a: 5, b: null, label: "p" },
      { a: 6, b: "x", label: "r" },
    ];
    const model = await learner.fit(table(rows, { target: "label", kinds: { a: "numeric", b: "nominal" } }));
    expect(seen).toEqual([
      [
        [1, 0, 1, 0, 0],
        [5, 1, 0, 1, 0],
        [5, 0, 1, 0, 1],
        [6, 0, 1, 0, 0],
      ],
      [0, 1, 0, 1],
      ["a", "a missing", "b=x", "b=y", "b missing"],
      2,
      [1, 1, 1, 1],
    ]);
    expect([
      ...(await model.predictProbability(table(rows, { target: "label", kinds: { a: "numeric", b: "nominal" } }))).probabilities,
    ]).toEqual([1, 2, 3, 4].flatMap(() => [0.25, 0.75]));
    expect(() => model.toJSON()).toThrow(/A model of "spy" cannot be stored; let fit return a toJSON\(\)/);
  });

  it("may wait, begins from what was there, and hears of an abort", async () => {
    const began: unknown[] = [];
    const inner = { predict: async (X: number[][]) => Uint8Array.from(X, ([value]) => (value! > 1 ? 1 : 0)) };
    const learner = customLearner({
      name: "remote",
      fit: async (_X, _y, { warmStart, signal }) => {
        began.push(warmStart, signal?.aborted);
        return inner;
      },
    });
    const data = { X: [[0], [1], [2], [3]], y: [5, 5, 9, 9] };
    const model = await learner.fit(data);
    expect(await model.predict(data)).toEqual([5, 5, 9, 9]);
    const controller = new AbortController();
    await learner.fit(data, { warmStart: model }, { signal: controller.signal });
    expect(began).toEqual([undefined, undefined, inner, false]);
    controller.abort("enough");
    await expect(learner.fit(data, {}, { signal: controller.signal })).rejects.toBe("enough");
  });

  it("is refused in one sentence where it does not keep its side", async () => {
    const data = { X: [[0], [1]], y: ["a", "b"] };
    const asked = async (model: object): Promise<unknown> =>
      (await customLearner({ name: "bad", fit: () => model }).fit(data)).predict(data);
    await refused(() => asked({}), /fit of bad returned an empty object, but needs an object with predict/);
    await refused(() => asked({ predict: () => [0] }), /predict of bad returned an array of 1, but needs 2 class codes/);
    await refused(() => asked({ predict: () => [0, "b"] }), /predict of bad returned "b" for row 1, but needs a class code from 0 to 1/);
    await refused(
      () => asked({ predictProbability: () => [[1, 0], [0.5]] }),
      /predictProbability of bad returned an array of 1 for row 1, but needs 2 numbers/,
    );
    await refused(
      () =>
        asked({
          predictProbability: () => [
            [1, 0],
            [0, 0],
          ],
        }),
      /only zeros for row 1/,
    );
    await refused(() => asked({ predictProbability: () => [1, 0] }), /needs 2 rows of 2 probabilities/);
    await refused(() => customLearner({ name: "", fit: () => ({}) }), /name is ""/);
    await refused(() => customLearner({ name: "x" } as never), /fit is undefined, but needs a function/);
    await refused(() => customLearner({ name: "x", fit: () => ({}), weights: "all" as "none" }), /weights is "all"/);
    const stored = customLearner({ name: "bad", fit: () => ({ predict: (X) => X.map(() => 0), toJSON: () => 1 }) });
    const text = JSON.parse(JSON.stringify(await stored.fit(data))) as unknown;
    await refused(() => stored.restore(text), /bad cannot restore models; give customLearner a restore/);
    const unweighed = customLearner({ name: "x", fit: () => ({ predict: (X) => X.map(() => 0) }) });
    await refused(() => unweighed.fit(data, { weights: [1, 2] }), /x takes no row weights, but they differ here/);
  });
});
