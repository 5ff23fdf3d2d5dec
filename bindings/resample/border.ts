import { InputError } from "../errors";
import type { SpaceOptions } from "../search/space";
import { neighborsOf } from "./neighborhood";
import type { Scene } from "./oversample";

/** Where a row stands: `noise` with neighbors of other classes only, in `danger` with at least half of them (Han, Wang, Mao 2005), else `safe`. */
export type Standing = "safe" | "danger" | "noise";

/** How some rows of the scene's class stand among their m nearest of all rows; with fewer others than m, among those. */
export async function standingsOf(scene: Scene, rows: Uint32Array, mNeighbors: number, options: SpaceOptions): Promise<Standing[]> {
  const { data, code, note } = scene;
  const m = Math.min(mNeighbors, data.n - 1);
  if (m < 1) throw new InputError("TOO_FEW_ROWS", "The data has one row, which has no neighbors; add rows.");
  if (m < mNeighbors) note(`mNeighbors is ${mNeighbors} but there are ${data.n} rows; ${m} were used.`);
  const all = Uint32Array.from({ length: data.n }, (_, i) => i);
  const { indices } = await neighborsOf(scene, rows, all, m, options);
  return Array.from(rows, (_, t) => {
    let foreign = 0;
    for (let p = t * m; p < t * m + m; p++) if (data.labels[indices[p]!] !== code) foreign++;
    return foreign === m ? "noise" : 2 * foreign >= m ? "danger" : "safe";
  });
}
