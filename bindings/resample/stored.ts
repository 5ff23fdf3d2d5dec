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
  gaps?: "halved";
  weights: string | null;
  carried: unknown[][];
  bases: { draws: "even" | "independent"; shares: string | null };
  rule: Exclude<Rule, { spreads: Float64Array }> | (Omit<Rule, "spreads"> & { spreads: string });
}
