/** Addressing helpers, always inlined: element `i` of an array at `base`. */

export function f32At(base: usize, i: i32): f32 {
  return load<f32>(base + ((<usize>i) << 2));
}

export function f64At(base: usize, i: i32): f64 {
  return load<f64>(base + ((<usize>i) << 3));
}

export function u32At(base: usize, i: i32): u32 {
  return load<u32>(base + ((<usize>i) << 2));
}

export function putF32(base: usize, i: i32, value: f32): void {
  store<f32>(base + ((<usize>i) << 2), value);
}

export function putF64(base: usize, i: i32, value: f64): void {
  store<f64>(base + ((<usize>i) << 3), value);
}

export function putU32(base: usize, i: i32, value: u32): void {
  store<u32>(base + ((<usize>i) << 2), value);
}
