import { list, show } from "../check";
import { InputError } from "../errors";
import type { Column, Dataset, Schema } from "./dataset";

/**
 * Other data read as the schema says: its feature columns found by name, nominal codes and ordinal ranks as there. A nominal value that the schema does not know
 * gets a code beyond its levels, so it equals nothing. `who` the others are is for sentences. Labels and everything else that is no feature stay as they are and mean nothing.
 * @throws {InputError} when a feature is not there or one too many, is of another kind, or holds an ordinal value without a place among the levels.
 */
export function alignTo(schema: Schema, other: Dataset, who = "Queries"): Dataset {
  const { d, q } = schema;
  const { n } = other;
  const features = schema.columns.filter(({ role }) => role === "feature");
  const more = other.schema.columns.find(({ role, name }) => role === "feature" && !features.some((column) => column.name === name));
  if (more) throw new InputError("COLUMN", `${who} have the feature ${show(more.name)}, which the data lack; leave it out or carry it.`);
  const owns = features.map((column) => matching(column, other.schema, who));
  // numbers in their places already
  const same = q === 0 && d === other.schema.d && features.every(({ place, levels }, f) => !levels && owns[f]!.place === place);
  if (same) return { ...other, schema };
  const numeric = new Float64Array(n * d);
  const nominal = new Uint32Array(n * q);
  for (const [f, column] of features.entries()) {
    const own = owns[f]!;
    const width = other.schema[column.kind === "nominal" ? "q" : "d"];
    if (column.kind === "nominal") {
      const codes = recoded(column, own, (level) => column.levels!.indexOf(level) + 1 || column.levels!.length + 1);
      for (let i = 0; i < n; i++) nominal[i * q + column.place] = codes[other.nominal[i * width + own.place]!]!;
    } else if (column.kind === "ordinal") {
      const ranks = recoded(column, own, (level) => rankOf(column, level, who));
      for (let i = 0; i < n; i++) numeric[i * d + column.place] = ranks[other.numeric[i * width + own.place]! + 1] ?? NaN;
    } else for (let i = 0; i < n; i++) numeric[i * d + column.place] = other.numeric[i * width + own.place]!;
  }
  return { ...other, schema, numeric, nominal };
}

/** What the codes 0 (missing), 1, 2, … of `own`, or one more than its ranks, are among the levels of `column`. */
function recoded(column: Column, own: Column, codeOf: (level: unknown) => number): number[] {
  return [column.kind === "nominal" ? 0 : NaN, ...own.levels!.map(codeOf)];
}

function rankOf(column: Column, level: unknown, who: string): number {
  const rank = column.levels!.indexOf(level);
  if (rank >= 0) return rank;
  throw new InputError(
    "COLUMN",
    `${who} hold ${show(level)} in the ordinal column ${show(column.name)}, whose levels are ${list(column.levels!.slice(0, 12))}; give the level a place among them.`,
  );
}

/** The column of the same name, if it can be compared. */
function matching({ name, kind }: Column, { columns }: Schema, who: string): Column {
  const own = columns.find((column) => column.name === name && column.role === "feature");
  if (!own) {
    const features = columns.filter(({ role }) => role === "feature").map((column) => column.name);
    throw new InputError(
      "COLUMN",
      `${who} lack the feature ${show(name)}; they have ${list(features.slice(0, 12))}, and need those of the data.`,
    );
  }
  const block = (of: Column["kind"]): string => (of === "nominal" || of === "ordinal" ? of : "numeric");
  if (block(own.kind) !== block(kind)) {
    throw new InputError(
      "COLUMN",
      `Column ${show(name)} is ${kind} in the data but ${own.kind} in the ${who.toLowerCase()}; declare it alike in both.`,
    );
  }
  return own;
}
