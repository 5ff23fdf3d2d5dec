/** The processes of a run: one for each library, started when first asked. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { startPeer } from "../peer.js";

const BENCH = resolve(import.meta.dirname, "..");
const PYTHON = join(BENCH, "peers/.venv/bin/python");
const THREADS = { OMP_NUM_THREADS: "2", OPENBLAS_NUM_THREADS: "2" };
/** Threads of OpenMP that wait busily are faster alone, and lose a hundred milliseconds where they meet any other program; sleeping ones are slower by a little. */
const SLEEPING = { ...THREADS, OMP_WAIT_POLICY: "passive" };

/** Program, arguments, and what is added to the environment. */
const python = (library, environment = SLEEPING) => [PYTHON, [join(BENCH, "peers/nearest.py"), library], environment];
const node = (script, ...args) => [process.execPath, [join(BENCH, script), ...args]];
const PROGRAMS = {
  "counterpoise, 1": node("neighbors/ours.js"),
  "counterpoise, 2": node("neighbors/ours.js"),
  "scikit-learn": python("scikit-learn"),
  "scikit-learn, busy": python("scikit-learn", THREADS),
  faiss: python("faiss"),
  "faiss, busy": python("faiss", THREADS),
  hnswlib: python("hnswlib"),
  usearch: python("usearch"),
  "ml-knn": node("peers/nearest.js", "ml-knn"),
  "static-kdtree": node("peers/nearest.js", "static-kdtree"),
  "hnswlib-node": node("peers/nearest.js", "hnswlib-node"),
  "usearch (npm)": node("peers/nearest.js", "usearch"),
};

export function startCrew() {
  /** Name → the process, or undefined once it did not start; its rows are those of `loaded`. */
  const started = new Map();
  const loaded = new Map();
  const versions = {};
  let table;

  async function start(name) {
    const [program, args, environment] = PROGRAMS[name];
    const peer = existsSync(program) ? await startPeer(program, args, environment) : undefined;
    started.set(name, peer);
    loaded.delete(name);
    Object.assign(versions, peer?.versions);
    return peer;
  }

  /** The process, or undefined when it is not installed. */
  async function get(name) {
    return started.has(name) ? started.get(name) : start(name);
  }

  function stop(name) {
    started.get(name)?.stop();
    started.delete(name);
  }

  return {
    versions,
    get,
    /** From now on jobs are about the rows in this file. Ours begin anew: their peak memory is to be of these rows. */
    use(file, columns) {
      table = { file, columns };
      for (const name of started.keys()) if (name.startsWith("counterpoise")) stop(name);
    },
    /** The answer to a job about the rows in use; undefined after `limit` milliseconds, when the process is ended. */
    async ask(name, job, limit) {
      const peer = await get(name);
      if (loaded.get(name)?.table !== table) loaded.set(name, { table, ...(await peer.ask({ task: "load", ...table })) });
      const answer = await peer.ask(job, limit);
      if (answer === undefined) started.delete(name);
      return answer && { ...answer, before: loaded.get(name).before };
    },
    stop() {
      for (const name of started.keys()) stop(name);
    },
  };
}
