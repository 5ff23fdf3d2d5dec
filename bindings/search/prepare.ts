import type { Schema } from "../data/dataset";
import { startWork } from "../run/work";
import { pack, type Packed } from "./exhaustive";
import { FEWEST_FOR_TREE, hasTree, type Algorithm, type Task } from "./neighbors";
import { METRIC, scaleOf, type Placed, type Space } from "./space";
import { growReference, treePays, type Grown } from "./tree";

/** What a reference keeps between searches: its packed leaves or a tree, and the scale they were made at. */
export interface Prepared {
  readonly scale: number;
  readonly packed?: Packed;
  readonly grown?: Grown;
}

/** Neighbors that are asked for when a reference is tried. */
const TYPICAL_NEIGHBORS = 5;

/** The reference with what searches among it need, in the arena for good. `"auto"` tries what its own rows would cost. */
export function prepare(instance: Task["instance"], schema: Schema, space: Space, placed: Placed, algorithm: Algorithm): Placed {
  const { arena } = instance;
  const scale = scaleOf(schema, space, [placed]);
  const rooted = { instance, space, reference: placed, scale };
  const told = algorithm === "tree";
  if (hasTree(space) && (told || (algorithm === "auto" && placed.n >= FEWEST_FOR_TREE))) {
    const mark = arena.top;
    const grown = growReference(rooted, told);
    if (grown && (told || pays(rooted, grown))) return { ...placed, prepared: { scale, grown } };
    arena.top = mark;
  }
  return {
    ...placed,
    prepared: space.metric === METRIC.mixed && space.d > 0 ? { scale, packed: pack(instance, space, placed, scale) } : { scale },
  };
}

function pays({ instance, space, reference, scale }: Pick<Task, "instance" | "space" | "reference" | "scale">, grown: Grown): boolean {
  const { arena, kernels } = instance;
  const { n } = reference;
  const k = Math.min(TYPICAL_NEIGHBORS, n - 1);
  return arena.scope(() => {
    const [indices, distances] = [arena.room(Uint32Array, n * k), arena.room(Float64Array, n * k)];
    kernels.clear_lists(indices, distances, n, k);
    const prepared = { scale, grown };
    const lists = { k, indices, distances, total: 0, work: startWork(undefined, 0) };
    return treePays({ instance, space, queries: reference, reference, self: true, scale, prepared, ...lists });
  });
}
