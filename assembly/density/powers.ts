const MAGIC: f64 = 6755399441055744; // 1.5 · 2⁵²: what is added to it is rounded to a whole number, which is left in the low bits

/**
 * values (8 · tiles) ← 2^(shift − value), for values of at least shift − 1000; not less than 2⁻¹⁰²⁰, which Infinity becomes. Within 1e-15 of the true power of the difference: what is
 * left after its whole part is exact, and a polynomial that meets 2^r at ten Chebyshev points of |r| ≤ ½ is off by 6e-16 at most. As many at a time as registers hold.
 */
export function raise_powers(values: usize, tiles: i32, shift: f64): void {
  const least = f64x2.splat(1020),
    magic = f64x2.splat(MAGIC),
    shifts = f64x2.splat(shift);
  for (const end = values + ((<usize>tiles) << 6); values < end; values += 64) {
    let a = f64x2.pmin(f64x2.sub(v128.load(values), shifts), least),
      aWhole = f64x2.sub(magic, a);
    a = f64x2.sub(f64x2.sub(magic, aWhole), a);
    aWhole = i64x2.shl(aWhole, 52);
    let b = f64x2.pmin(f64x2.sub(v128.load(values, 16), shifts), least),
      bWhole = f64x2.sub(magic, b);
    b = f64x2.sub(f64x2.sub(magic, bWhole), b);
    bWhole = i64x2.shl(bWhole, 52);
    let c = f64x2.pmin(f64x2.sub(v128.load(values, 32), shifts), least),
      cWhole = f64x2.sub(magic, c);
    c = f64x2.sub(f64x2.sub(magic, cWhole), c);
    cWhole = i64x2.shl(cWhole, 52);
    let e = f64x2.pmin(f64x2.sub(v128.load(values, 48), shifts), least),
      eWhole = f64x2.sub(magic, e);
    e = f64x2.sub(f64x2.sub(magic, eWhole), e);
    eWhole = i64x2.shl(eWhole, 52);
    const first = f64x2.splat(7.070977866508138e-9);
    let next = f64x2.splat(1.0205905413765595e-7),
      aSum = f64x2.add(f64x2.mul(first, a), next),
      bSum = f64x2.add(f64x2.mul(first, b), next),
      cSum = f64x2.add(f64x2.mul(first, c), next),
      eSum = f64x2.add(f64x2.mul(first, e), next);
    next = f64x2.splat(1.3215451633221434e-6);
    aSum = f64x2.add(f64x2.mul(aSum, a), next);
    bSum = f64x2.add(f64x2.mul(bSum, b), next);
    cSum = f64x2.add(f64x2.mul(cSum, c), next);
    eSum = f64x2.add(f64x2.mul(eSum, e), next);
    next = f64x2.splat(1.5252672924850737e-5);
    aSum = f64x2.add(f64x2.mul(aSum, a), next);
    bSum = f64x2.add(f64x2.mul(bSum, b), next);
    cSum = f64x2.add(f64x2.mul(cSum, c), next);
    eSum = f64x2.add(f64x2.mul(eSum, e), next);
    next = f64x2.splat(1.5403530424776529e-4);
    aSum = f64x2.add(f64x2.mul(aSum, a), next);
    bSum = f64x2.add(f64x2.mul(bSum, b), next);
    cSum = f64x2.add(f64x2.mul(cSum, c), next);
    eSum = f64x2.add(f64x2.mul(eSum, e), next);
    next = f64x2.splat(1.3333558200794592e-3);
    aSum = f64x2.add(f64x2.mul(aSum, a), next);
    bSum = f64x2.add(f64x2.mul(bSum, b), next);
    cSum = f64x2.add(f64x2.mul(cSum, c), next);
    eSum = f64x2.add(f64x2.mul(eSum, e), next);
    next = f64x2.splat(9.618129107618665e-3);
    aSum = f64x2.add(f64x2.mul(aSum, a), next);
    bSum = f64x2.add(f64x2.mul(bSum, b), next);
    cSum = f64x2.add(f64x2.mul(cSum, c), next);
    eSum = f64x2.add(f64x2.mul(eSum, e), next);
    next = f64x2.splat(0.05550410866465167);
    aSum = f64x2.add(f64x2.mul(aSum, a), next);
    bSum = f64x2.add(f64x2.mul(bSum, b), next);
    cSum = f64x2.add(f64x2.mul(cSum, c), next);
    eSum = f64x2.add(f64x2.mul(eSum, e), next);
    next = f64x2.splat(0.24022650695910075);
    aSum = f64x2.add(f64x2.mul(aSum, a), next);
    bSum = f64x2.add(f64x2.mul(bSum, b), next);
    cSum = f64x2.add(f64x2.mul(cSum, c), next);
    eSum = f64x2.add(f64x2.mul(eSum, e), next);
    next = f64x2.splat(0.6931471805599462);
    aSum = f64x2.add(f64x2.mul(aSum, a), next);
    bSum = f64x2.add(f64x2.mul(bSum, b), next);
    cSum = f64x2.add(f64x2.mul(cSum, c), next);
    eSum = f64x2.add(f64x2.mul(eSum, e), next);
    next = f64x2.splat(1);
    aSum = f64x2.add(f64x2.mul(aSum, a), next);
    bSum = f64x2.add(f64x2.mul(bSum, b), next);
    cSum = f64x2.add(f64x2.mul(cSum, c), next);
    eSum = f64x2.add(f64x2.mul(eSum, e), next);
    v128.store(values, i64x2.add(aSum, aWhole));
    v128.store(values, i64x2.add(bSum, bWhole), 16);
    v128.store(values, i64x2.add(cSum, cWhole), 32);
    v128.store(values, i64x2.add(eSum, eWhole), 48);
  }
}
