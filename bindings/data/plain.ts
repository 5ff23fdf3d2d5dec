import { show } from "../check";
import { InputError } from "../errors";
import type { Schema } from "./dataset";
import { ARRAY_NAME } from "./write";

/* Encoded data as plain data that survives JSON. */

/** A schema with its cells packed or unpacked: labels, levels and bounds. */
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

/** Whether rows can be written by a schema. */
export function isWhole(schema: Schema): boolean {
  const { layout, columns, classes, labelArray, d, q, carried } = schema;
  const places = { numeric: 0, nominal: 0, carried: 0 };
  const known = columns.every(({ name, kind, levels, array, missing, role, place }) => {
    const block = role === "target" || role === "weight" ? undefined : !kind ? "carried" : kind === "nominal" ? "nominal" : "numeric";
    const levelled = kind === "nominal" || kind === "ordinal";
    return (!block || places[block]++ === place) && levelled === !!levels && ARRAY_NAME.test(array) && !!(name + missing);
  });
  const fits = known && places.numeric === d && places.nominal === q && places.carried === carried;
  return fits && /^(nested|flat|rows|columns)$/.test(layout) && ARRAY_NAME.test(labelArray) && classes.length > 0;
}

/** A cell as JSON can hold it. */
export function pack(cell: unknown): unknown {
  if (cell instanceof Date) return { date: cell.getTime() };
  if (typeof cell === "bigint") return { bigint: String(cell) };
  if (cell === undefined) return { undefined: true };
  if (typeof cell === "number" && (!Number.isFinite(cell) || Object.is(cell, -0)))
    return { number: Object.is(cell, -0) ? "-0" : String(cell) };
  if (typeof cell === "object" && cell !== null) {
    throw new InputError(
      "GENERATOR",
      `A carried column holds ${show(cell)}, which cannot be stored; leave that column out of the table before fitting.`,
    );
  }
  return cell;
}

/** Numbers as base64 of their little-endian bytes, so that every bit survives. */
export function toText(numbers: Float64Array | Uint32Array): string {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}

/** What `pack` was given. */
export function unpack(cell: unknown): unknown {
  if (typeof cell !== "object" || cell === null) return cell;
  const packed = cell as { date?: number; bigint?: string; number?: string };
  if (packed.date !== undefined) return new Date(packed.date);
  if (packed.bigint !== undefined) return BigInt(packed.bigint);
  return packed.number === undefined ? undefined : Number(packed.number);
}

type TypeOf<T> = { new (buffer: ArrayBuffer): T };

/** What `toText` was given; null for no text. */
export function fromText<T>(type: TypeOf<T>, text: string): T;
export function fromText<T>(type: TypeOf<T>, text: string | null | undefined): T | null;
export function fromText<T>(type: TypeOf<T>, text: string | null | undefined): T | null {
  if (text == null) return null;
  const bytes = atob(text);
  const copy = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) copy[at] = bytes.charCodeAt(at);
  return new type(copy.buffer);
}
