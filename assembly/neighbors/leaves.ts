import { f64At, putF64, putU32, u32At } from "../lanes";

const SAMPLE: i32 = 128;

function valueAt(values: usize, order: usize, place: i32, d: i32, column: i32): f64 {
  return load<f64>(values + ((<usize>u32At(order, place) * d + column) << 3));
}

function swap(order: usize, a: i32, b: i32): void {
  const kept = u32At(order, a);
  putU32(order, a, u32At(order, b));
  putU32(order, b, kept);
}

/**
 * order (n), starts (leaves + 1) ← rows grouped into leaves of at most `leaf` rows that lie close together; returns the number of leaves.
 * Recursive cuts on the widest column, through a clear gap if there is one, else at a multiple of `leaf` near the median. How good the
 * cuts are decides how fast and how sharp the search is, never what it finds. sample: scratch, f64 (128).
 */
export function group_leaves(order: usize, starts: usize, values: usize, sample: usize, n: i32, d: i32, leaf: i32): i32 {
  assert(n > 0 && d > 0 && leaf > 0, "group_leaves: nothing to group");
  for (let i = 0; i < n; i++) putU32(order, i, i);
  const leaves = cut(order, starts, values, sample, 0, n, d, leaf, 0);
  putU32(starts, leaves, n);
  return leaves;
}

function cut(order: usize, starts: usize, values: usize, sample: usize, from: i32, to: i32, d: i32, leaf: i32, leaves: i32): i32 {
  const count = to - from;
  if (count <= leaf) {
    putU32(starts, leaves, from);
    return leaves + 1;
  }
  const step = (count + SAMPLE - 1) / SAMPLE;
  const sampled = (count + step - 1) / step;
  const widest = widestOf(order, values, sample, from, to, step, d),
    width = load<f64>(sample);
  let middle = from + max(1, (count / 2 + leaf / 2) / leaf) * leaf;
  if (width > 0) {
    const gap = gapBetween(order, values, sample, from, to, step, sampled, d, widest, width);
    let below = gap == Infinity ? 0 : partition(order, values, from, to, d, widest, gap);
    if (min(below, count - below) * 16 >= count) middle = from + below;
    else selectRows(order, values, from, to - 1, middle, d, widest);
  }
  leaves = cut(order, starts, values, sample, from, middle, d, leaf, leaves);
  return cut(order, starts, values, sample, middle, to, d, leaf, leaves);
}

/** The column with the widest range over every `step`-th row; sample[0] ← that range. Two columns at a time. */
export function widestOf(order: usize, values: usize, sample: usize, from: i32, to: i32, step: i32, d: i32): i32 {
  let widest = 0,
    width: f64 = 0;
  for (let c = 0; c < d; c += 2) {
    const column = max(min(c, d - 2), 0),
      at = values + ((<usize>column) << 3);
    let low = f64x2.splat(Infinity),
      high = f64x2.splat(-Infinity);
    for (let i = from; i < to; i += step) {
      const place = at + ((<usize>u32At(order, i) * d) << 3);
      const value = d == 1 ? v128.load64_splat(place) : v128.load(place);
      low = f64x2.pmin(low, value);
      high = f64x2.pmax(high, value);
    }
    const range = f64x2.sub(high, low);
    if (f64x2.extract_lane(range, 0) > width) {
      width = f64x2.extract_lane(range, 0);
      widest = column;
    }
    if (f64x2.extract_lane(range, 1) > width) {
      width = f64x2.extract_lane(range, 1);
      widest = column + 1;
    }
  }
  store<f64>(sample, width);
  return widest;
}

/** Rows from which on a cut near the median does, because the leaves below it are many: selecting the median itself takes three times as long. */
const MANY: i32 = 4096;

/** The middle of the widest gap in the central half of the sampled values; if it is under an eighth of their width, the median of those of many rows, or Infinity. */
function gapBetween(
  order: usize,
  values: usize,
  sample: usize,
  from: i32,
  to: i32,
  step: i32,
  sampled: i32,
  d: i32,
  column: i32,
  width: f64,
): f64 {
  for (let i = from, filled = 0; i < to; i += step, filled++) {
    const value = valueAt(values, order, i, d, column);
    let place = filled;
    for (; place > 0 && f64At(sample, place - 1) > value; place--) putF64(sample, place, f64At(sample, place - 1));
    putF64(sample, place, value);
  }
  let best = width * 0.125,
    at = to - from < MANY ? Infinity : f64At(sample, sampled >> 1);
  for (let i = sampled / 4; i < (3 * sampled) / 4; i++) {
    const low = f64At(sample, i),
      gap = f64At(sample, i + 1) - low;
    if (gap > best) {
      best = gap;
      at = low + 0.5 * gap;
    }
  }
  return at;
}

/** Puts the rows whose value is below `border` first and returns how many they are. */
function partition(order: usize, values: usize, from: i32, to: i32, d: i32, column: i32, border: f64): i32 {
  let next = from;
  for (let i = from; i < to; i++) {
    if (valueAt(values, order, i, d, column) < border) swap(order, next++, i);
  }
  return next - from;
}

/** Quickselect: the rows before place `middle` are no larger than those from it on. Bounds inclusive. */
export function selectRows(order: usize, values: usize, low: i32, high: i32, middle: i32, d: i32, column: i32): void {
  while (high > low) {
    const pivot = valueAt(values, order, (low + high) >> 1, d, column);
    let i = low,
      j = high;
    while (i <= j) {
      while (valueAt(values, order, i, d, column) < pivot) i++;
      while (valueAt(values, order, j, d, column) > pivot) j--;
      if (i <= j) swap(order, i++, j--);
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}
