import { beforeAll, describe, expect, it } from "vitest";
import {
  clusterCentroids,
  condensedNearestNeighbor,
  instanceHardness,
  nearMiss,
  oneSidedSelection,
  type ColumnTable,
  type Data,
  type Resampler,
} from "../../bindings/index";
import { golden, HAS_DATA, realTable } from "../support/data";
import { plainOf } from "../support/layouts";
import { KINDS } from "./contract";
import { reduces } from "./under";

reduces({
  name: "condensedNearestNeighbor",
  kinds: KINDS,
  counts: false,
  seeded: true,
  make: (options) => condensedNearestNeighbor(options as object),
});
reduces({
  name: "oneSidedSelection",
  kinds: KINDS,
  counts: false,
  seeded: true,
  make: (options) => oneSidedSelection({ seeds: 4, ...(options as object) }),
});
reduces({ name: "nearMiss", kinds: KINDS, counts: true, make: (options) => nearMiss(options as object) });
reduces({ name: "nearMiss 2", kinds: KINDS, counts: true, make: (options) => nearMiss({ version: 2, ...(options as object) }) });
reduces({
  name: "nearMiss 3",
  kinds: KINDS,
  counts: true,
  atMost: true,
  make: (options) => nearMiss({ version: 3, ...(options as object) }),
});

reduces({ name: "instanceHardness", kinds: KINDS, counts: true, seeded: true, make: (options) => instanceHardness(options as object) });
reduces({
  name: "instanceHardness with a learner",
  kinds: KINDS,
  counts: true,
  seeded: true,
  // likes rows by where they stand among those it is asked about, which depends on the folds
  make: (options) =>
    instanceHardness({ learner: (_, rows) => plainOf(rows).labels.map((_label, i) => 1 / (1 + i)), ...(options as object) }),
});
for (const voting of ["soft", "hard"] as const) {
  reduces({
    name: `clusterCentroids ${voting}`,
    kinds: KINDS,
    counts: true,
    seeded: true,
    makes: voting === "soft",
    make: (options) => clusterCentroids({ voting, ...(options as object) }),
  });
}

interface Kept {
  readonly name: string;
  readonly nearMiss1: number[];
  readonly nearMiss2: number[];
  readonly nearMiss3: number[];
}

/** Rows kept of the larger class, of a real table. Where that library's own order of equally near rows leads to others, `ties` names the results. */
interface Real extends Kept {
  readonly seeds: { readonly one: number[]; readonly three: number[] };
  readonly condensed: number[];
  readonly condensedFromThree: number[];
  readonly oneSidedRemoves: number[];
  readonly ties: string[];
}

/** All rows kept, of a set that asks for trouble. */
interface Small extends Kept {
  readonly X: number[][];
  readonly y: string[];
  readonly seeds: number[][];
  readonly condensed: number[];
  readonly oneSided: number[];
}

interface Misplaced {
  readonly name: string;
  readonly asGiven: number;
  readonly minorityLast: number;
}

const { sets, small, misplaced } = golden<{ sets: Real[]; small: Small[]; misplaced: Misplaced[] }>("selection.json");

const kept = async (method: Resampler, data: Data): Promise<number[]> => [...(await method.resample(data)).origins.base];

describe.skipIf(!HAS_DATA)("the rows that imbalanced-learn keeps, ties by row number", () => {
  describe.each(sets)("of $name (other ones there by its ties: $ties)", (known) => {
    const { seeds } = known;
    let data: ColumnTable;
    let labels: string[];
    beforeAll(() => {
      data = realTable("keel", known.name);
      labels = data.columns["class"] as string[];
    });
    const losing = (rows: number[]): number[] => rows.filter((row) => labels[row] === labels[seeds.one[0]!]);

    it("by condensed nearest neighbor", async () => {
      const from = async (rows: number[]): Promise<number[]> =>
        losing(await kept(condensedNearestNeighbor({ seeds: rows, scale: "none" }), data));
      expect(await from(seeds.one)).toEqual(known.condensed);
      expect(await from(seeds.three)).toEqual(known.condensedFromThree);
    });

    it("by one-sided selection", async () => {
      const rows = new Set(await kept(oneSidedSelection({ seeds: seeds.one, scale: "none" }), data));
      expect(labels.map((_, i) => i).filter((i) => !rows.has(i))).toEqual(known.oneSidedRemoves);
    });

    it.each([1, 2, 3] as const)("by NearMiss %i", async (version) => {
      expect(losing(await kept(nearMiss({ version, scale: "none" }), data))).toEqual(known[`nearMiss${version}`]);
    });
  });

  it.each(misplaced)("of $name more by condensed nearest neighbor, where a list there mixes numbers and places", async (there) => {
    const { seeds } = sets.find(({ name }) => name === there.name)!;
    const rows = await kept(condensedNearestNeighbor({ seeds: seeds.one, scale: "none" }), realTable("keel", there.name));
    expect(rows.length).toBe(there.minorityLast);
    expect(rows.length).not.toBe(there.asGiven);
  });
});

describe.each(small)("the rows that imbalanced-learn keeps of $name", ({ X, y, seeds, condensed, oneSided, ...near }) => {
  const data = { X, y };

  it("by condensed nearest neighbor and one-sided selection", async () => {
    expect(await kept(condensedNearestNeighbor({ seeds: seeds.flat() }), data)).toEqual(condensed);
    expect(await kept(oneSidedSelection({ seeds: seeds.flat(), allowEmpty: true }), data)).toEqual(oneSided);
  });

  it.each([1, 2, 3] as const)("by NearMiss %i", async (version) => {
    const method = nearMiss({ version, kNeighbors: 2, ...(version === 3 && { mNeighbors: 2 }) });
    expect(await kept(method, data)).toEqual(near[`nearMiss${version}`]);
  });
});
