import { f32At, f64At, putF32, putF64, putU32, u32At } from "../lanes";
import { selectRows, widestOf } from "./leaves";
import { NONE } from "./rows";

/**
 * A balanced k-d tree over rows whose coordinates on r orthonormal axes are known. A distance between coordinates is never larger than the rows' own, so what is too
 * far on the axes is too far.
 *
 * Node 1 is the root, node p has the children 2p and 2p + 1, and the last level are leaves of at most 32 rows. A leaf keeps its coordinates column by column, in f32, relative
 * to an origin of its own, its first row: rows far from everything else keep their digits.
 */
@unmanaged
export class Tree {
  n: i32;
  r: i32;
  levels: i32;
  /** f64 (n, r). */
  coordinates: usize;
  /** Rows in the order of the leaves, u32 (n). */
  order: usize;
  /** Lowest and highest coordinates, f64 (2, r). */
  box: usize;
  /** Column and border of each inner node: u32, f64 (leaves). */
  columns: usize;
  borders: usize;
  /** Row of each place of a leaf, u32 (leaves, 32); NONE where it is empty. */
  rows: usize;
  /** f64 (leaves, r). */
  origins: usize;
  /** f64 (leaves, 2): the longest way from its origin, the largest norm of its rows. */
  extents: usize;
  /** f32 (leaves, r, 32). */
  panels: usize;
}

export const TREE_LEAF: i32 = 32;

/** Levels of inner nodes above leaves of at most 32 rows. */
export function tree_levels(n: i32): i32 {
  return 32 - clz((n - 1) / TREE_LEAF);
}

/** Bytes of a tree of n rows, without their coordinates. */
export function tree_bytes(n: i32, r: i32): f64 {
  const leaves = <f64>(1 << tree_levels(n));
  return 256 + 16 * <f64>r + 4 * <f64>n + leaves * (12 + 4 * TREE_LEAF + <f64>r * (8 + 4 * TREE_LEAF) + 16);
}

/** out (n, r) ← coordinates of rows `values` (n, d): axes (r, d) · (value − center), scaled. */
export function project_rows(out: usize, values: usize, axes: usize, center: usize, n: i32, d: i32, r: i32, scale: f64): void {
  for (let i = 0; i < n; i++, out += (<usize>r) << 3, values += (<usize>d) << 3) {
    for (let a = 0; a < r; a++) {
      const axis = axes + ((<usize>a * d) << 3);
      let sum = f64x2.splat(0),
        c = 0;
      for (; c + 2 <= d; c += 2) {
        const at = (<usize>c) << 3;
        sum = f64x2.add(sum, f64x2.mul(v128.load(axis + at), f64x2.sub(v128.load(values + at), v128.load(center + at))));
      }
      let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
      if (c < d) total += f64At(axis, c) * (f64At(values, c) - f64At(center, c));
      putF64(out, a, total * scale);
    }
  }
}

/** at ← the tree of coordinates (n, r). sample: scratch, f64 (128). */
export function build_tree(at: usize, coordinates: usize, sample: usize, n: i32, r: i32): void {
  const tree = changetype<Tree>(at),
    leaves = 1 << tree_levels(n);
  assert(n > 0 && r > 0, "build_tree: no rows or no axes");
  tree.n = n;
  tree.r = r;
  tree.levels = tree_levels(n);
  tree.coordinates = coordinates;
  tree.box = (at + offsetof<Tree>() + 15) & ~15;
  tree.borders = tree.box + ((<usize>r) << 4);
  tree.origins = tree.borders + ((<usize>leaves) << 3);
  tree.extents = tree.origins + ((<usize>leaves * r) << 3);
  tree.panels = (tree.extents + ((<usize>leaves) << 4) + 15) & ~15;
  tree.rows = tree.panels + ((<usize>leaves * r * TREE_LEAF) << 2);
  tree.columns = tree.rows + ((<usize>leaves * TREE_LEAF) << 2);
  tree.order = tree.columns + ((<usize>leaves) << 2);
  for (let i = 0; i < n; i++) putU32(tree.order, i, i);
  for (let c = 0; c < r; c++) {
    putF64(tree.box, c, Infinity);
    putF64(tree.box, r + c, -Infinity);
  }
  split(tree, sample, 1, 0, 0, n);
}

/** Halves the rows [from, to) of a node at the median of their widest column. */
function split(tree: Tree, sample: usize, node: i32, level: i32, from: i32, to: i32): void {
  if (level == tree.levels) {
    fillLeaf(tree, node - (1 << level), from, to);
    return;
  }
  const count = to - from,
    middle = from + ((count + 1) >> 1);
  let column = 0;
  if (count > 1) {
    column = widestOf(tree.order, tree.coordinates, sample, from, to, max(1, count >> 7), tree.r);
    selectRows(tree.order, tree.coordinates, from, to - 1, min(middle, to - 1), tree.r, column);
  }
  putU32(tree.columns, node, column);
  const row = u32At(tree.order, min(middle, to - 1));
  putF64(tree.borders, node, count > 0 ? f64At(tree.coordinates + ((<usize>row * tree.r) << 3), column) : 0);
  split(tree, sample, 2 * node, level + 1, from, middle);
  split(tree, sample, 2 * node + 1, level + 1, middle, to);
}

function fillLeaf(tree: Tree, leaf: i32, from: i32, to: i32): void {
  const r = tree.r,
    origin = tree.origins + ((<usize>leaf * r) << 3),
    panel = tree.panels + ((<usize>leaf * r * TREE_LEAF) << 2);
  let longest: f64 = 0,
    largest: f64 = 0;
  for (let t = 0; t < TREE_LEAF; t++) {
    const present = from + t < to,
      row = present ? u32At(tree.order, from + t) : NONE;
    putU32(tree.rows, leaf * TREE_LEAF + t, row);
    let way: f64 = 0,
      norm: f64 = 0;
    for (let c = 0; c < r; c++) {
      if (!present) {
        putF32(panel, c * TREE_LEAF + t, Infinity);
        continue;
      }
      const value = f64At(tree.coordinates + ((<usize>row * r) << 3), c);
      if (!t) putF64(origin, c, value);
      const near = value - f64At(origin, c);
      putF32(panel, c * TREE_LEAF + t, <f32>near);
      way += near * near;
      norm += value * value;
      putF64(tree.box, c, min(f64At(tree.box, c), value));
      putF64(tree.box, r + c, max(f64At(tree.box, r + c), value));
    }
    longest = max(longest, way);
    largest = max(largest, norm);
  }
  const extent = tree.extents + ((<usize>leaf) << 4);
  store<f64>(extent, sqrt(longest) * 1.000001);
  store<f64>(extent, sqrt(largest) * 1.000001, 8);
}
