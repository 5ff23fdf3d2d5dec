import { describe, expect, it } from "vitest";
import { nearestNeighbors } from "../bindings/index";
import { Numbers } from "./support/numbers";
import { squaredDistance, rowsOf } from "./support/oracle";

/** The k nearest of every row by plain loops and one sorted list a row, as one would write it without help. */
function plainly(rows: readonly Float64Array[], k: number): Uint32Array {
  const found = new Uint32Array(rows.length * k);
  const near = new Float64Array(k);
  rows.forEach((row, i) => {
    near.fill(Infinity);
    for (let j = 0; j < rows.length; j++) {
      if (j === i) continue;
      const far = squaredDistance(row, rows[j]!);
      if (far >= near[k - 1]!) continue;
      let place = k - 1;
      for (; place > 0 && near[place - 1]! > far; place--) {
        near[place] = near[place - 1]!;
        found[i * k + place] = found[i * k + place - 1]!;
      }
      near[place] = far;
      found[i * k + place] = j;
    }
  });
  return found;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}

describe("the kernels are worth it", () => {
  // measured: about 22 times each; the bar is where something must have broken
  it.each([
    [3000, 2, 7],
    [2000, 10, 7],
    [2000, 64, 7],
  ])("%i rows of %i columns: %i times as fast as plain loops, on one thread, in the same run", async (n, d, times) => {
    const X = new Numbers(d).block(n, d);
    const rows = rowsOf(X, d);
    const plain: number[] = [];
    const ours: number[] = [];
    let [expected, found] = [new Uint32Array(0), new Uint32Array(0)];
    for (let turn = 0; turn < 5; turn++) {
      const start = performance.now();
      expected = plainly(rows, 5) as typeof expected;
      const middle = performance.now();
      found = (await nearestNeighbors({ X, columns: d }, {}, { threads: 1 })).indices as typeof found;
      plain.push(middle - start);
      ours.push(performance.now() - middle);
    }
    expect(found).toEqual(expected);
    const ratio = median(plain) / median(ours);
    console.info(`${n} × ${d}: ${ratio.toFixed(1)} times as fast as plain loops`);
    expect(ratio).toBeGreaterThan(times);
  });
});
