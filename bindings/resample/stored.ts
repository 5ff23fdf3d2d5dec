import type { Schema } from "../data/dataset";
import type { Rule } from "./choices";

export const FORMAT = "counterpoise generator";
export const VERSION = 1;

/** A stream as plain data: arrays of numbers as base64 of their little-endian bytes, so that every bit survives. */
export interface StoredStream {
  label: number;
  k: number;
  rows: string;
  numeric: string;
  nominal: string;
  neighbors: string;
  lists?: string;
  spans?: string;
  weights: string | null;
  carried: unknown[][];
  bases: { draws: "even" | "independent"; shares: string | null };
  rule: Exclude<Rule, { name: "jitter" }> | { name: "jitter"; spreads: string };
}

/** The schema with its cells packed or unpacked: labels, levels and bounds. */
export function mapSchema({ classes, columns, ...rest }: Schema, change: (cell: unknown) => unknown): object {
  return {
    ...rest,
    classes: Array.from(classes, change),
    columns: Array.from(columns, ({ levels, bounds, ...column }) => ({
      ...column,
      ...(levels && { levels: Array.from(levels, change) }),
      ...(bounds && { bounds: Array.from(bounds, change) }),
    })),
  };
}
