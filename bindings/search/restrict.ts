import { checkOptions, list, show } from "../check";
import type { Label } from "../contracts";
import { allRows, rowsByClass, type Dataset } from "../data/dataset";
import { InputError } from "../errors";

/** Whose neighbors are sought, and among whom, by label. */
export interface LabelRestriction {
  /** Labels of the rows that are asked. Default: all. */
  readonly queries?: readonly Label[] | undefined;
  /** Labels of the rows that may be found; `"same"`: rows of the query's own class, `"other"`: rows of all other classes. Default: all. */
  readonly reference?: readonly Label[] | "same" | "other" | undefined;
}

/** Rows asked together and the rows they are sought among; the same array where those are the same. */
export interface Group {
  readonly queries: Uint32Array;
  readonly reference: Uint32Array;
  /** The reference alone says how rows compare, not all rows. */
  readonly own: boolean;
  /** Who the reference is, for sentences. */
  readonly among: string;
}

/** The groups that a restriction asks for; none of them is empty. */
export function groupsOf(data: Dataset, labels: LabelRestriction | undefined): Group[] {
  const all = allRows(data.n);
  if (labels === undefined) return [{ queries: all, reference: all, own: true, among: "the data" }];
  checkOptions("labels", labels, ["queries", "reference"]);
  const { classes } = data.schema;
  const asked = labels.queries === undefined ? classes.map((_, code) => code) : codesOf("queries", labels.queries, classes);
  const { reference } = labels;
  const byClass = rowsByClass(data);
  if (reference !== "same" && reference !== "other") {
    const known = reference === undefined ? undefined : codesOf("reference", reference, classes);
    const queries = labels.queries === undefined ? all : rowsOf(data, asked);
    const equal = known?.join() === asked.join() || (!known && queries === all);
    const found = equal ? queries : known ? rowsOf(data, known) : all;
    return [{ queries, reference: found, own: found === all, among: known ? `the rows labelled ${list(reference!)}` : "the data" }];
  }
  return asked.map((code) => {
    const name = show(classes[code]);
    const queries = byClass[code]!;
    if (reference === "same") return { queries, reference: queries, own: true, among: `class ${name}` };
    return {
      queries,
      reference: all.filter((i) => data.labels[i] !== code),
      own: false,
      among: `the classes other than ${name}`,
    };
  });
}

function codesOf(which: string, labels: unknown, classes: readonly Label[]): number[] {
  if (!Array.isArray(labels) || labels.length === 0) {
    const forms = which === "reference" ? `, or "same" or "other"` : "";
    throw new InputError("OPTION", `labels.${which} is ${show(labels)}, but needs an array of labels: ["yes"]${forms}.`);
  }
  const codes = labels.map((label: Label) => {
    const code = classes.indexOf(label);
    if (code < 0) throw new InputError("LABEL", `labels.${which} names ${show(label)}, but the labels are ${list(classes.slice(0, 12))}.`);
    return code;
  });
  return [...new Set(codes)].sort((a, b) => a - b);
}

/** Rows of some classes, in order. */
function rowsOf(data: Dataset, codes: readonly number[]): Uint32Array {
  const wanted = data.schema.classes.map((_, code) => codes.includes(code));
  return allRows(data.n).filter((i) => wanted[data.labels[i]!]);
}
