import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, it } from "vitest";
import { exampleFolder, examplesOf, expectPrinted } from "./support/examples";

const folder = exampleFolder("learners");
afterAll(() => rmSync(folder, { recursive: true }));

/** Tells rows apart by the halfway point of what the classes have in their first column. */
const HALFWAY = `
const halfway = (X, y) => {
  const ends = [0, 1].map((code) => X.filter((_, i) => y[i] === code).map((row) => row[0]));
  return (Math.max(...ends[0]) + Math.min(...ends[1])) / 2;
};
`;

/** Packages of the page by shape alone: what their documentation says goes in and comes out, so that the examples run without them. */
const FAKES = {
  "libsvm-js/asm.js": `${HALFWAY}
export default class SVM {
  static KERNEL_TYPES = { RBF: 2 };
  train(X, y) { this.at = halfway(X, y); }
  predict(rows) { return rows.map((row) => (row[0] > this.at ? 1 : 0)); }
}`,
  "ml-random-forest/index.js": `${HALFWAY}
export class RandomForestClassifier {
  train(X, y) { this.at = halfway(X, y); }
  predict(rows) { return rows.map((row) => (row[0] > this.at ? 1 : 0)); }
  toJSON() { return { name: "RFClassifier", at: this.at }; }
  static load(stored) {
    if (stored.name !== "RFClassifier") throw new RangeError("Invalid model");
    return Object.assign(new RandomForestClassifier(), stored);
  }
}`,
  "@tensorflow/tfjs/index.js": `${HALFWAY}
const tensor = (values) => ({ values, array: async () => values });
export const [tensor1d, tensor2d] = [tensor, tensor];
export const layers = { dense: (options) => options };
export const sequential = () => ({
  add(layer) { this.units = layer.units; },
  compile() {},
  async fit(X, y, { sampleWeight }) {
    if (sampleWeight.values.length !== y.values.length) throw new Error("weights");
    this.at = halfway(X.values, y.values);
  },
  predict(X) { return tensor(X.values.map((row) => (row[0] > this.at ? [0.1, 0.9] : [0.8, 0.2]))); },
});`,
};

/** A service that answers as the page has it. */
const SERVICE = `${HALFWAY}
const models = new Map();
globalThis.fetch = async (url, { body }) => ({
  async json() {
    const { X, y } = JSON.parse(body);
    if (url.endsWith("/fit")) { models.set("m1", halfway(X, y)); return { id: "m1" }; }
    return X.map((row) => (row[0] > models.get(url.split("/").at(-1)) ? [0.1, 0.9] : [0.8, 0.2]));
  },
});
`;

beforeAll(() => {
  for (const [path, code] of Object.entries(FAKES)) {
    const file = join(folder, "node_modules", path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, code);
    const name = path.slice(0, path.lastIndexOf("/"));
    writeFileSync(
      join(folder, "node_modules", name, "package.json"),
      JSON.stringify({ name, type: "module", exports: { ".": "./index.js", "./asm": "./asm.js" } }),
    );
  }
});

it.each(examplesOf("learners.md").map((code, i) => [i, code] as const))("example %i of docs/learners.md prints what it says", (i, code) => {
  expectPrinted(folder, code.includes("fetch(") ? `${SERVICE}${code}` : code, i);
});
