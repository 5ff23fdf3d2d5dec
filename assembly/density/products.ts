import { f64At, putF64, u32At } from "../lanes";

/**
 * Exponents by scalar products: |x − y|² = |x|² + |y|² − 2 x · y takes half the work of differences. Rows and queries are taken relative to the middle of a leaf's box, and what is rounded off is in proportion to
 * |x|² + |y|²; so queries for which that makes exponents of more than `LARGEST` are not for this.
 */
const LARGEST: f64 = 512;

/**
 * products (tiles, d + 1, 8) ← −2 · the cells of packed (tiles, d + 2, 8) relative to the middle of their leaf's box, and their squared lengths. bounds (leaves, d + 2) ← that middle, the largest scale, and the largest
 * scale times squared length.
 */
export function center_tiles(products: usize, bounds: usize, packed: usize, boxes: usize, starts: usize, leaves: i32, d: i32): void {
  for (let leaf = 0; leaf < leaves; leaf++, bounds += (<usize>(d + 2)) << 3, boxes += (<usize>d) << 4) {
    let widest: f64 = 0,
      longest: f64 = 0;
    for (let c = 0; c < d; c++) putF64(bounds, c, 0.5 * f64At(boxes, c) + 0.5 * f64At(boxes, c + d));
    for (let place = u32At(starts, leaf) << 3; place < u32At(starts, leaf + 1) << 3; place++) {
      const tile = <usize>(place >> 3),
        lane = (<usize>(place & 7)) << 3,
        from = packed + ((tile * (d + 2)) << 6) + lane,
        to = products + ((tile * (d + 1)) << 6) + lane,
        scale = f64At(from, d << 3);
      let length: f64 = 0;
      for (let c = 0; c < d; c++) {
        // a scale of 0 is no row's
        const cell = scale == 0 ? 0 : f64At(from, c << 3) - f64At(bounds, c);
        length += cell * cell;
        putF64(to, c << 3, -2 * cell);
      }
      putF64(to, d << 3, length);
      widest = max(widest, scale);
      longest = max(longest, scale * length);
    }
    putF64(bounds, d, widest);
    putF64(bounds, d + 1, longest);
  }
}

/** lane 0 or 1 of placed (d + 1, 2) ← a query (d) relative to the middle of a leaf's box, and its squared length; whether its exponents may be had by products. bounds (d + 2): the leaf's. */
export function place_query(placed: usize, lane: i32, query: usize, bounds: usize, d: i32): bool {
  const to = placed + ((<usize>lane) << 3);
  let length: f64 = 0;
  for (let c = 0; c < d; c++) {
    const cell = f64At(query, c) - f64At(bounds, c);
    length += cell * cell;
    putF64(to, c << 1, cell);
  }
  putF64(to, d << 1, length);
  return length * f64At(bounds, d) + f64At(bounds, d + 1) <= LARGEST;
}

/** out, other (8 · tiles) ← exponents of two placed queries with tiles. */
export function product_exponents(out: usize, other: usize, placed: usize, products: usize, packed: usize, tiles: i32, d: i32): void {
  const end = placed + ((<usize>d) << 4);
  for (; tiles > 0; tiles--, out += 64, other += 64, products += 64, packed += (<usize>(d + 2)) << 6) {
    let s = f64x2.splat(0),
      t = s,
      u = s,
      v = s,
      s2 = s,
      t2 = s,
      u2 = s,
      v2 = s;
    for (let at = placed; at < end; at += 16, products += 64) {
      const x = v128.load64_splat(at),
        x2 = v128.load64_splat(at, 8);
      let y = v128.load(products);
      s = f64x2.add(s, f64x2.mul(x, y));
      s2 = f64x2.add(s2, f64x2.mul(x2, y));
      y = v128.load(products, 16);
      t = f64x2.add(t, f64x2.mul(x, y));
      t2 = f64x2.add(t2, f64x2.mul(x2, y));
      y = v128.load(products, 32);
      u = f64x2.add(u, f64x2.mul(x, y));
      u2 = f64x2.add(u2, f64x2.mul(x2, y));
      y = v128.load(products, 48);
      v = f64x2.add(v, f64x2.mul(x, y));
      v2 = f64x2.add(v2, f64x2.mul(x2, y));
    }
    const scales = packed + ((<usize>d) << 6),
      x = v128.load64_splat(end),
      x2 = v128.load64_splat(end, 8);
    store_exponents(out, other, scales, products, x, x2, s, s2);
    store_exponents(out + 16, other + 16, scales + 16, products + 16, x, x2, t, t2);
    store_exponents(out + 32, other + 32, scales + 32, products + 32, x, x2, u, u2);
    store_exponents(out + 48, other + 48, scales + 48, products + 48, x, x2, v, v2);
  }
}

function store_exponents(out: usize, other: usize, scales: usize, lengths: usize, x: v128, x2: v128, sum: v128, sum2: v128): void {
  const length = v128.load(lengths),
    scale = v128.load(scales),
    bias = v128.load(scales, 64);
  v128.store(out, f64x2.add(f64x2.mul(f64x2.add(f64x2.add(x, length), sum), scale), bias));
  v128.store(other, f64x2.add(f64x2.mul(f64x2.add(f64x2.add(x2, length), sum2), scale), bias));
}
