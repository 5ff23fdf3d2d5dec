import { f64At, putF64, u32At } from "../lanes";

/**
 * Rows eight by eight, column by column: a tile is (d + 2, 8) f64, and holds below the d cells of its rows what squared (Gaussian) or absolute (Laplacian) distances are multiplied by, and what
 * is then added, to make exponents of ½. What a tile lacks has the exponent Infinity.
 */

/** packed (tiles, d + 2, 8) ← the rows (d) that `order` (tiles · 8) names, their scales and biases; NONE for none. */
export function pack_tiles(packed: usize, rows: usize, scales: usize, biases: usize, order: usize, tiles: i32, d: i32): void {
  for (let place = 0; place < tiles << 3; place++) {
    const i = u32At(order, place),
      tile = packed + ((<usize>(place >> 3) * (d + 2)) << 6) + ((<usize>(place & 7)) << 3);
    for (let c = 0; c < d; c++) putF64(tile, c << 3, i == NONE ? 0 : f64At(rows, i * d + c));
    putF64(tile, d << 3, i == NONE ? 0 : f64At(scales, i));
    putF64(tile, (d + 1) << 3, i == NONE ? Infinity : f64At(biases, i));
  }
}

export const NONE: u32 = 0xffffffff;

/** out (8 · tiles) ← exponents of one query (d) with packed tiles: scale · Σ (difference² or |difference|) + bias, summed in column order. */
export function exponents(out: usize, query: usize, packed: usize, tiles: i32, d: i32, laplacian: bool): void {
  const end = query + ((<usize>d) << 3);
  for (; tiles > 0; tiles--, out += 64, packed += 128) {
    let s = f64x2.splat(0),
      t = s,
      u = s,
      v = s;
    if (laplacian) {
      for (let x = query; x < end; x += 8, packed += 64) {
        const value = v128.load64_splat(x);
        s = f64x2.add(s, f64x2.abs(f64x2.sub(value, v128.load(packed))));
        t = f64x2.add(t, f64x2.abs(f64x2.sub(value, v128.load(packed, 16))));
        u = f64x2.add(u, f64x2.abs(f64x2.sub(value, v128.load(packed, 32))));
        v = f64x2.add(v, f64x2.abs(f64x2.sub(value, v128.load(packed, 48))));
      }
    } else {
      for (let x = query; x < end; x += 8, packed += 64) {
        const value = v128.load64_splat(x);
        const a = f64x2.sub(value, v128.load(packed)),
          b = f64x2.sub(value, v128.load(packed, 16)),
          c = f64x2.sub(value, v128.load(packed, 32)),
          e = f64x2.sub(value, v128.load(packed, 48));
        s = f64x2.add(s, f64x2.mul(a, a));
        t = f64x2.add(t, f64x2.mul(b, b));
        u = f64x2.add(u, f64x2.mul(c, c));
        v = f64x2.add(v, f64x2.mul(e, e));
      }
    }
    v128.store(out, f64x2.add(f64x2.mul(s, v128.load(packed)), v128.load(packed, 64)));
    v128.store(out, f64x2.add(f64x2.mul(t, v128.load(packed, 16)), v128.load(packed, 80)), 16);
    v128.store(out, f64x2.add(f64x2.mul(u, v128.load(packed, 32)), v128.load(packed, 96)), 32);
    v128.store(out, f64x2.add(f64x2.mul(v, v128.load(packed, 48)), v128.load(packed, 112)), 48);
  }
}
