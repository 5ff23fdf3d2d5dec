/** Who is compared. A column of the tables is the best of its contenders; a contender is a method of a process, see crew.js. */
const TREE_LIMIT = 10_000;
const LIMIT = 60_000;
/** For an algorithm of ours that would not have been taken. */
const VARIANT_LIMIT = 20_000;
/** Where threads that wait busily may gain something: a search of more rows waits seldom. */
const BUSY_ROWS = 10_000;

/** `threads`: how many they use. Each contender: a process, a method, and the most rows it is asked about. */
export const PEERS = [
  {
    title: "scikit-learn, 2 threads",
    threads: 2,
    entries: [
      ["scikit-learn", "kd_tree"],
      ["scikit-learn", "ball_tree"],
      ["scikit-learn", "brute"],
      ["scikit-learn, busy", "brute", BUSY_ROWS],
    ],
  },
  {
    title: "scikit-learn in f32, 2 threads",
    threads: 2,
    entries: [
      ["scikit-learn", "brute, f32"],
      ["scikit-learn, busy", "brute, f32", BUSY_ROWS],
    ],
  },
  { title: "faiss, 1 thread", threads: 1, entries: [["faiss", "flat"]] },
  {
    title: "faiss, 2 threads",
    threads: 2,
    entries: [
      ["faiss", "flat"],
      ["faiss, busy", "flat", BUSY_ROWS],
    ],
  },
  // its tree measures the way to a cutting plane with a point that has no length, so it prunes nothing
  { title: "ml-knn", threads: 1, entries: [["ml-knn", "tree"]], limit: TREE_LIMIT, growth: 100 },
  { title: "static-kdtree", threads: 1, entries: [["static-kdtree", "tree"]], limit: TREE_LIMIT },
  { title: "hnswlib, 2 threads", threads: 2, entries: [["hnswlib", "graph"]], approximate: true },
  { title: "usearch, 2 threads", threads: 2, entries: [["usearch", "graph"]], approximate: true },
  { title: "hnswlib-node", threads: 1, entries: [["hnswlib-node", "graph"]], limit: TREE_LIMIT, approximate: true },
  { title: "usearch (npm), 2 threads", threads: 2, entries: [["usearch (npm)", "graph"]], limit: TREE_LIMIT, approximate: true },
];

/** Columns of ours as far as this build has them: one for a number of threads, and one for each algorithm that can be asked for. */
export function ourColumns({ threads, algorithms }) {
  const column = (count, method) => ({
    title: [`counterpoise, ${count} thread${count === 1 ? "" : "s"}`, ...(method === "default" ? [] : [method])].join(", "),
    threads: count,
    entries: [[`counterpoise, ${count}`, method]],
    ours: true,
    // a build without the option is not given it
    asked: threads ? count : undefined,
    variant: method !== "default",
    limit: method === "default" ? LIMIT : VARIANT_LIMIT,
  });
  const named = algorithms.filter((name) => name !== "auto").map((name) => column(1, name));
  return [...(threads ? [1, 2] : [1]).map((count) => column(count, "default")), ...named];
}

/** Contenders of a column; `limit` is how long one call may take, in milliseconds, and `growth` how much longer ten times the rows take at least. */
export function contendersOf(column) {
  return column.entries.map(([process, method, mostRows = Infinity]) => ({
    id: [process, method, column.threads].join(", "),
    column: column.title,
    process,
    method,
    mostRows,
    threads: column.ours ? column.asked : column.threads,
    ours: column.ours ?? false,
    variant: column.variant ?? false,
    growth: column.growth ?? 10,
    limit: method.endsWith("_tree") ? TREE_LIMIT : (column.limit ?? LIMIT),
  }));
}
