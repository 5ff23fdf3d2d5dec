import { inspect, type Generator, type Oversampler, type Progress, type Resampled, type Sample, type Strategy } from "../bindings/index";
import type { ReportParts } from "../bindings/report";
import { tableOptions, threadsOf, UsageError, type Words } from "./arguments";
import { openFile, openStandardOutput, type Output } from "./files";
import { methodOf } from "./methods";
import type { Bar } from "./progress";
import { openPage, projected } from "./report";
import { callsOf, Code } from "./reproduce";
import { openSource, type Source } from "./source";
import { balanceJson, balanceSummary, countsOf, type Facts } from "./summary";
import { formatOf, openTable, ORIGIN_COLUMNS, type ReadTable, type Table } from "./tables";

/** Rows made, and rows written, at a time: a batch brings the class into the kernels' memory, and texts should be gone soon. */
const BATCH = 4096;
const LINES = 512;
/** Rows of a class that a report can draw. */
const DRAWN = 160;

/** counterpoise balance: reads twice, fits, copies the originals and adds rows; returns what to print where. */
export async function balance(words: Words, input: string, signal: AbortSignal, bar: Bar): Promise<{ stdout: string; stderr: string }> {
  if (words.json && words.output === undefined) {
    throw new UsageError("--json prints on standard output, where the table goes too; name a file for the table with -o OUT.csv.");
  }
  const { method, sees, call } = methodOf(words);
  const source = await openSource(input);
  checkOutputName(source, words);
  const opened = await openTable(source, words);
  const options = tableOptions(words, opened.names);
  const taken = words.origins && ORIGIN_COLUMNS.find((name) => opened.names.includes(name));
  if (taken) throw new UsageError(`--origins adds a column ${taken}, which the table has already; rename it first.`);
  const streams = "fit" in method;
  if (!streams && words["only-synthetic"]) {
    throw new UsageError(
      `--only-synthetic leaves out what ${method.name} leaves of the originals; it goes with methods that only add rows.`,
    );
  }
  const page = openPage(words, input);
  const output = words.output === undefined ? openStandardOutput() : openFile(words.output);
  const wanted = sees === "all" || page ? "all rows" : ((method.options["strategy"] ?? "auto") as Strategy);
  const read = await opened.read(options, streams ? wanted : "whole table", bar.show);
  const run = {
    signal,
    threads: threadsOf(words.threads),
    onProgress: ({ done, total }: Progress) => bar.show(streams ? "finding neighbors" : "resampling", done, total),
  };
  const { changes, notes, samples } = streams
    ? await addRows(output, source, read, (await (method as Oversampler).fit(read.data, run)) as Generator<Table>, words, signal, bar)
    : await writeResampled(output, read, (await method.resample(read.data, run)) as Resampled<Table>, words, bar);
  await output.finish();
  bar.clear();
  const facts: Facts = { input: source.name, read, method, changes, notes, output: words.output };
  const calls = callsOf(words, input, options, new Code(`${call.text}.resample(data)`, call.names));
  const told = page ? await page.write(async () => ({ ...(await partsOf(facts, await samples())), calls })) : "";
  if (words.output === undefined) return { stdout: "", stderr: balanceSummary(facts, process.stderr) + told };
  return { stdout: words.json ? balanceJson(facts) : balanceSummary(facts, process.stdout) + told, stderr: "" };
}

/** What a page shows of a run. */
async function partsOf(facts: Facts, samples: readonly Sample<Table>[]): Promise<Omit<ReportParts, "calls">> {
  const { input, read, method } = facts;
  const inspected = inspect(read.data);
  const counts = new Map(countsOf(facts).map(({ label, ...count }) => [label, count]));
  const { projection, notes } = await projected(read.data, samples, method);
  return { title: `${input} balanced by ${method.name}`, inspected, resampled: { counts, notes: facts.notes }, projection, notes };
}

function checkOutputName(source: Source, { output, format }: Words): void {
  if (output === undefined || format !== undefined) return;
  const [from, to] = [formatOf(source.name, undefined), formatOf(output, undefined)];
  if (/\.(csv|tsv|tab|jsonl|ndjson)(\.gz)?$/i.test(output) && (from === "jsonl") !== (to === "jsonl")) {
    throw new UsageError(`${output} is named as ${to}, but the table is written as it was read, as ${from}; name it so.`);
  }
}

interface Told extends Pick<Facts, "changes" | "notes"> {
  /** What was made, or its beginning, for a picture. */
  readonly samples: () => Promise<readonly Sample<Table>[]>;
}

async function addRows(
  output: Output,
  source: Source,
  read: ReadTable,
  generator: Generator<Table>,
  words: Words,
  signal: AbortSignal,
  bar: Bar,
): Promise<Told> {
  await writeOriginals(output, source, read, words, bar);
  await writeMade(output, generator, read, words, signal, bar);
  const changes = new Map([...generator.counts].map(([label, added]) => [label, { added, removed: 0 }]));
  const nothing = [...generator.counts.values()].every((count) => count === 0);
  const samples = (): Promise<readonly Sample<Table>[]> =>
    Promise.all([...generator.counts].flatMap(([label, count]) => (count ? [generator.sample(label, 0, Math.min(count, DRAWN))] : [])));
  return { changes, notes: [...generator.notes, ...(nothing ? ["No rows were added: the strategy asks for none."] : [])], samples };
}

/** The originals that stay, as they were, and behind them whatever was made. */
async function writeResampled(output: Output, read: ReadTable, result: Resampled<Table>, words: Words, bar: Bar): Promise<Told> {
  const { kind, base } = result.origins;
  const told = words.origins ?? false;
  const times = new Uint32Array(read.rows);
  kind.forEach((made, i) => (made ? undefined : times[base[i]!]!++));
  await output.write(read.heading(told));
  for await (const text of read.originals(bar.show, told, times)) await output.write(text);
  const stay = kind.includes(1) ? kind.indexOf(1) : kind.length;
  for (let i = stay; i < kind.length; i += LINES) {
    await output.write(read.made(result, told, i, Math.min(kind.length, i + LINES)));
    bar.show("adding rows", i - stay, kind.length - stay);
  }
  return { changes: result.counts, notes: result.notes, samples: () => Promise.resolve([result]) };
}

async function writeOriginals(output: Output, source: Source, read: ReadTable, words: Words, bar: Bar): Promise<void> {
  if (words["only-synthetic"]) return output.write(read.heading(words.origins ?? false));
  if (words.origins) {
    await output.write(read.heading(true));
    for await (const text of read.originals(bar.show, true)) await output.write(text);
    return;
  }
  let last: number | undefined;
  for await (const bytes of source.bytes((done) => bar.show("writing", done, source.size))) {
    await output.write(bytes);
    last = bytes[bytes.length - 1] ?? last;
  }
  if (last !== LINE_FEED && last !== CARRIAGE_RETURN) await output.write(read.newline);
}

const [LINE_FEED, CARRIAGE_RETURN] = [10, 13];

async function writeMade(
  output: Output,
  generator: Generator<Table>,
  read: ReadTable,
  words: Words,
  signal: AbortSignal,
  bar: Bar,
): Promise<void> {
  const total = [...generator.counts.values()].reduce((sum, count) => sum + count, 0);
  let done = 0;
  for (const [label, count] of generator.counts) {
    for (let from = 0; from < count; from += BATCH) {
      const sample: Sample<Table> = await generator.sample(label, from, Math.min(count, from + BATCH), { signal });
      const m = sample.origins.base.length;
      for (let i = 0; i < m; i += LINES) await output.write(read.made(sample, words.origins ?? false, i, Math.min(m, i + LINES)));
      bar.show("adding rows", (done += m), total);
      await new Promise((turn) => setImmediate(turn));
    }
  }
}
