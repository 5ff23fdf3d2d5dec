import { inspect, type Inspection } from "../bindings/index";
import { tableOptions, type Words } from "./arguments";
import type { Bar } from "./progress";
import { openPage, projected } from "./report";
import { call, callsOf, DATA } from "./reproduce";
import { openSource } from "./source";
import { inspectionSummary } from "./summary";
import { openTable } from "./tables";

/** counterpoise inspect: what is in a table; returns what to print. */
export async function inspectFile(words: Words, input: string, bar: Bar): Promise<string> {
  const source = await openSource(input);
  const opened = await openTable(source, words);
  const options = tableOptions(words, opened.names);
  const page = openPage(words, input);
  const data = await opened.readAll(options, bar.show);
  const found: Inspection = inspect(data);
  const told = await page?.write(async () => ({
    title: source.name,
    inspected: found,
    calls: callsOf(words, input, options, call("inspect", DATA)),
    ...(await projected(data, [])),
  }));
  bar.clear();
  if (words.json) return `${JSON.stringify({ input: source.name, target: data.target, ...found }, null, 2)}\n`;
  return inspectionSummary(source.name, data.target, found, process.stdout) + (told ?? "");
}
