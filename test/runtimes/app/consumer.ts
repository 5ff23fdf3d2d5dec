/** A strict TypeScript program that uses every public function; compiled, not run. */
import { configure, InputError, inspect, nearestNeighbors, randomOversample, smote, split, table } from "counterpoise";
import type {
  Columns,
  Generator,
  Inspection,
  Label,
  Matrix,
  Oversampler,
  Resampled,
  RowTable,
  SmoteOptions,
  StoredGenerator,
  Strategy,
} from "counterpoise";
import { InputError as GeneratorError, restoreGenerator } from "counterpoise/generator";
import { projectRows, report, type Projection } from "counterpoise/report";
import { InputError as DiagnoseError, leakReport, privacyReport, qualityReport, type LeakReport } from "counterpoise/diagnose";
import * as browser from "counterpoise/browser.mjs";

interface Payment {
  readonly [name: string]: unknown;
  readonly amount: number | null;
  readonly fraud: "yes" | "no";
}

const payments: Payment[] = [
  { amount: 12.5, fraud: "no" },
  { amount: null, fraud: "yes" },
];
const strategy: Strategy = { times: { yes: 2 } };
const options: SmoteOptions = { kNeighbors: 3, seed: 1, strategy, onTooFew: "reduce" };

export async function balance(signal: AbortSignal): Promise<readonly unknown[]> {
  const data: RowTable = table(payments, { target: "fraud", carry: ["id"] });
  const { train, test, notes } = split(data, { test: 0.25, seed: 1 });
  const result: Resampled<RowTable> = await smote(options).resample(train, { signal, onProgress: ({ done, total }) => done / total });
  const before: number | undefined = result.counts.get("yes")?.before;
  const parents: number[] = result.origins.parents(2);
  const bases: Uint32Array = result.origins.base;
  return [result.data.rows, result.data.target, test.rows, notes, before, parents, bases];
}

export async function matrices(): Promise<Matrix["X"]> {
  const flat = await smote().resample({ X: new Float64Array(8), y: [true, false], columns: 4 });
  const x: Float64Array = flat.data.X;
  // @ts-expect-error: a flat array comes back as a flat array
  const rows: number[][] = flat.data.X;
  const nested = await randomOversample({ shrinkage: 0.5 }).resample({ X: [[1], [2]], y: ["a", "b"] }, { only: "synthetic" });
  const columns: Columns = table({ a: [1, 2], y: ["a", "b"] }, { target: "y" }).columns;
  return [x, rows, nested.data.X, columns].length ? x : nested.data.X;
}

export async function looked(): Promise<number> {
  const found: Inspection = inspect(table(payments, { target: "fraud" }));
  const { indices, distances } = await nearestNeighbors({ X: [[1], [2], [4]] }, { kNeighbors: 1, queries: { X: [[3]] } });
  const [index, distance]: (number | undefined)[] = [indices[0], distances[0]];
  return found.imbalanceRatio + (index ?? 0) + (distance ?? 0);
}

export async function stored(method: Oversampler): Promise<StoredGenerator> {
  const generator: Generator<RowTable> = await method.fit(table(payments, { target: "fraud" }));
  const labels: readonly Label[] = generator.labels;
  const { data } = await generator.sample(labels[0] ?? "yes", 0, 10);
  const restored = await restoreGenerator(JSON.parse(JSON.stringify(generator))).sample("yes", 0, 10);
  return [data.rows, restored.origins.gap].length ? generator.toJSON() : generator.toJSON();
}

export function code(error: unknown): string | undefined {
  if (error instanceof InputError || error instanceof GeneratorError) return error.code;
  return error instanceof browser.InputError ? error.message : undefined;
}

export function wrong(): void {
  configure({ memoryLimit: 1e9 });
  browser.smote({ kNeighbors: 5 });
  // @ts-expect-error: no such option
  smote({ neighbors: 5 });
  // @ts-expect-error: no such value
  smote({ onTooFew: "ignore" });
  // @ts-expect-error: not a number
  randomOversample({ shrinkage: "0.5" });
  // @ts-expect-error: a table needs a target
  table(payments, {});
  // @ts-expect-error: labels are missing
  void smote().resample({ X: [[1]] });
  // @ts-expect-error: no such code
  if (new InputError("OPTION", "").code === "OPTIONS") return;
}

export async function page(data: RowTable, resampled: Resampled<RowTable>): Promise<string> {
  const projection: Projection = await projectRows(data, resampled, { rows: 100 });
  return report({ title: "payments", inspected: inspect(data), resampled, projection, calls: { js: "smote()" } });
}

export async function trusted(signal: AbortSignal): Promise<readonly string[]> {
  const data = table(payments, { target: "fraud" });
  const leaks: LeakReport = await leakReport(data, data, { seed: 1 }, { signal });
  const { classes, summary } = await qualityReport(data, data, { rules: { paid: (row: Payment) => row.amount !== null } });
  const { lines } = await privacyReport(data, data, { holdout: data, includesReal: false });
  const found: number | null = lines.confirmed ?? classes[0]?.columns[0]?.distance ?? null;
  return [leaks.resampledBefore.verdict, ...summary, String(found), String(DiagnoseError === InputError)];
}
