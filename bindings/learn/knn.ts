import { marked } from "../data/marks";
import { checkInteger, checkOptions } from "../check";
import type { Learner, Scale } from "../contracts";
import { allRows, type Dataset } from "../data/dataset";
import { fromText, toText } from "../data/plain";
import { someRows } from "../data/some";
import { packRows, unpackRows } from "../data/stored";
import { core } from "../engine/core";
import { withInstance } from "../engine/lease";
import { InputError } from "../errors";
import { startWork } from "../run/work";
import { amongBytes, amongWork, neighborsAmong } from "../search/among";
import { checkCompare, COMPARE_OPTIONS, type CompareOptions } from "../search/nearest";
import { divisorsOf, statisticsOfAll } from "../search/space";
import { learnerOf, type Fitted } from "./learner";

export interface KnnOptions extends CompareOptions {
  /** How many rows vote, k. Default 5. */
  readonly kNeighbors?: number | undefined;
}

/**
 * The k nearest rows vote: the probability of a class is its share of their weights. Which rows are nearest is exact, and of equally near ones the first are taken, so a tie of distances is broken by the
 * order of the rows; a tie of votes by the order of the classes. A row that was learned from finds itself. Nominal columns and missing cells count as in `nearestNeighbors`; a level that
 * did not occur equals none. Rows of weight 0 are left out.
 *
 * Cover, Hart: Nearest neighbor pattern classification, IEEE Transactions on Information Theory 13 (1967). Without weights its probabilities are scikit-learn's. A model keeps the rows, and so does what
 * its `toJSON` returns.
 *
 * @throws {InputError} for unknown options or values; when used, for fewer than k rows.
 */
export function kNN(options: KnnOptions = {}): Learner {
  checkOptions("kNN", options, ["kNeighbors", ...COMPARE_OPTIONS]);
  const { metric, scale, missing, algorithm } = options;
  const chosen = { metric, scale, missing, algorithm, kNeighbors: checkInteger("kNeighbors", options.kNeighbors ?? 5, 1) };
  return marked(
    learnerOf({
      name: "kNN",
      options: { metric: null, scale: null, missing: "expected", algorithm: "auto", ...options, kNeighbors: chosen.kNeighbors },
      takes: { weights: true, signedWeights: false, nominal: true, missing: true },
      contains: "real rows",
      async train({ data, codes, labels, weights }) {
        const rows = allRows(data.n).filter((i) => weights[i] !== 0);
        if (rows.length < chosen.kNeighbors) {
          throw new InputError(
            "TOO_FEW_ROWS",
            `kNeighbors is ${chosen.kNeighbors} but there are ${rows.length} rows to learn from; use ${rows.length} or less.`,
          );
        }
        const kept = keep(data, rows);
        const own = { labels: codes, weights };
        return voting(kept, { ...chosen, scale: scale ?? data.scale }, pickOf(own.labels, rows), pickOf(own.weights, rows), labels.length);
      },
      revive: (plain, _schema, labels) => {
        const data = unpackRows(plain);
        const codes = fromText(Uint32Array, plain["codes"] as string);
        const weights = fromText(Float64Array, plain["weights"] as string);
        const stored = plain["options"] as KnnOptions;
        const k = checkInteger("kNeighbors", stored.kNeighbors, 1, data!.n);
        const fits = codes.length === data!.n && weights.length === data!.n && codes.every((code) => code < labels.length);
        if (!fits || !weights.every((weight) => weight > 0 && weight < Infinity)) throw new Error();
        return voting(data!, { ...stored, metric: stored.metric ?? undefined, kNeighbors: k }, codes, weights, labels.length);
      },
    }),
    {},
  );
}

/** The features and labels of some rows, copied, so that the caller may go on to change what was handed in. */
function keep(data: Dataset, rows: Uint32Array): Dataset {
  const { schema } = data;
  const columns = schema.columns.filter(({ role }) => role === "feature");
  const features = { ...schema, columns, carried: 0, weighted: false, extra: {} };
  return { ...someRows({ ...data, schema: features, carried: [] }, rows), weights: null };
}

function pickOf<T extends Uint32Array | Float64Array>(values: T, rows: Uint32Array): T {
  const picked = values.slice(0, rows.length) as T;
  rows.forEach((i, t) => (picked[t] = values[i]!));
  return picked;
}

/** A model of its rows, the places of their labels among those that occur, and their weights. */
function voting(
  data: Dataset,
  options: KnnOptions & { readonly kNeighbors: number; readonly scale?: Scale | undefined },
  codes: Uint32Array,
  weights: Float64Array,
  classes: number,
): Fitted {
  const { kNeighbors: k } = options;
  const { compare, scale, algorithm } = checkCompare(options, data);
  const reference = allRows(data.n);
  return {
    async probabilities(asked, run) {
      const queries = allRows(asked.n);
      const sizes = { data, queries, reference, asked, k };
      const work = startWork(run, amongWork(sizes));
      return withInstance(core, async (instance) => {
        instance.arena.reserve(amongBytes(sizes), `Finding ${k} neighbors for ${asked.n} rows among ${data.n}`);
        const divisors = divisorsOf(data.schema, scale, () => statisticsOfAll(instance, data));
        const { indices } = await neighborsAmong({ instance, work, ...sizes, divisors, compare, algorithm });
        return votesOf(indices, k, codes, weights, classes);
      });
    },
    plain: () => ({
      ...packRows(data),
      codes: toText(codes),
      weights: toText(weights),
      options: { metric: compare.metric ?? null, missing: compare.missing, scale, algorithm, kNeighbors: k },
    }),
  };
}

/** f64 (m, classes) ← shares of the weights of k neighbors each. */
function votesOf(indices: Uint32Array, k: number, codes: Uint32Array, weights: Float64Array, classes: number): Float64Array {
  const m = indices.length / k;
  const shares = new Float64Array(m * classes);
  for (let i = 0; i < m; i++) {
    let total = 0;
    for (let t = i * k; t < i * k + k; t++) {
      const weight = weights[indices[t]!]!;
      shares[i * classes + codes[indices[t]!]!]! += weight;
      total += weight;
    }
    for (let c = i * classes; c < (i + 1) * classes; c++) shares[c]! /= total;
  }
  return shares;
}
