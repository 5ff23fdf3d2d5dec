import { InputError, type Data, type Resampler, type Sample, type Scale } from "../bindings/index";
import type { Projection, ReportParts } from "../bindings/report";
import { UsageError, type Words } from "./arguments";
import { openFile } from "./files";

/** Where --report goes: opened before anything long is done. */
export interface Page {
  /** Makes the page of what is handed in, and puts it in its place; returns a line that says so. */
  write(parts: (room: Room) => Promise<ReportParts>): Promise<string>;
}

type Room = typeof import("../bindings/report");

/** The charts and their library are loaded when a report is asked for. */
const room = (): Promise<Room> => import("../bindings/report");

/** @throws {UsageError} when the page would take the place of the table that is read, or of the one that is written. */
export function openPage({ report: path, output }: Words, input: string): Page | undefined {
  if (path === undefined) return undefined;
  if (path === input) throw new UsageError(`--report names ${path}, which is the table to read; give the page a name of its own.`);
  if (path === output) throw new UsageError(`--report and -o both name ${path}; give the page a name of its own, such as report.html.`);
  const file = openFile(path);
  return {
    async write(parts) {
      const loaded = await room();
      await file.write(loaded.report(await parts(loaded)));
      await file.finish();
      return `The report is in ${path}.\n`;
    },
  };
}

/** Rows in the plane, compared as the method compares them, or a note that says why not: a page without that picture is better than none. */
export async function projected<D extends Data>(
  data: D,
  made: readonly Sample<D>[],
  method?: Pick<Resampler, "options">,
): Promise<{ projection?: Projection; notes: string[] }> {
  const { scale } = (method?.options ?? {}) as { scale?: Scale | "auto" };
  try {
    return { projection: await (await room()).projectRows(data, made, { scale: scale === "auto" ? undefined : scale }), notes: [] };
  } catch (error) {
    if (error instanceof InputError) return { notes: [`Rows are not drawn: ${error.message}`] };
    throw error;
  }
}
