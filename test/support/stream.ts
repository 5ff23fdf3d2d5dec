import type { Generator, Label } from "../../bindings/index";
import type { StoredStream } from "../../bindings/resample/stored";

/** What a stored stream says of bases and neighbors, as row numbers of the data. */
export interface Stream {
  /** Rows to grow from, and the share of each. */
  readonly bases: readonly number[];
  readonly shares: readonly number[] | null;
  /** Row numbers, u32 (bases, k). */
  readonly neighbors: readonly (readonly number[])[];
  /** Highest, or lowest below 0, gap of each entry; one for all where they are alike. */
  readonly reaches: readonly number[];
}

/** The stream of a class in a generator, read from its stored form. */
export function streamOf(generator: Generator<unknown>, label: Label): Stream {
  const { schema, streams } = generator.toJSON() as unknown as { schema: { classes: Label[] }; streams: StoredStream[] };
  const stream = streams.find((each) => schema.classes[each.label] === label)!;
  const bytes = (text: string): ArrayBuffer => new Uint8Array(Buffer.from(text, "base64")).buffer;
  const rows = new Uint32Array(bytes(stream.rows));
  const { shares } = stream.bases;
  const table = Array.from(new Uint32Array(bytes(stream.neighbors)), (place) => rows[place]!);
  const { k } = stream;
  const b = table.length / k;
  return {
    bases: [...rows.subarray(0, b)],
    shares: shares === null ? null : [...new Float64Array(bytes(shares))],
    neighbors: Array.from({ length: b }, (_, t) => table.slice(t * k, t * k + k)),
    reaches: stream.spans ? [...new Float64Array(bytes(stream.spans))].filter((_, at) => at % 2) : [1],
  };
}
