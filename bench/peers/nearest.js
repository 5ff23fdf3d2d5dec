/** Times the nearest-neighbor self search of one package, named by the argument. Started by bench/neighbors/crew.js. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { NOBODY, readRows } from "../rows.js";
import { serve, timed } from "../serve.js";

const require = createRequire(import.meta.url);
const name = process.argv[2];

/** Each makes a call out of rows as numbers in a typed array, and rows as arrays; the call returns a function that gives the k + 1 neighbors of row i. */
const PACKAGES = {
  "ml-knn"(_, rows, k) {
    const KNN = require("ml-knn");
    const labels = rows.map((_row, i) => i);
    return () => {
      const tree = new KNN(rows, labels).kdTree;
      const lists = rows.map((row) => tree.nearest(row, k + 1));
      // the tree keeps each row with its label at the end
      return (i) => lists[i].map(([row]) => row.at(-1));
    };
  },
  "static-kdtree"(_, rows, k) {
    const createTree = require("static-kdtree");
    return () => {
      const tree = createTree(rows);
      const lists = rows.map((row) => tree.knn(row, k + 1));
      tree.dispose();
      return (i) => lists[i];
    };
  },
  "hnswlib-node"(_, rows, k) {
    const { HierarchicalNSW } = require("hnswlib-node");
    return () => {
      const index = new HierarchicalNSW("l2", rows[0].length);
      index.initIndex(rows.length, 16, 200);
      for (let i = 0; i < rows.length; i++) index.addPoint(rows[i], i);
      index.setEf(64);
      const lists = rows.map((row) => index.searchKnn(row, k + 1).neighbors);
      return (i) => lists[i];
    };
  },
  usearch(X, rows, k, threads) {
    const { Index } = require("usearch");
    const keys = BigUint64Array.from(rows, (_row, i) => BigInt(i));
    const single = Float32Array.from(X);
    return () => {
      const index = new Index({ dimensions: rows[0].length, metric: "l2sq", quantization: "f32" });
      index.add(keys, single, threads);
      const found = index.search(single, k + 1, threads);
      return (i) => [...found.keys.subarray(i * (k + 1), (i + 1) * (k + 1))].map(Number);
    };
  },
};

/** k neighbors of row i without itself, or without the last where other rows at no distance came before it; places stay open where there are fewer. */
function withoutSelf(neighbors, i, k) {
  const others = neighbors.filter((neighbor) => neighbor !== i);
  return Array.from({ length: k }, (_, j) => others[j] ?? NOBODY);
}

let data;
function load({ file, columns }) {
  const X = readRows(file);
  data = { X, columns, rows: Array.from({ length: X.length / columns }, (_, i) => [...X.subarray(i * columns, (i + 1) * columns)]) };
  return {};
}

async function time({ threads, k, repeats, rows: most = Infinity, out }) {
  const rows = data.rows.slice(0, most);
  const call = PACKAGES[name](data.X.subarray(0, rows.length * data.columns), rows, k, threads);
  const { times, result } = await timed(call, repeats);
  if (out) writeFileSync(out, Uint32Array.from(rows.flatMap((_row, i) => withoutSelf(result(i), i, k))));
  return { times };
}

const folder = join(import.meta.dirname, "node_modules", name);
const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
// a package that cannot be loaded ends this process before it tells its version
require(name);
await serve({ [name === "usearch" ? "usearch (npm)" : name]: version }, { load, time });
