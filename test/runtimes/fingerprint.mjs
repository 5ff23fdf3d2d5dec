/**
 * One hash over what the package makes of some data: numeric, mixed and missing, smoothed, split, and from a restored generator. Takes the package as an argument, so that
 * every runtime runs this file; the committed hash is in test/golden/fingerprint.json.
 */

/** Numbers from integer arithmetic alone, the same in every runtime. */
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** SHA-256 in hexadecimal. Takes the names of "counterpoise" and of "counterpoise/generator". */
export async function fingerprint({ nearestNeighbors, randomOversample, restoreGenerator, smote, split, table }) {
  const unit = numbers(1);
  const n = 700;
  const X = Float64Array.from({ length: n * 6 }, () => unit() + unit() + unit() - 1.5);
  const y = Array.from({ length: n }, (_, i) => (i % 7 === 0 ? "rare" : i % 3 === 0 ? "some" : "most"));
  const rows = Array.from({ length: n }, (_, i) => ({
    id: `row ${i}`,
    age: 18 + Math.floor(unit() * 60),
    amount: unit() < 0.1 ? null : 1000 * unit() * unit(),
    color: unit() < 0.05 ? null : ["red", "green", "blue", "grey"][Math.floor(unit() * 4)],
    y: y[i],
  }));
  const data = table(rows, { target: "y" });
  const parts = split(data, { seed: 3 });
  const generator = await smote({ seed: 2 ** 40 + 5 }).fit(data);
  const stored = JSON.parse(JSON.stringify(generator));

  const near = async (...asked) => {
    const { indices, distances, notes } = await nearestNeighbors(...asked);
    return [[...indices], [...distances], notes];
  };

  const results = [
    [...(await smote({ seed: 1 }).resample({ X, y, columns: 6 }, { only: "synthetic" })).data.X],
    [...(await smote({ kNeighbors: 3 }).resample({ X: Float32Array.from(X), y, columns: 6 })).data.X],
    (await smote({ seed: 9, missing: "rescale", nominal: "parent" }).resample(data)).data.rows,
    (await smote({ seed: 4, draws: "independent", strategy: { times: { rare: 3 } } }).resample(parts.train)).data.rows,
    [...(await randomOversample({ shrinkage: 0.7, seed: 6 }).resample({ X, y, columns: 6 }, { only: "synthetic" })).data.X],
    (await restoreGenerator(stored).sample("rare", 1000, 1300)).data,
    stored,
    await near({ X, y, columns: 6 }, { kNeighbors: 7 }),
    await near(parts.train, { queries: parts.test, missing: "rescale" }),
    await near(
      table(
        rows.map(({ color }, i) => ({ color, half: i % 2 ? "odd" : "even", y: y[i] })),
        { target: "y" },
      ),
      { kNeighbors: 3 },
    ),
  ];
  const bytes = new TextEncoder().encode(JSON.stringify(results));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
