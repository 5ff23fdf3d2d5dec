import * as flechette from "@uwdata/flechette";
import * as arrow from "apache-arrow";
import * as aq from "arquero";
import { describe, expect, it } from "vitest";
import { smote, table } from "../../bindings/index";
import { fromFrame, type Frame } from "../../bindings/io";

const SOURCE = {
  x: [1.5, 2.5, null, 4.5],
  n: [1, 2, 3, 4],
  c: ["red", null, "blue", "red"],
  b: [true, false, null, true],
  d: [new Date(5), null, new Date(7), new Date(9)],
  i: [1n, 2n, 3n, 4n],
};
const EXPECTED = { ...SOURCE, n: Float64Array.of(1, 2, 3, 4), i: Float64Array.of(1, 2, 3, 4) };

/** The parts of a nodejs-polars 0.26 DataFrame that are used: a list of names, and Series whose arrays hold null, Date and, for 64 bits, bigint. It is 60 MB. */
function polarsFake(columns: Record<string, unknown[]>): Frame {
  return {
    columns: Object.keys(columns),
    getColumn: (name: string) => ({ toArray: () => [...columns[name]!], values: () => [...columns[name]!] }),
    toRecords: () => [],
  } as Frame;
}

/** The parts of a danfojs 1.2 DataFrame that are used: names, and rows behind `values` and `$data`. It brings all of TensorFlow.js. */
function danfoFake(columns: Record<string, unknown[]>): Frame {
  const names = Object.keys(columns);
  const rows = columns[names[0]!]!.map((_, i) => names.map((name) => columns[name]![i]));
  return {
    columns: names,
    values: rows,
    $data: rows,
    dtypes: names.map(() => "string"),
    ctypes: { values: [] },
    shape: [rows.length, names.length],
  } as Frame;
}

describe("frames of other libraries", () => {
  it("arquero", () => {
    const frame = aq.table(SOURCE);
    expect(fromFrame(frame)).toEqual(EXPECTED);
    // what is filtered out or sorted comes that way
    expect(fromFrame(frame.filter((row: { n: number }) => row.n > 1).orderby(aq.desc("n")))["n"]).toEqual(Float64Array.of(4, 3, 2));
    expect(fromFrame(aq.table({ t: Float32Array.of(1, 2), u: Int8Array.of(1, 2) }))).toMatchObject({ t: { length: 2 }, u: { length: 2 } });
    expect(fromFrame(aq.fromArrow(arrow.tableToIPC(arrow.tableFromArrays({ s: ["p", "q", "p"] }))))).toEqual({ s: ["p", "q", "p"] });
  });

  it("nodejs-polars, by its shape", () => expect(fromFrame(polarsFake(SOURCE))).toEqual(EXPECTED));

  it("danfojs, by its shape: NaN among texts is missing", () => {
    expect(fromFrame(danfoFake(SOURCE))).toEqual(EXPECTED);
    expect(fromFrame(danfoFake({ t: ["a", NaN, undefined], x: [1, NaN, 2], m: [1, undefined, null] }))).toEqual({
      t: ["a", null, null],
      x: Float64Array.of(1, NaN, 2),
      m: [1, null, null],
    });
  });

  it("Arrow", () => {
    for (const library of [arrow, flechette]) {
      expect(fromFrame(library.tableFromArrays({ x: Float64Array.of(1, 2), s: ["a", null] }) as Frame)).toEqual({
        x: Float64Array.of(1, 2),
        s: ["a", null],
      });
    }
  });

  it("columns go into table() and a method as they are", async () => {
    const n = 40;
    const frame = aq.table({
      x: Array.from({ length: n }, (_, i) => i * 1.5),
      c: Array.from({ length: n }, (_, i) => `t${i % 3}`),
      y: Array.from({ length: n }, (_, i) => i % 4 === 0),
    });
    const { data } = await smote().resample(table(fromFrame(frame), { target: "y" }));
    expect(data.columns["y"]).toHaveLength(60);
    expect(aq.table(data.columns as Record<string, unknown[]>).numRows()).toBe(60);
  });
});

describe("what is no frame", () => {
  it.each<[unknown, RegExp]>([
    [undefined, /fromFrame was given undefined, but needs a frame of arquero, nodejs-polars, danfojs or Arrow/],
    [5, /was given 5/],
    [[{ x: 1 }], /was given an array of 1, .*; records and columns go to table\(\) as they are/],
    [{ x: [1, 2] }, /was given an object with "x"/],
    [{ columns: ["x"] }, /was given an object with "columns"/],
    [{ columns: ["x", "y"], values: [[1]] }, /was given an object with "columns" and "values"/],
    [{ columnNames: () => 5, array: () => [] }, /was given an object with "columnNames" and "array"/],
    [{ columns: [], values: [] }, /a frame without columns/],
    [{ columns: ["x", "x"], values: [[1, 2]] }, /found two columns of the name "x"/],
    [polarsThatThrows(), /fromFrame cannot read column "x" \(no such column\)/],
    [{ columnNames: () => ["x", "y"], array: (name: string) => (name === "x" ? [1] : [1, 2]) }, /Column "y" has 2 cells but "x" has 1/],
    [{ columnNames: () => ["x"], array: () => undefined }, /fromFrame cannot read column "x"/],
  ])("%o", (frame, message) => {
    expect(() => fromFrame(frame as Frame)).toThrow(message);
    expect(() => fromFrame(frame as Frame)).toThrow(expect.objectContaining({ name: "InputError" }));
  });
});

function polarsThatThrows(): unknown {
  return {
    columns: ["x"],
    getColumn() {
      throw new Error("no such column");
    },
  };
}
