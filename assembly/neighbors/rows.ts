import { f64At, putF32, putU32, u32At } from "../lanes";

/**
 * A set of rows as searches read it. First as given, for exact distances; then, once packed, in f32 panels grouped by leaf for ruling rows out.
 * Each leaf fills whole panels of 8 slots; a panel keeps column after column, 8 numbers each, relative to the leaf's own mean, so that close
 * rows keep their digits in f32. Slots without a row can never be found.
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
  /** f32 (slots / 8, d, 8): (value − mean of the leaf) · scale. */
  panels: usize;
  /** u32 (slots / 8, q, 8): nominal codes. */
  codePanels: usize;
  /** f32 (slots): half of the row's own part of a squared distance, shrunk by its share of the error bound. */
  halves: usize;
  /** f64 (leaves, 3, d): lowest value, highest value, mean of each column. */
  boxes: usize;
}

export const NONE: u32 = 0xffffffff;

/** Slots that rows grouped by `starts` (leaves + 1) take: every leaf padded to whole panels. */
export function packed_slots(starts: usize, leaves: i32): i32 {
  let slots = 0;
  for (let l = 0; l < leaves; l++) slots += (<i32>(u32At(starts, l + 1) - u32At(starts, l)) + 7) & ~7;
  return slots;
}

/** Bytes of a `Rows` that is not packed. */
export function rows_bytes(): i32 {
  return offsetof<Rows>();
}

/** Bytes of a `Rows` with its packed arrays. */
export function packed_bytes(slots: i32, leaves: i32, d: i32, q: i32): f64 {
  return <f64>slots * <f64>(8 + 4 * d + 4 * q) + <f64>leaves * <f64>(24 * d + 4) + 128;
}

/**
 * How far, relative to the sum of the squared norms it is made of, the f32 estimate of a squared distance can be off. With u = 2⁻²⁴ and
 * t = (x − a) − (y − b) + (a − b) for leaf means a and b: every term meets at most 2d + q + 8 roundings, and the norm of what is added up
 * is at most (‖x − a‖ + ‖y − b‖ + ‖a − b‖)² ≤ 3 (‖x − a‖² + ‖y − b‖² + ‖a − b‖²). So it is enough to shrink each of these three, and all that
 * missing cells and nominal columns add, by this factor: the estimate is then never above the f64 distance.
 */
export function slack(d: i32, q: i32): f64 {
  return 3.01 * 5.960464477539063e-8 * <f64>(2 * d + q + 16);
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
 * at ← the rows of `source`, which are complete, packed in the groups of order (n) and starts (leaves + 1). scale: the power of two that brings
 * centred values near 1.
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
  set.slots = slots;
  set.panels = (at + offsetof<Rows>() + 15) & ~15;
  set.codePanels = set.panels + ((<usize>slots * d) << 2);
  set.halves = set.codePanels + ((<usize>slots * q) << 2);
  set.rows = set.halves + ((<usize>slots) << 2);
  set.boxes = set.rows + ((<usize>slots) << 2);
  set.firsts = set.boxes + <usize>leaves * d * 24;
  let slot = 0;
  for (let l = 0; l < leaves; l++) {
    const from = u32At(starts, l),
      to = u32At(starts, l + 1);
    putU32(set.firsts, l, slot);
    boxLeaf(set, order, from, to, l, d);
    slot = packLeaf(set, order, from, to, l, slot, d, q, scale);
  }
  putU32(set.firsts, leaves, slot);
}

export function boxOf(set: Rows, leaf: i32, d: i32): usize {
  return set.boxes + <usize>leaf * d * 24;
}

export function meanOf(box: usize, d: i32, column: i32): f64 {
  return f64At(box + ((<usize>d) << 4), column);
}

/** Two columns at a time; with an odd number of columns the last one is met twice. */
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
      const value = d == 1 ? v128.load64_zero(at) : v128.load(at);
      low = f64x2.pmin(low, value);
      high = f64x2.pmax(high, value);
      mean = f64x2.add(mean, f64x2.mul(value, share));
    }
    if (d == 1) {
      store<f64>(box, f64x2.extract_lane(low, 0));
      store<f64>(box, f64x2.extract_lane(high, 0), 8);
      store<f64>(box, f64x2.extract_lane(mean, 0), 16);
    } else {
      v128.store(box + column, low);
      v128.store(box + column + width, high);
      v128.store(box + column + 2 * width, mean);
    }
  }
}

function packLeaf(set: Rows, order: usize, from: i32, to: i32, leaf: i32, slot: i32, d: i32, q: i32, scale: f64): i32 {
  const means = boxOf(set, leaf, d) + ((<usize>d) << 4),
    width = (<usize>d) << 3;
  const shrink = 0.5 * (1 - slack(d, q)),
    scaleSquared = scale * scale;
  const end = slot + ((to - from + 7) & ~7);
  for (let i = from; slot < end; i++, slot++) {
    let panel = set.panels + ((((<usize>(slot >> 3) * d) << 3) | (slot & 7)) << 2);
    let codePanel = set.codePanels + ((((<usize>(slot >> 3) * q) << 3) | (slot & 7)) << 2);
    const row = i < to ? u32At(order, i) : NONE;
    let squared = row == NONE ? Infinity : 0;
    if (row == NONE) {
      for (let c = 0; c < d; c++, panel += 32) store<f32>(panel, 0);
      for (let c = 0; c < q; c++, codePanel += 32) store<u32>(codePanel, NONE);
    } else {
      const source = set.values + <usize>row * width;
      for (let at: usize = 0; at < width; at += 8, panel += 32) {
        const near = <f32>((load<f64>(source + at) - load<f64>(means + at)) * scale);
        store<f32>(panel, near);
        squared += <f64>near * <f64>near;
      }
      for (let c = 0; c < q; c++, codePanel += 32) store<u32>(codePanel, u32At(set.codes + ((<usize>row * q) << 2), c));
      if (set.spreads) squared += sumOf(set.spreads + <usize>row * width, d) * scaleSquared;
    }
    putU32(set.rows, slot, row);
    putF32(set.halves, slot, <f32>(shrink * squared));
  }
  return slot;
}

function sumOf(values: usize, d: i32): f64 {
  let sum: f64 = 0;
  for (let c = 0; c < d; c++) sum += f64At(values, c);
  return sum;
}
