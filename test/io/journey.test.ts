import * as arrow from "apache-arrow";
import { describe, expect, it } from "vitest";
import { smote, split, table, toMatrix, type Columns } from "../../bindings/index";
import {
  fromArrow,
  readArrow,
  readLibsvm,
  readNpy,
  readParquet,
  toArrow,
  writeArrow,
  writeLibsvm,
  writeNpy,
  writeParquet,
} from "../../bindings/io";
import { penguins, plain } from "./support";

const OPTIONS = { target: "species", carry: ["year"] } as const;

/** A real table with missing cells through a format, and through smote. */
async function balanced(columns: Columns): Promise<Columns> {
  return (await smote({ seed: 3 }).resample(table(columns, OPTIONS))).data.columns;
}

describe("344 penguins through a format and smote are those that never left plain columns", () => {
  const source = penguins();
  it.each<[string, (columns: Columns) => Promise<Columns>]>([
    ["Parquet", async (columns) => readParquet(await writeParquet(columns))],
    ["Arrow, file", async (columns) => readArrow(await writeArrow(columns))],
    ["Arrow, stream", async (columns) => readArrow(await writeArrow(columns, { format: "stream" }))],
    ["Arrow, table of flechette", async (columns) => fromArrow(await toArrow(columns))],
    ["Arrow, table of apache-arrow", async (columns) => fromArrow(await toArrow(columns, { tableFromArrays: arrow.tableFromArrays }))],
  ])("%s", async (_, through) => {
    const expected = plain(await balanced(source));
    const made = await balanced(await through(source));
    expect(plain(made)).toEqual(expected);
    expect(plain(await through(made))).toEqual(expected);
    expect(expected["species"]).toHaveLength(456);
  });

  it("rows written as a table, and descriptions that do not change", async () => {
    const names = Object.keys(source);
    const rows = source["species"]!.map((_, i) => Object.fromEntries(names.map((name) => [name, source[name]![i]])));
    const back = await readParquet(await writeParquet(table(rows, OPTIONS)));
    expect(plain(back)).toEqual(plain(source));
    expect(table(back, OPTIONS).description).toEqual(table(source, OPTIONS).description);
  });
});

it("a matrix through .npy and LIBSVM is the same to a method", async () => {
  const { train } = split(table(penguins(), OPTIONS), { seed: 1 });
  const { X, y, columns } = toMatrix(train, { missing: "impute" });
  const expected = await smote({ seed: 3 }).resample({ X, y: Float64Array.from(y), columns });
  const npy = readNpy(writeNpy(X, [y.length, columns]));
  expect(npy.shape).toEqual([275, columns]);
  const labels = readNpy(writeNpy(y));
  const viaNpy = await smote({ seed: 3 }).resample({
    X: npy.data as Float64Array,
    y: Float64Array.from(labels.data as Int32Array),
    columns,
  });
  const viaText = await smote({ seed: 3 }).resample(readLibsvm(writeLibsvm({ X, y, columns })));
  expect(viaNpy.data.X).toEqual(expected.data.X);
  expect(viaText.data.X).toEqual(expected.data.X);
  expect(viaText.data.y).toEqual(expected.data.y);
});
