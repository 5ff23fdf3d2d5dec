/** Whether neighbor lists are right: distances are computed here, in f64 and column by column, whoever found the neighbors. */
const TOLERANCE = 1e-9;

/** (n, k): distances of the rows named in each list, in order of size; infinite where nobody is named. */
export function distancesOf({ X, columns }, indices, k) {
  const n = X.length / columns;
  const distances = Float64Array.from(indices, (other, at) => {
    if (other >= n) return Infinity;
    const [a, b] = [Math.floor(at / k) * columns, other * columns];
    let squared = 0;
    for (let c = 0; c < columns; c++) squared += (X[a + c] - X[b + c]) ** 2;
    return Math.sqrt(squared);
  });
  for (let i = 0; i < n; i++) distances.subarray(i * k, (i + 1) * k).sort();
  return distances;
}

/** Share of the neighbors that are no farther than the k-th nearest: rows at the same distance are as good as each other. */
export function recallOf(exact, distances, k) {
  let found = 0;
  for (let at = 0; at < distances.length; at++) {
    const farthest = exact[at - (at % k) + k - 1];
    if (distances[at] <= farthest * (1 + TOLERANCE)) found++;
  }
  return found / distances.length;
}

/** Throws where ours are farther than somebody else's neighbors, or, with `same`, nearer. */
export function assertNearest(cell, ours, theirs, whose, k, same) {
  for (let at = 0; at < ours.length; at++) {
    const [own, other] = [ours[at], theirs[at]];
    if (own <= other * (1 + TOLERANCE) && !(same && other > own * (1 + TOLERANCE))) continue;
    throw new Error(`${cell}: neighbor ${at % k} of row ${Math.floor(at / k)} is at ${own}, but ${whose} found one at ${other}.`);
  }
}
