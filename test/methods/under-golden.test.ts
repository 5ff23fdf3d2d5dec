import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  allKnn,
  editedNearestNeighbors,
  neighborhoodCleaningRule,
  repeatedEditedNearestNeighbors,
  tomekLinks,
  type Data,
  type Resampler,
} from "../../bindings/index";
import { golden, HAS_DATA, realTable } from "../support/data";

interface Result {
  readonly kept: number;
  readonly rows: string;
  readonly plain: number;
}

interface Golden {
  readonly cases: readonly { readonly method: string; readonly options: Record<string, unknown> }[];
  readonly adversarial: readonly {
    readonly name: string;
    readonly X: number[][];
    readonly y: number[];
    readonly results: readonly Result[];
  }[];
  readonly real: readonly { readonly folder: string; readonly name: string; readonly n: number; readonly results: readonly Result[] }[];
}

const METHODS: Record<string, (options: object) => Resampler> = {
  tomekLinks,
  editedNearestNeighbors,
  repeatedEditedNearestNeighbors,
  allKnn,
  neighborhoodCleaningRule,
};

const { cases, adversarial, real } = golden<Golden>("under.json");

async function meets(data: Data, results: readonly Result[]): Promise<void> {
  for (const [c, { method, options }] of cases.entries()) {
    const what = `${method} ${JSON.stringify(options)}`;
    const removing = METHODS[method]!({ ...options, scale: "none", allowEmpty: true }).resample(data);
    if (results[c]!.kept === 0) {
      await expect(removing, what).rejects.toThrow(/would remove all rows of the data/);
      continue;
    }
    const { origins } = await removing;
    expect(origins.base.length, what).toBe(results[c]!.kept);
    expect(createHash("sha256").update(new Uint8Array(origins.base.buffer)).digest("hex").slice(0, 16), what).toBe(results[c]!.rows);
  }
}

describe("cleaners keep the rows that imbalanced-learn keeps when it is given neighbors in our order", () => {
  it.each(adversarial.map((set) => [set.name, set] as const))("%s", async (_, { X, y, results }) => meets({ X, y }, results));

  it.skipIf(!HAS_DATA).each(real.map((set) => [set.name, set] as const))("%s", async (_, { folder, name, n, results }) => {
    const data = realTable(folder, name);
    expect(data.columns["class"]!.length).toBe(n);
    await meets(data, results);
  });
});

/** Equal rows, one of which scikit-learn takes for the row that is asked, or rows equally far away. */
const TIED = [
  ...["haberman", "led7digit-0-2-4-5-6-7-8-9_vs_1", "page-blocks0", "poker-8-9_vs_5", "winequality-red-4", "winequality-white-3_vs_7"],
  ...["wisconsin", "yeast1", "yeast6", "balance"],
];

describe("as it is, imbalanced-learn differs", () => {
  const differing = real.flatMap(({ name, results }) => {
    const methods = cases.flatMap(({ method }, c) => (results[c]!.plain > 0 ? [method] : []));
    return methods.length ? [{ name, methods: [...new Set(methods)] }] : [];
  });
  const elsewhere = differing.filter(({ name }) => !TIED.includes(name));

  it("where rows are equal or equally far away", () => {
    expect(differing.filter((set) => !elsewhere.includes(set)).map(({ name }) => name)).toEqual(TIED);
  });

  it("where a pass made another class the smallest, or two classes are, the first in the rows is not the first in order", () => {
    expect(elsewhere).toEqual([
      // two classes of two rows
      { name: "ecoli", methods: ["neighborhoodCleaningRule"] },
      // a class falls to, or below, the size of the smallest, and the next pass cleans the smallest in its place
      { name: "glass", methods: ["allKnn"] },
      { name: "newthyroid", methods: ["repeatedEditedNearestNeighbors", "allKnn"] },
    ]);
  });
});
