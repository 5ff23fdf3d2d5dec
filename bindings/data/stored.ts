import type { Dataset, Schema } from "./dataset";
import { fromText, isWhole, mapSchema, pack, toText, unpack } from "./plain";

/** Rows as plain data: features and labels, nothing carried. */
export function packRows({ schema, n, numeric, nominal, labels }: Dataset): Record<string, unknown> {
  return { schema: mapSchema(schema, pack), n, numeric: toText(numeric), nominal: toText(nominal), labels: toText(labels) };
}

/** What `packRows` was given, if its parts fit together; it may throw where they do not. */
export function unpackRows(given: Record<string, unknown>): Dataset | undefined {
  const schema = mapSchema(given["schema"] as Schema, unpack) as Schema;
  const numeric = fromText(Float64Array, given["numeric"] as string);
  const nominal = fromText(Uint32Array, given["nominal"] as string);
  const labels = fromText(Uint32Array, given["labels"] as string);
  const n = labels.length;
  const levels = schema.columns.filter(({ kind }) => kind === "nominal");
  const fits = isWhole(schema) && n > 0 && given["n"] === n && numeric.length === n * schema.d && nominal.length === n * schema.q;
  const known = levels.every(({ place, levels: own }) => labels.every((_, i) => nominal[i * schema.q + place]! <= own!.length));
  if (!fits || !known || !labels.every((code) => code < schema.classes.length)) return undefined;
  if (numeric.some((value) => value === Infinity || value === -Infinity)) return undefined;
  return { schema, n, numeric, nominal, labels, weights: null, carried: [], scale: "none" };
}
