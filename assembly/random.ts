import { logOf } from "./special";

/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3; SC 2011). Counter-based: a draw is a function of
 * what it is for, so it depends on no order, block or thread.
 */

/** Words 0 and 1 (`half` 0) or 2 and 3 (`half` 1) of the block with counter (c0, c1, c2, c3) under key (k0, k1); the lower word in the low bits. */
export function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32, half: i32): u64 {
  for (let round = 0; round < 10; round++) {
    const left = <u64>c0 * 0xd2511f53,
      right = <u64>c2 * 0xcd9e8d57;
    c0 = (<u32>(right >> 32)) ^ c1 ^ k0;
    c1 = <u32>right;
    c2 = (<u32>(left >> 32)) ^ c3 ^ k1;
    c3 = <u32>left;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  return half ? ((<u64>c3) << 32) | c2 : ((<u64>c1) << 32) | c0;
}

/** The 64 random bits of (seed, purpose, label, row t, slot); t below 2⁵³, purpose below 256, slot below 2²⁴. */
export function draw(seedLow: u32, seedHigh: u32, purpose: u32, label: u32, t: u64, slot: u32): u64 {
  assert(purpose < 256 && slot < 0x1000000, "draw: purpose or slot too large");
  return philox(<u32>t, <u32>(t >> 32), label, (purpose << 24) | slot, seedLow, seedHigh, 0);
}

/** Uniform on [0, 1), a multiple of 2⁻⁵³. */
export function unitOf(bits: u64): f64 {
  return <f64>(bits >> 11) * 1.1102230246251565e-16;
}

/**
 * A standard normal deviate of (seed, purpose, label, row t, slot), by the polar method (Marsaglia, Bray 1964): a point of the square is drawn, again in the next
 * block of the same slot, until it lies in the circle; three in four do.
 */
export function normal(seedLow: u32, seedHigh: u32, purpose: u32, label: u32, t: u64, slot: u32): f64 {
  const kind = (purpose << 24) | slot;
  let x: f64 = 0,
    square: f64 = 0;
  for (let attempt: u32 = 0; !(square > 0 && square < 1); attempt++) {
    const high = (<u32>(t >> 32)) | (attempt << 21);
    x = 2 * unitOf(philox(<u32>t, high, label, kind, seedLow, seedHigh, 0)) - 1;
    const y = 2 * unitOf(philox(<u32>t, high, label, kind, seedLow, seedHigh, 1)) - 1;
    square = x * x + y * y;
  }
  return x * sqrt((-2 * logOf(square, 0)) / square);
}

/** units (m) ← uniform draws of rows from, from + 1, … */
export function draw_units(units: usize, m: i32, seedLow: u32, seedHigh: u32, purpose: u32, label: u32, from: f64): void {
  const first = <u64>from;
  for (let t = 0; t < m; t++) store<f64>(units + ((<usize>t) << 3), unitOf(draw(seedLow, seedHigh, purpose, label, first + t, 0)));
}
