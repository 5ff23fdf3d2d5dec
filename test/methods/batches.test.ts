import { describe, expect, it } from "vitest";
import { balancedBatches, InputError, smote, type Batch, type Data } from "../../bindings/index";
import { inLayout, LAYOUTS, plainData, plainOf } from "../support/layouts";

const plain = plainData(["numeric", "integer"], false);

async function all<D extends Data>(batches: AsyncIterable<Batch<D>>): Promise<Batch<D>[]> {
  const list: Batch<D>[] = [];
  for await (const batch of batches) list.push(batch);
  return list;
}

describe("balancedBatches", () => {
  it.each(LAYOUTS)(
    "as %s: every original once an epoch, classes even in every batch, new synthetic rows in every epoch",
    async (layout) => {
      const data = inLayout(layout, plain);
      const batches = await all(balancedBatches(data, { batchSize: 24, oversampler: smote({ seed: 5 }), epochs: 2, seed: 1 }));
      expect(batches.map(({ data: part }) => plainOf(part).labels.length)).toEqual([24, 24, 24, 24, 24, 24, 24, 24, 24, 24]);
      const fresh: string[] = [];
      for (const epoch of [0, 1]) {
        const originals: number[] = [];
        for (const { data: part, origins } of batches.filter((batch) => batch.epoch === epoch)) {
          const { labels, cells } = plainOf(part);
          for (const label of ["a", "b", "c"]) expect(Math.abs(labels.filter((own) => own === label).length - 8)).toBeLessThanOrEqual(1);
          labels.forEach((label, i) => {
            if (origins.kind[i]) fresh.push(String(cells[i]));
            else originals.push(origins.base[i]!);
            expect(label).toBe(plain.labels[origins.base[i]!]);
          });
        }
        expect(originals.sort((a, b) => a - b)).toEqual(plain.labels.map((_, i) => i));
      }
      expect(fresh).toHaveLength(2 * 54);
      // the numeric column alone tells them apart
      expect(new Set(fresh).size).toBe(fresh.length);
    },
  );

  it("gives the same batches for the same seeds, others for others", async () => {
    const data = inLayout("nested", plain);
    const text = async (seed: number): Promise<string> =>
      JSON.stringify((await all(balancedBatches(data, { seed }))).map((batch) => batch.data));
    expect(await text(3)).toBe(await text(3));
    expect(await text(3)).not.toBe(await text(4));
  });

  it("goes on for ever if told to, and stops with the caller or the signal", async () => {
    const data = inLayout("Float32Array", plain);
    let seen = 0;
    for await (const { data: part } of balancedBatches(data, { epochs: Infinity, batchSize: 50 })) {
      expect("X" in part && part.X).toBeInstanceOf(Float32Array);
      if (++seen === 20) break;
    }
    const stop = new AbortController();
    const batches = balancedBatches(data, { epochs: Infinity }, { signal: stop.signal });
    await batches.next();
    stop.abort("enough");
    await expect(batches.next()).rejects.toBe("enough");
  });

  it.each([
    [{ batchSize: 0 }, /batchSize is 0/],
    [{ epochs: 0.5 }, /epochs is 0.5/],
    [{ oversampler: "smote" }, /oversampler is "smote"/],
    [{ batch: 3 }, /no option "batch"; did you mean "batchSize"/],
  ])("refuses %o", async (options, message) => {
    const first = balancedBatches(inLayout("nested", plain), options as never).next();
    await expect(first).rejects.toThrow(message);
    await expect(first).rejects.toBeInstanceOf(InputError);
  });
});
