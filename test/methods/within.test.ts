import { describe, expect, it } from "vitest";
import { adasyn, borderlineSmote, InputError, leeSmote, sameGroup, smote, table, type Oversampler } from "../../bindings/index";
import { Numbers } from "../support/numbers";

const numbers = new Numbers(21);
const hospitals = ["north", "south", "east"];
const rows = Array.from({ length: 150 }, (_, i) => ({
  x: numbers.normal(),
  z: numbers.normal(),
  color: ["red", "blue"][numbers.below(2)],
  hospital: i === 148 ? "alone" : hospitals[numbers.below(3)],
  sick: i % 3 === 1 ? "yes" : "no",
}));
const data = table(rows, { target: "sick", group: "hospital" });

describe("within: sameGroup", () => {
  const methods: [string, Oversampler][] = [
    ["smote", smote({ within: sameGroup, seed: 3 })],
    ["adasyn", adasyn({ within: sameGroup, seed: 3 })],
    ["borderlineSmote", borderlineSmote({ within: sameGroup, seed: 3 })],
    ["leeSmote", leeSmote({ within: sameGroup, seed: 3 })],
  ];
  it.each(methods)("%s leans on rows of the base's class and group alone", async (_, method) => {
    const { data: after, origins, counts } = await method.resample(data);
    expect(counts.get("yes")!.added).toBe(50);
    for (let i = rows.length; i < rows.length + 50; i++) {
      const parents = origins.parents(i).map((row) => rows[row]!);
      for (const parent of parents) expect([parent.hospital, parent.sick]).toEqual([after.rows[i]!["hospital"], "yes"]);
    }
  });

  it("finds the nearest of them, as many as there are up to k", async () => {
    const X = [0, 1, 2, 3, 10, 11, 20, 50, 51, 52, 53, 54, 55, 56, 57, 58];
    const plain = table(
      X.map((x, i) => ({ x, g: i < 7 ? (i % 2 ? "odd" : "even") : "other", y: i < 7 ? 1 : 0 })),
      { target: "y", group: "g" },
    );
    const { origins, notes } = await smote({ within: sameGroup, kNeighbors: 1, strategy: { times: { 1: 20 } } }).resample(plain);
    const pairs = new Set(Array.from(origins.neighbor.slice(16), (to, t) => `${origins.base[16 + t]}>${to}`));
    expect(notes).toEqual([]);
    expect(pairs).toEqual(new Set(["0>2", "2>0", "4>2", "6>4", "1>3", "3>1", "5>3"]));
  });

  it("copies a row that is alone, and says so", async () => {
    const { notes, origins } = await smote({ within: sameGroup, strategy: { times: { yes: 40 } } }).resample(data);
    expect(notes).toContain('Class "yes" has 1 row without another of the same group; they were copied.');
    expect(origins.base).toContain(148);
  });

  it("the stream does not depend on how much is asked for, and can be stored", async () => {
    const generator = await smote({ within: sameGroup }).fit(data);
    const [all, part] = [await generator.sample("yes", 0, 60), await generator.sample("yes", 20, 40)];
    expect(all.data.rows.slice(20, 40)).toEqual(part.data.rows);
    expect(generator.toJSON()).toMatchObject({ format: "counterpoise generator" });
  });

  it.each([
    [() => smote({ within: "group" as never }), /within is "group", but needs sameGroup, imported from "counterpoise"/],
    [() => borderlineSmote({ within: sameGroup, kind: 2 }), /use kind 1/],
    [() => smote({ within: sameGroup }).resample({ X: [[1], [2], [3]], y: [0, 0, 1] }), /.+/],
  ])("refuses %#", async (call, message) => {
    const refused = (async () => call())();
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(InputError);
  });

  it("needs a column that tells the groups", async () => {
    const refused = smote({ within: sameGroup, kNeighbors: 1 }).resample({ X: [[1], [2], [3], [4], [5]], y: [0, 0, 0, 1, 1] });
    await expect(refused).rejects.toThrow(/no column tells the groups; name it in table\(…, \{ group \}\)/);
  });
});
