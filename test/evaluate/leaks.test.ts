import { describe, expect, it } from "vitest";
import {
  crossValidate,
  customLearner,
  logistic,
  smote,
  table,
  type Data,
  type Fold,
  type Learner,
  type RowTable,
} from "../../bindings/index";
import { METHODS } from "../../cli/catalogue";
import { LEARNERS } from "../../cli/learners";
import { Numbers } from "../support/numbers";

const LEVELS = ["red", "green", "blue"];

interface Row {
  id: number;
  size: number | null;
  count: number;
  color: string | null;
  y: string;
}

/** Two classes that overlap, with a missing cell now and then. */
function rowsOf(seed: number): Row[] {
  const numbers = new Numbers(seed);
  return Array.from({ length: 150 }, (_, id) => {
    const rare = id % 5 === 0;
    return {
      id,
      size: numbers.unit() < 0.1 ? null : numbers.normal() + (rare ? 0.8 : 0),
      count: Math.round(10 + 4 * numbers.normal()),
      // the levels have the same order whatever becomes of test rows
      color: id < 3 ? LEVELS[id]! : numbers.unit() < 0.1 ? null : LEVELS[numbers.below(3)]!,
      y: rare ? "rare" : "usual",
    };
  });
}

const rows = rowsOf(3);
const isTested = (id: number): boolean => id > 10 && id % 7 < 2;
const rowsWhere = (wanted: (id: number) => boolean): Uint32Array => Uint32Array.from(rows.map(({ id }) => id).filter(wanted));
const folds: Fold[] = [{ repeat: 0, fold: 0, train: rowsWhere((id) => !isTested(id)), test: rowsWhere(isTested) }];

/** Other values, levels, gaps and labels in the rows that are chosen. */
function poisoned(wanted: (id: number) => boolean): Row[] {
  return rows.map((row) =>
    wanted(row.id)
      ? {
          id: row.id,
          size: row.size === null ? -5e8 : row.id % 3 ? row.size * 1e6 + 1e9 : null,
          count: -1000 * row.count - row.id,
          color: row.color === null ? "red" : LEVELS[(LEVELS.indexOf(row.color) + 1) % 3]!,
          y: row.y === "rare" || row.id % 2 ? "usual" : "rare",
        }
      : row,
  );
}

const FORMS: Record<string, (from: Row[]) => Data> = {
  table: (from) =>
    table(
      from.map((row) => ({ ...row })),
      { target: "y", carry: ["id"], kinds: { count: "integer" } },
    ),
  matrix: (from) => ({
    X: from.map(({ size, count, color }) => [size, count, color && LEVELS.indexOf(color)] as number[]),
    y: from.map(({ y }) => y),
    kinds: { 2: "nominal" },
  }),
};

/** The learner, and everything it was given and learned. */
function watched(learner: Learner): { learner: Learner; seen: Data[]; stored: string[] } {
  const [seen, stored]: [Data[], string[]] = [[], []];
  const fit: Learner["fit"] = async (data, training, run) => {
    const model = await learner.fit(data, training, run);
    seen.push(data);
    stored.push(JSON.stringify([training, model.toJSON()]));
    return model;
  };
  return { learner: { ...learner, fit }, seen, stored };
}

async function judge(
  form: string,
  from: Row[],
  method: string | undefined,
  learner: Learner,
): Promise<{ seen: Data[]; stored: string[]; thresholds: unknown; predictions: unknown }> {
  const own = watched(learner);
  const offered = METHODS.find(({ name }) => name === method);
  const result = await crossValidate(FORMS[form]!(from), {
    learner: own.learner,
    // a rare class is at home in no cluster of such data
    resampler: offered?.make((method === "kmeansSmote" ? { minShare: 0.1 } : {}) as never),
    folds,
    threshold: "balancedAccuracy",
    positive: "rare",
  });
  expect(result.candidates[0]!.errors).toEqual([null]);
  return { ...own, thresholds: result.candidates[0]!.thresholds, predictions: result.candidates[0]!.probabilities };
}

/** Learns the means of its columns. */
const means = customLearner({
  name: "means",
  weights: "signed",
  fit: (X, y) => {
    const learned = X[0]!.map((_, c) => X.reduce((sum, row, i) => sum + row[c]! * (y[i]! + 1), 0));
    return { predict: (queries) => queries.map((row) => (row[0]! > learned[0]! ? 1 : 0)), toJSON: () => learned };
  },
});

describe.each(Object.keys(FORMS))("whatever is in the rows that are judged, a %s", (form) => {
  const check = async (method: string | undefined, learner: Learner): Promise<void> => {
    const clean = await judge(form, rows, method, learner);
    const other = await judge(form, poisoned(isTested), method, learner);
    // three models to choose the threshold, and the one that is judged
    expect(clean.stored).toHaveLength(4);
    expect(other.stored).toEqual(clean.stored);
    expect(other.thresholds).toEqual(clean.thresholds);
    if (form === "table") {
      for (const data of other.seen) for (const { id } of (data as RowTable).rows) expect(isTested(id as number)).toBe(false);
    }
  };

  it.each(METHODS.map(({ name }) => name))("%s makes the same rows, and what is learned of them is the same", async (name) => {
    await check(name, logistic());
  });

  it.each(LEARNERS.map(({ name }) => name))("%s learns the same", async (name) => {
    await check(undefined, LEARNERS.find((own) => own.name === name)!.make({}));
  });

  it("preprocessing for classifiers of others is the same", async () => {
    await check(undefined, means);
    await check("smote", means);
  });

  it("but a training row makes a difference", async () => {
    const clean = await judge(form, rows, "smote", logistic());
    const other = await judge(form, poisoned((id) => id === 12), "smote", logistic()); // prettier-ignore
    const used = other.stored.filter((stored, s) => stored !== clean.stored[s]);
    expect(used.length).toBeGreaterThanOrEqual(3);
  });
});

it("a resampler is given training rows and nothing more", async () => {
  const given: number[][] = [];
  const inner = smote();
  const spy = {
    ...inner,
    resample: ((data, run) => {
      given.push((data as unknown as RowTable).rows.map(({ id }) => id as number));
      return inner.resample(data, run);
    }) as typeof inner.resample,
  };
  const data = FORMS["table"]!(rows);
  const result = await crossValidate(data, { learner: logistic(), resampler: spy, folds: 4, repeats: 2 });
  expect(given).toEqual(result.folds.map(({ train }) => [...train]));
});
