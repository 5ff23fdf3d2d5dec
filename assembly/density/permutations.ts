/**
 * sums (8) ← Σ of the cells right of the diagonal, of rows [from, to), between rows of the same group, for eight groupings of n rows: members (n, 8) f64 has all bits set where a row is of the
 * group, none elsewhere. matrix (n, stride), symmetric.
 */
export function sum_groupings(sums: usize, matrix: usize, members: usize, n: i32, stride: i32, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    let s = f64x2.splat(0),
      t = s,
      u = s,
      v = s;
    let cell = matrix + ((<usize>i * stride + i + 1) << 3),
      member = members + ((<usize>(i + 1)) << 6);
    for (const end = members + ((<usize>n) << 6); member < end; member += 64, cell += 8) {
      const value = v128.load64_splat(cell);
      s = f64x2.add(s, v128.and(value, v128.load(member)));
      t = f64x2.add(t, v128.and(value, v128.load(member, 16)));
      u = f64x2.add(u, v128.and(value, v128.load(member, 32)));
      v = f64x2.add(v, v128.and(value, v128.load(member, 48)));
    }
    member = members + ((<usize>i) << 6);
    v128.store(sums, f64x2.add(v128.load(sums), v128.and(s, v128.load(member))));
    v128.store(sums, f64x2.add(v128.load(sums, 16), v128.and(t, v128.load(member, 16))), 16);
    v128.store(sums, f64x2.add(v128.load(sums, 32), v128.and(u, v128.load(member, 32))), 32);
    v128.store(sums, f64x2.add(v128.load(sums, 48), v128.and(v, v128.load(member, 48))), 48);
  }
}
