import { f64At, putF32, putU32, u32At } from "../lanes";

/**
 * A set of rows as searches read it. First as given, for exact distances; then, once packed, as 16-bit integers grouped by leaf for ruling rows out.
 *
 * Row x of a leaf with mean a becomes the integers q nearest to s · (x − a); s is as large as lets any two rows of any two leaves be multiplied without leaving
 * 32 bits. So products are exact, and all that a packed row hides is its remainder, at most √d / 2s long. Each leaf has an s of its own: close rows keep their
 * digits. Each leaf fills whole panels of 8 slots; a panel keeps two columns of 8 rows side by side, then the next two. Slots without a row are never found.
 */
@unmanaged
export class Rows {
  /** f64 (n, d). */
  values: usize;
  /** f64 (n, d) or 0: what a missing cell adds to the squared distance of its column. */
  spreads: usize;
  /** u32 (n, q): nominal codes. */
  codes: usize;
  leaves: i32;
  slots: i32;
  /** Row of each slot, u32 (slots); NONE where a slot is empty. */
  rows: usize;
  /** First slot of each leaf, u32 (leaves + 1). */
  firsts: usize;
  /** i16 (slots / 8, ⌈d / 2⌉, 8, 2): the integers. */
  panels: usize;
  /** u32 (slots / 8, q, 8): nominal codes. */
  codePanels: usize;
  /** f32 (slots): half of the squared norm of q / s, scaled, and half of what missing cells add. */
  halves: usize;
  /** f64 (leaves, 3, d): lowest value, highest value, mean of each column. */
  boxes: usize;
  /** f64 (leaves, 3): s, the longest q / s, the most that missing cells add. */
  extents: usize;
}

export const NONE: u32 = 0xffffffff;

/** Bytes of a `Rows` that is not packed. */
export function rows_bytes(): i32 {
  return offsetof<Rows>();
}

/** Pairs of columns. */
export function pairsOf(d: i32): i32 {
  return (d + 1) >> 1;
}

/** Bytes of a `Rows` with its packed arrays. */
export function packed_bytes(slots: i32, leaves: i32, d: i32, q: i32): f64 {
  return <f64>slots * <f64>(8 + 4 * pairsOf(d) + 4 * q) + <f64>leaves * <f64>(24 * d + 28) + 128;
}

/** The s for vectors of at most this norm and largest coordinate: norms of integers stay below √(2³¹), coordinates below 2¹⁵. */
export function integerScale(norm: f64, largest: f64, d: i32): f64 {
  return norm > 0 ? min(min((46339 - 0.51 * sqrt(<f64>d)) / norm, 32766 / largest), 1e300) : 1e300;
}

/** A norm from its square and its largest coordinate, which bounds it where squares underflow. */
export function normOf(squared: f64, largest: f64, d: i32): f64 {
  return squared > 1e-280 ? sqrt(squared) : largest * sqrt(<f64>d);
}

/** The longest remainder that integers at scale s leave. */
export function remainder(s: f64, norm: f64, d: i32): f64 {
  return norm > 0 ? (0.5001 * sqrt(<f64>d)) / s : 0;
}

/** at ← rows as given: values (n, d), spreads (n, d) or 0, codes (n, q). Not yet packed. */
export function set_rows(at: usize, values: usize, spreads: usize, codes: usize): void {
  const set = changetype<Rows>(at);
  set.values = values;
  set.spreads = spreads;
  set.codes = codes;
  set.leaves = 0;
  set.slots = 0;
}

/**
 * at ← the rows of `source`, which are complete, packed in the groups of order (n) and starts (leaves + 1). slots: as many as they may take, in panels. scale: the power of two
 * that brings centred values near 1.
 */
export function pack_rows(
  at: usize,
  source: usize,
  order: usize,
  starts: usize,
  slots: i32,
  leaves: i32,
  d: i32,
  q: i32,
  scale: f64,
): void {
  const set = changetype<Rows>(at),
    given = changetype<Rows>(source);
  set_rows(at, given.values, given.spreads, given.codes);
  set.leaves = leaves;
  set.panels = (at + offsetof<Rows>() + 15) & ~15;
  set.codePanels = set.panels + ((<usize>slots * pairsOf(d)) << 2);
  set.halves = set.codePanels + ((<usize>slots * q) << 2);
  set.rows = set.halves + ((<usize>slots) << 2);
  set.boxes = set.rows + ((<usize>slots) << 2);
  // the box of a single column is written 8 bytes too far
  set.extents = set.boxes + <usize>leaves * d * 24 + 8;
  set.firsts = set.extents + <usize>leaves * 24;
  let slot = 0;
  for (let l = 0; l < leaves; l++) {
    const from = u32At(starts, l),
      to = u32At(starts, l + 1);
    putU32(set.firsts, l, slot);
    boxLeaf(set, order, from, to, l, d);
    slot = packLeaf(set, order, from, to, l, slot, d, q, scale);
  }
  putU32(set.firsts, leaves, slot);
  set.slots = slot;
}

export function extentOf(set: Rows, leaf: i32): usize {
  return set.extents + <usize>leaf * 24;
}

export function boxOf(set: Rows, leaf: i32, d: i32): usize {
  return set.boxes + <usize>leaf * d * 24;
}

export function meanOf(box: usize, d: i32, column: i32): f64 {
  return f64At(box + ((<usize>d) << 4), column);
}

/** Two columns at a time; with an odd number of columns the last one is met twice, and of a single one, what is behind it is written before what belongs there. */
function boxLeaf(set: Rows, order: usize, from: i32, to: i32, leaf: i32, d: i32): void {
  const box = boxOf(set, leaf, d),
    width = (<usize>d) << 3;
  const share = f64x2.splat(1 / <f64>(to - from));
  for (let c = 0; c < d; c += 2) {
    const column = (<usize>max(min(c, d - 2), 0)) << 3;
    let low = f64x2.splat(Infinity),
      high = f64x2.splat(-Infinity),
      mean = f64x2.splat(0);
    for (let i = from; i < to; i++) {
      const at = set.values + <usize>u32At(order, i) * width + column;
      const value = v128.load(at);
      low = f64x2.pmin(low, value);
      high = f64x2.pmax(high, value);
      mean = f64x2.add(mean, f64x2.mul(value, share));
    }
    // rounding must not carry it out of the box, which sets the scale of everything
    mean = f64x2.pmin(f64x2.pmax(mean, low), high);
    v128.store(box + column, low);
    v128.store(box + column + width, high);
    v128.store(box + column + 2 * width, mean);
  }
}

/** The scale of a leaf's integers; its extent ← scale, longest norm, most that missing cells add. */
function measureLeaf(set: Rows, order: usize, from: i32, to: i32, leaf: i32, d: i32): f64 {
  const means = boxOf(set, leaf, d) + ((<usize>d) << 4),
    width = (<usize>d) << 3;
  let longest: f64 = 0,
    largest: f64 = 0,
    most: f64 = 0;
  for (let i = from; i < to; i++) {
    const source = set.values + <usize>u32At(order, i) * width;
    let squared: f64 = 0;
    for (let at: usize = 0; at < width; at += 8) {
      const near = abs(load<f64>(source + at) - load<f64>(means + at));
      largest = near > largest ? near : largest;
      squared += near * near;
    }
    longest = squared > longest ? squared : longest;
    if (set.spreads) most = max(most, sumOf(set.spreads + <usize>u32At(order, i) * width, d));
  }
  const norm = normOf(longest, largest, d),
    s = integerScale(norm, largest, d),
    extent = extentOf(set, leaf);
  store<f64>(extent, s);
  store<f64>(extent, norm * 1.000001, 8);
  store<f64>(extent, most, 16);
  return s;
}

function packLeaf(set: Rows, order: usize, from: i32, to: i32, leaf: i32, slot: i32, d: i32, q: i32, scale: f64): i32 {
  const means = boxOf(set, leaf, d) + ((<usize>d) << 4),
    width = (<usize>d) << 3,
    pairs = pairsOf(d);
  const s = measureLeaf(set, order, from, to, leaf, d),
    unit = scale / s;
  const end = slot + ((to - from + 7) & ~7);
  for (let i = from; slot < end; i++, slot++) {
    let panel = set.panels + (((<usize>(slot >> 3) * pairs * 8) | (slot & 7)) << 2);
    let codePanel = set.codePanels + (((<usize>(slot >> 3) * q * 8) | (slot & 7)) << 2);
    const row = i < to ? u32At(order, i) : NONE;
    putU32(set.rows, slot, row);
    if (row == NONE) {
      for (let c = 0; c < pairs; c++, panel += 32) store<u32>(panel, 0);
      for (let c = 0; c < q; c++, codePanel += 32) store<u32>(codePanel, NONE);
      putF32(set.halves, slot, Infinity);
      continue;
    }
    const source = set.values + <usize>row * width;
    let squared: f64 = 0;
    for (let c = 0; c < d; c++) {
      const whole = nearest((f64At(source, c) - f64At(means, c)) * s);
      store<i16>(panel + ((<usize>(c >> 1)) << 5) + ((c & 1) << 1), <i16>whole);
      squared += whole * whole;
    }
    if (d & 1) store<i16>(panel + ((<usize>(d >> 1)) << 5) + 2, 0);
    for (let c = 0; c < q; c++, codePanel += 32) store<u32>(codePanel, u32At(set.codes + ((<usize>row * q) << 2), c));
    const missing = set.spreads ? sumOf(set.spreads + <usize>row * width, d) * scale * scale : 0;
    putF32(set.halves, slot, <f32>(0.5 * (squared * unit * unit + missing)));
  }
  return slot;
}

function sumOf(values: usize, d: i32): f64 {
  let sum: f64 = 0;
  for (let c = 0; c < d; c++) sum += f64At(values, c);
  return sum;
}
