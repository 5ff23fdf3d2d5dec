import type { Desk, Near } from "./both";

/** Kinds of rows by how many of their five nearest are of their class (Napierala and Stefanowski 2016). */
export interface RowTypes {
  /** Four or five. */
  readonly safe: number;
  /** Two or three, or one that has more of the class about it. */
  readonly borderline: number;
  /** One, which has no other of the class among its own five, or only this row: a pair or three rows among others. */
  readonly rare: number;
  /** None. */
  readonly outlier: number;
}

export const TYPE_NEIGHBORS = 5;

/** How many of the rows, all of one class, are of which kind among the reference. Fewer neighbors than five count as shares of five. */
export async function rowTypes(desk: Desk, rows: Uint32Array, reference: Uint32Array): Promise<RowTypes> {
  const { labels } = desk.both.data;
  const near = await desk.nearest(rows, reference, TYPE_NEIGHBORS);
  const kinOf = (found: Near, t: number, code: number): number[] =>
    Array.from(found.indices.subarray(t * found.k, (t + 1) * found.k)).filter((row) => labels[row] === code);
  const counts = { safe: 0, borderline: 0, rare: 0, outlier: 0 };
  const lone: [row: number, friend: number][] = [];
  rows.forEach((row, t) => {
    const kin = kinOf(near, t, labels[row]!);
    const share = near.k ? (kin.length * TYPE_NEIGHBORS) / near.k : 0;
    if (share > 3) counts.safe++;
    else if (kin.length === 1) lone.push([row, kin[0]!]);
    else if (kin.length > 0) counts.borderline++;
    else counts.outlier++;
  });
  const friends = Uint32Array.from(new Set(lone.map(([, friend]) => friend))).sort();
  const theirs = await desk.nearest(friends, reference, TYPE_NEIGHBORS);
  const kinOfFriend = new Map([...friends].map((friend, t) => [friend, kinOf(theirs, t, labels[friend]!)]));
  for (const [row, friend] of lone) {
    if (kinOfFriend.get(friend)!.some((other) => other !== row)) counts.borderline++;
    else counts.rare++;
  }
  return counts;
}
