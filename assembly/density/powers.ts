/** What is added to numbers to round them (1.5 · 2⁵²: whole numbers are left in the low bits), the largest exponent, and coefficients. V8 makes a constant of the code anew wherever it is used: read from memory they take a quarter of the time less. */
const CONSTANTS = memory.data<f64>([
  6755399441055744, 1020, 0.6931471805599462, 0.24022650695910075, 0.05550410866465167, 9.618129107618665e-3, 1.3333558200794592e-3,
  1.5403530424776529e-4, 1.5252672924850737e-5, 1.3215451633221434e-6, 1.0205905413765595e-7, 7.070977866508138e-9, 1,
]);

/**
 * values (8 · tiles) ← 2^(shift − value), for values of at least shift − 1000; not less than 2⁻¹⁰²⁰, which Infinity becomes. Returns their sum. Within 1e-15 of the true power of the difference: what is
 * left after its whole part is exact, and a polynomial that meets 2^r at ten Chebyshev points of |r| ≤ ½ is off by 6e-16 at most; its terms in pairs, because what waits for what comes before is most of the time.
 */
export function raise_powers(values: usize, tiles: i32, shift: f64): f64 {
  const shifts = f64x2.splat(shift);
  let s = f64x2.splat(0),
    t = s;
  for (const end = values + ((<usize>tiles) << 6); values < end; values += 64) {
    const magic = v128.load64_splat(CONSTANTS),
      most = v128.load64_splat(CONSTANTS + 8),
      aValue = f64x2.pmin(f64x2.sub(v128.load(values), shifts), most),
      aWhole = f64x2.sub(magic, aValue),
      a = f64x2.sub(f64x2.sub(magic, aWhole), aValue),
      aSquare = f64x2.mul(a, a),
      aFourth = f64x2.mul(aSquare, aSquare),
      bValue = f64x2.pmin(f64x2.sub(v128.load(values, 16), shifts), most),
      bWhole = f64x2.sub(magic, bValue),
      b = f64x2.sub(f64x2.sub(magic, bWhole), bValue),
      bSquare = f64x2.mul(b, b),
      bFourth = f64x2.mul(bSquare, bSquare),
      cValue = f64x2.pmin(f64x2.sub(v128.load(values, 32), shifts), most),
      cWhole = f64x2.sub(magic, cValue),
      c = f64x2.sub(f64x2.sub(magic, cWhole), cValue),
      cSquare = f64x2.mul(c, c),
      cFourth = f64x2.mul(cSquare, cSquare),
      eValue = f64x2.pmin(f64x2.sub(v128.load(values, 48), shifts), most),
      eWhole = f64x2.sub(magic, eValue),
      e = f64x2.sub(f64x2.sub(magic, eWhole), eValue),
      eSquare = f64x2.mul(e, e),
      eFourth = f64x2.mul(eSquare, eSquare);
    let first = v128.load64_splat(CONSTANTS + 16),
      second = v128.load64_splat(CONSTANTS + 24),
      aLow = f64x2.add(first, f64x2.mul(second, a)),
      bLow = f64x2.add(first, f64x2.mul(second, b)),
      cLow = f64x2.add(first, f64x2.mul(second, c)),
      eLow = f64x2.add(first, f64x2.mul(second, e));
    first = v128.load64_splat(CONSTANTS + 32);
    second = v128.load64_splat(CONSTANTS + 40);
    aLow = f64x2.add(aLow, f64x2.mul(f64x2.add(first, f64x2.mul(second, a)), aSquare));
    bLow = f64x2.add(bLow, f64x2.mul(f64x2.add(first, f64x2.mul(second, b)), bSquare));
    cLow = f64x2.add(cLow, f64x2.mul(f64x2.add(first, f64x2.mul(second, c)), cSquare));
    eLow = f64x2.add(eLow, f64x2.mul(f64x2.add(first, f64x2.mul(second, e)), eSquare));
    first = v128.load64_splat(CONSTANTS + 48);
    second = v128.load64_splat(CONSTANTS + 56);
    let aHigh = f64x2.add(first, f64x2.mul(second, a));
    let bHigh = f64x2.add(first, f64x2.mul(second, b));
    let cHigh = f64x2.add(first, f64x2.mul(second, c));
    let eHigh = f64x2.add(first, f64x2.mul(second, e));
    first = v128.load64_splat(CONSTANTS + 64);
    second = v128.load64_splat(CONSTANTS + 72);
    aHigh = f64x2.add(aHigh, f64x2.mul(f64x2.add(first, f64x2.mul(second, a)), aSquare));
    bHigh = f64x2.add(bHigh, f64x2.mul(f64x2.add(first, f64x2.mul(second, b)), bSquare));
    cHigh = f64x2.add(cHigh, f64x2.mul(f64x2.add(first, f64x2.mul(second, c)), cSquare));
    eHigh = f64x2.add(eHigh, f64x2.mul(f64x2.add(first, f64x2.mul(second, e)), eSquare));
    first = v128.load64_splat(CONSTANTS + 80);
    second = v128.load64_splat(CONSTANTS + 88);
    aHigh = f64x2.add(aHigh, f64x2.mul(f64x2.add(first, f64x2.mul(second, a)), aFourth));
    bHigh = f64x2.add(bHigh, f64x2.mul(f64x2.add(first, f64x2.mul(second, b)), bFourth));
    cHigh = f64x2.add(cHigh, f64x2.mul(f64x2.add(first, f64x2.mul(second, c)), cFourth));
    eHigh = f64x2.add(eHigh, f64x2.mul(f64x2.add(first, f64x2.mul(second, e)), eFourth));
    first = v128.load64_splat(CONSTANTS + 96);
    aLow = i64x2.add(f64x2.add(f64x2.mul(f64x2.add(aLow, f64x2.mul(aHigh, aFourth)), a), first), i64x2.shl(aWhole, 52));
    bLow = i64x2.add(f64x2.add(f64x2.mul(f64x2.add(bLow, f64x2.mul(bHigh, bFourth)), b), first), i64x2.shl(bWhole, 52));
    cLow = i64x2.add(f64x2.add(f64x2.mul(f64x2.add(cLow, f64x2.mul(cHigh, cFourth)), c), first), i64x2.shl(cWhole, 52));
    eLow = i64x2.add(f64x2.add(f64x2.mul(f64x2.add(eLow, f64x2.mul(eHigh, eFourth)), e), first), i64x2.shl(eWhole, 52));
    v128.store(values, aLow);
    v128.store(values, bLow, 16);
    v128.store(values, cLow, 32);
    v128.store(values, eLow, 48);
    s = f64x2.add(f64x2.add(s, aLow), cLow);
    t = f64x2.add(f64x2.add(t, bLow), eLow);
  }
  s = f64x2.add(s, t);
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}
