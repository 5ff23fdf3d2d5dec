import { describe, expect, it } from "vitest";
import {
  adasyn,
  borderlineSmote,
  chain,
  InputError,
  nearestNeighbors,
  nearMiss,
  neighborhoodCleaningRule,
  oneSidedSelection,
  randomOversample,
  randomUndersample,
  smote,
  table,
  tomekLinks,
  type Oversampler,
} from "../../bindings/index";
import { Numbers } from "../support/numbers";
import { squaredDistance } from "../support/oracle";

/** Two overlapping classes in the plane, 40 of 160 rows labelled 1. */
function overlapping(seed: number): { X: number[][]; y: number[] } {
  const numbers = new Numbers(seed);
  const y = Array.from({ length: 160 }, (_, i) => (i % 4 ? 0 : 1));
  return { X: y.map((label) => [numbers.normal() + label, numbers.normal()]), y };
}

/** Rows of other classes among the m nearest of a row. */
function foreignAmong({ X, y }: { X: number[][]; y: number[] }, i: number, m: number): number {
  const others = X.map((_, j) => j).filter((j) => j !== i);
  others.sort((a, b) => squaredDistance(X[i]!, X[a]!) - squaredDistance(X[i]!, X[b]!) || a - b);
  return others.slice(0, m).filter((j) => y[j] !== y[i]).length;
}

describe("faults of other libraries that are not repeated here", () => {
  it("rows in danger are those near the border, not the others (themis #235)", async () => {
    const data = overlapping(1);
    const { origins } = await borderlineSmote({ mNeighbors: 10 }).resample(data, { only: "synthetic" });
    const danger = data.y.flatMap((label, i) => {
      const foreign = foreignAmong(data, i, 10);
      return label === 1 && foreign >= 5 && foreign < 10 ? [i] : [];
    });
    expect([...new Set(origins.base)].sort((a, b) => a - b)).toEqual(danger);
  });

  it("Borderline kind 2 grows from rows of the class alone, also where it leans on others (themis #242, imbalanced-learn #846)", async () => {
    const data = overlapping(2);
    const { origins } = await borderlineSmote({ kind: 2, mNeighbors: 10 }).resample(data, { only: "synthetic" });
    expect(new Set(Array.from(origins.base, (i) => data.y[i]))).toEqual(new Set([1]));
    expect(new Set(Array.from(origins.neighbor, (j) => data.y[j]))).toEqual(new Set([0, 1]));
    origins.neighbor.forEach((j, t) => expect(origins.gap[t]).toBeLessThanOrEqual(data.y[j] ? 1 : 0.5));
  });

  it("a row is never its own neighbor, also among equal rows (themis #247)", async () => {
    const X = [...Array.from({ length: 9 }, () => [1, 1]), [2, 2], ...Array.from({ length: 30 }, (_, i) => [i, -i])];
    const y = X.map((_, i) => (i < 10 ? "few" : "many"));
    const { origins } = await smote({ kNeighbors: 3 }).resample({ X, y }, { only: "synthetic" });
    origins.neighbor.forEach((j, t) => expect(j).not.toBe(origins.base[t]));
  });

  it("a nominal value is the neighbors' vote, the base's own does not count (themis #241)", async () => {
    const rows = Array.from({ length: 24 }, (_, i) => ({ x: i % 12, color: i === 0 ? "red" : "blue", y: i < 7 ? "few" : "many" }));
    const { data } = await smote({ scale: "none" }).resample(table(rows, { target: "y", kinds: { x: "numeric" } }), { only: "synthetic" });
    expect(new Set(data.rows.map(({ color }) => color))).toEqual(new Set(["blue"]));
  });

  it("ADASYN makes as many rows as it is asked for (themis #239, imbalanced-learn #510)", async () => {
    for (const more of [1, 2, 37, 100]) {
      const { origins } = await adasyn({ strategy: { counts: { 1: 40 + more } } }).resample(overlapping(3), { only: "synthetic" });
      expect(origins.base).toHaveLength(more);
    }
  });

  it("ADASYN grows all rows alike where classes are apart, and says so; or says what it lacks if told (themis #240, imbalanced-learn #100, #529)", async () => {
    const X = Array.from({ length: 40 }, (_, i) => [i < 10 ? i : 1000 + i]);
    const apart = { X, y: X.map((_, i) => (i < 10 ? 1 : 0)) };
    const refused = adasyn({ onNoForeign: "error" }).resample(apart);
    await expect(refused).rejects.toBeInstanceOf(InputError);
    await expect(refused).rejects.toThrow(/onNoForeign: "all"/);
    const { origins, notes } = await adasyn().resample(apart, { only: "synthetic" });
    expect(new Set(origins.base).size).toBe(10);
    expect(notes.join()).toMatch(/alike/);
  });

  it("NearMiss goes by distances, not by where rows stand (themis #236)", async () => {
    const { X, y } = overlapping(4);
    const turned = X.map((_, i) => (i * 77) % 160);
    const kept = async (order: readonly number[]): Promise<number[]> => {
      const { origins } = await nearMiss().resample({ X: order.map((i) => X[i]!), y: order.map((i) => y[i]!) });
      return Array.from(origins.base, (row) => order[row]!).sort((a, b) => a - b);
    };
    expect(await kept(turned)).toEqual(await kept(X.map((_, i) => i)));
  });

  it("a distance that is not offered is refused, not computed in another way (themis #244)", async () => {
    await expect(nearestNeighbors({ X: [[1], [2]] }, { kNeighbors: 1, metric: "cosine" as never })).rejects.toThrow(/metric is "cosine"/);
  });

  it("a class of one row is that row, not all rows up to its number (themis #245)", async () => {
    const X = Array.from({ length: 20 }, (_, i) => [i]);
    const data = { X, y: X.map((_, i) => (i === 13 ? 1 : 0)) };
    const { data: made } = await randomOversample().resample(data, { only: "synthetic" });
    expect(new Set(made.X.map(([x]) => x))).toEqual(new Set([13]));
  });

  it("neighborhood cleaning cleans a class of just the threshold (themis audit: > for ≥)", async () => {
    const x = [10, 20, 9.8, 10.1, 10.3, 19.8, 20.1, 20.3, 50, 51, 52, 53, 54, 55, 56];
    const y = ["few", "few", ..."mmmmmm", ..."zzzzzzz"];
    const removed = async (threshold: number): Promise<number> => {
      const { counts } = await neighborhoodCleaningRule({ threshold, strategy: ["m"], allowEmpty: true }).resample({
        X: x.map((value) => [value]),
        y,
      });
      return counts.get("m")!.removed;
    };
    expect([await removed(3), await removed(3.01)]).toEqual([6, 0]);
  });

  it("one-sided selection seeks links once (themis audit: to convergence)", async () => {
    const data = overlapping(5);
    const once = await oneSidedSelection({ seed: 1 }).resample(data);
    const again = await chain(oneSidedSelection({ seed: 1 }), tomekLinks()).resample(data);
    expect(again.origins.base.length).toBeLessThan(once.origins.base.length);
  });

  it("a ratio gives the nearest whole number of rows (themis #248, #119, imbalanced-learn #1215)", async () => {
    const X = Array.from({ length: 18 }, (_, i) => [i]);
    const data = { X, y: X.map((_, i) => (i < 3 ? 1 : 0)) };
    const { counts } = await randomOversample({ strategy: 0.5 }).resample(data);
    expect(counts.get(1)!.after).toBe(8);
  });

  it("a level that no row has costs no rows (themis #238)", async () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ size: i % 2 ? "S" : "L", y: i < 8 ? "few" : "many" }));
    const sizes = table(rows, { target: "y", kinds: { size: "ordinal" }, levels: { size: ["S", "M", "L", "XL"] } });
    const { data, counts } = await randomUndersample().resample(sizes);
    expect([data.rows.length, counts.get("few")!.after, counts.get("many")!.after]).toEqual([16, 8, 8]);
  });

  it("new rows have weights between those of their parents (themis #243)", async () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ x: i, w: 1 + i, y: i < 9 ? 1 : 0 }));
    const { data, origins } = await smote().resample(table(rows, { target: "y", weight: "w" }), { only: "synthetic" });
    data.rows.forEach(({ w }, t) => {
      const [a, b] = [1 + origins.base[t]!, 1 + origins.neighbor[t]!];
      expect(w).toBeGreaterThanOrEqual(Math.min(a, b));
      expect(w).toBeLessThanOrEqual(Math.max(a, b));
    });
  });

  it("rows are grown from evenly (imbalanced-learn #597)", async () => {
    const { origins } = await smote().resample(overlapping(6), { only: "synthetic" });
    const children = new Map<number, number>();
    for (const base of origins.base) children.set(base, (children.get(base) ?? 0) + 1);
    expect(new Set(children.values())).toEqual(new Set([2]));
  });

  it("a resampler is no oversampler: its type is refused where rows are asked for by number", () => {
    const takes = (method: Oversampler): string => method.name;
    // @ts-expect-error: a chain has no stream of rows
    expect(takes(chain(smote(), tomekLinks()))).toBe("chain");
    // @ts-expect-error: nor has what removes rows
    expect(takes(tomekLinks())).toBe("tomekLinks");
    expect(takes(smote())).toBe("smote");
  });
});
