import type { Matrix } from "../../bindings/index";
import { Numbers } from "../support/numbers";

/** Two normal classes of n and `few` rows, the second shifted by 1. */
export function twoClasses(seed: number, n: number, few: number, d: number): { X: number[][]; y: string[] } {
  const numbers = new Numbers(seed);
  const X = Array.from({ length: n + few }, (_, i) => Array.from({ length: d }, () => numbers.normal() + (i < n ? 0 : 1)));
  return { X, y: X.map((_, i) => (i < n ? "no" : "yes")) };
}

/** Rows by number, as a user's own code would take them. */
export function taken(data: Matrix, rows: readonly number[]): { X: number[][]; y: string[] } {
  return { X: rows.map((i) => (data.X as number[][])[i]!), y: rows.map((i) => (data.y as string[])[i]!) };
}

/** Row numbers of a random split, four fifths and one. */
export function divided(n: number, seed: number): { trainRows: number[]; testRows: number[] } {
  const numbers = new Numbers(seed + 7);
  const order = Array.from({ length: n }, (_, i) => [numbers.unit(), i] as const).sort(([a], [b]) => a - b);
  const rows = order.map(([, i]) => i);
  const cut = Math.floor(n * 0.8);
  return { trainRows: rows.slice(0, cut), testRows: rows.slice(cut) };
}
