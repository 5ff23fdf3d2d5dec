import type { Dataset } from "./dataset";

/** The first row with the same features, for each row: u32 (n). Missing cells are equal; found by hashing, exactly. */
export function firstEquals(dataset: Dataset): Uint32Array {
  const { n } = dataset;
  let size = 4;
  while (size < 2 * n) size *= 2;
  const table = new Int32Array(size).fill(-1);
  const firsts = new Uint32Array(n);
  const hashOf = rowHash(dataset);
  for (let i = 0; i < n; i++) {
    let place = hashOf(i) & (size - 1);
    while (table[place]! >= 0 && !equal(dataset, table[place]!, i)) place = (place + 1) & (size - 1);
    if (table[place]! < 0) table[place] = i;
    firsts[i] = table[place]!;
  }
  return firsts;
}

function equal({ schema: { d, q }, numeric, nominal }: Dataset, i: number, j: number): boolean {
  for (let c = 0; c < d; c++) {
    const [x, y] = [numeric[i * d + c]!, numeric[j * d + c]!];
    if (x !== y && (x === x || y === y)) return false;
  }
  for (let c = 0; c < q; c++) if (nominal[i * q + c] !== nominal[j * q + c]) return false;
  return true;
}

/** Hash of a row's features, the same for 0 and −0 and for every missing cell. */
function rowHash({ schema: { d, q }, numeric, nominal }: Dataset): (i: number) => number {
  const number = new Float64Array(1);
  const words = new Uint32Array(number.buffer);
  return (i) => {
    let hash = 0x811c9dc5;
    for (let c = 0; c < d; c++) {
      const value = numeric[i * d + c]!;
      number[0] = value === value ? value + 0 : 0.1;
      hash = mixed(mixed(hash, words[0]!), words[1]!);
    }
    for (let c = 0; c < q; c++) hash = mixed(hash, nominal[i * q + c]!);
    return hash;
  };
}

function mixed(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x01000193) ^ (hash >>> 15);
}
