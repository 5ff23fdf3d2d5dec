import { f64At, putF64, putU32, u32At } from "../lanes";
import { NONE } from "./rows";

/**
 * The k nearest rows of each query: distances f64 (n, k) squared, indices u32 (n, k). While a search runs each list is a binary heap whose
 * root is the last by (distance, index); `sort_lists` leaves it ascending. Empty places hold (Infinity, NONE).
 */

export function comesBefore(distance: f64, row: u32, otherDistance: f64, otherRow: u32): bool {
  return distance < otherDistance || (distance == otherDistance && row < otherRow);
}

/** indices, distances (n, k) ← empty lists. */
export function clear_lists(indices: usize, distances: usize, n: i32, k: i32): void {
  memory.fill(indices, 0xff, (<usize>n * k) << 2);
  for (let at = distances, end = distances + ((<usize>n * k) << 3); at < end; at += 8) store<f64>(at, Infinity);
}

/** Lets (distance, row) take the place of the heap's root, which it must come before, among the first `size`. */
export function replaceRoot(indices: usize, distances: usize, size: i32, distance: f64, row: u32): void {
  let place = 0;
  while (true) {
    let child = 2 * place + 1;
    if (child >= size) break;
    let far = f64At(distances, child),
      last = u32At(indices, child);
    if (child + 1 < size) {
      const otherFar = f64At(distances, child + 1),
        other = u32At(indices, child + 1);
      if (comesBefore(far, last, otherFar, other)) {
        far = otherFar;
        last = other;
        child++;
      }
    }
    if (!comesBefore(distance, row, far, last)) break;
    putF64(distances, place, far);
    putU32(indices, place, last);
    place = child;
  }
  putF64(distances, place, distance);
  putU32(indices, place, row);
}

/** Lists [from, to) ← the k first of both sets of lists: what two workers found, in any order and any grouping. */
export function merge_lists(
  indices: usize,
  distances: usize,
  otherIndices: usize,
  otherDistances: usize,
  k: i32,
  from: i32,
  to: i32,
): void {
  for (let i = from; i < to; i++) {
    const near = indices + ((<usize>i * k) << 2),
      far = distances + ((<usize>i * k) << 3);
    for (let p = i * k; p < (i + 1) * k; p++) {
      const row = u32At(otherIndices, p),
        distance = f64At(otherDistances, p);
      if (row != NONE && comesBefore(distance, row, load<f64>(far), load<u32>(near))) replaceRoot(near, far, k, distance, row);
    }
  }
}

/** Lists [from, to) ← ascending by (distance, index). */
export function sort_lists(indices: usize, distances: usize, k: i32, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const near = indices + ((<usize>i * k) << 2),
      far = distances + ((<usize>i * k) << 3);
    for (let size = k - 1; size > 0; size--) {
      const distance = f64At(far, size),
        row = u32At(near, size);
      putF64(far, size, load<f64>(far));
      putU32(near, size, load<u32>(near));
      replaceRoot(near, far, size, distance, row);
    }
  }
}
