import { list, show } from "../check";
import { InputError } from "../errors";
import { namesOf, type Dataset } from "./dataset";

/** Refuses rows that are no points: those with nominal columns, or with missing cells. */
export function checkComplete(who: string, { schema, numeric }: Pick<Dataset, "schema" | "numeric">): void {
  if (schema.q > 0) {
    throw new InputError("COLUMN", `${who} needs numbers, but ${list(namesOf(schema, "nominal"))} is nominal; use toMatrix(data) first.`);
  }
  const missing = numeric.findIndex((value) => value !== value);
  if (missing < 0) return;
  const name = namesOf(schema, "numeric")[missing % schema.d];
  throw new InputError(
    "COLUMN",
    `Column ${show(name)} has no value in row ${Math.floor(missing / schema.d)}, which then has no place; use toMatrix(data, { missing: "impute" }).`,
  );
}
