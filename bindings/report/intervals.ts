import { dot, link, ruleX, text } from "@observablehq/plot";
import { axis, chart } from "./chart";
import { digits, shortened } from "./html";

/** A number with the range that it may have. */
export interface Interval {
  readonly name: string;
  readonly value: number | null;
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
  /** What else there is to say of it. */
  readonly remark?: string | undefined;
}

const ROW = 36;

/** One row for each number: a dot, its range, and the number itself. Rows without a number say so. `zero` draws a line there. */
export function intervalChart(
  title: string,
  label: string,
  rows: readonly Interval[],
  { notes = [], zero = false }: { readonly notes?: readonly string[]; readonly zero?: boolean } = {},
): string {
  const known = rows.flatMap((row, at) =>
    row.value === null ? [] : [{ ...row, at, value: row.value, low: row.low ?? row.value, high: row.high ?? row.value }],
  );
  const ends = [...known.flatMap(({ low, high }) => [low, high]), ...(zero || !known.length ? [0] : [])];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = (high - low) / 20 || 0.5;
  const domain = [low - margin, high + margin];
  const left = { x: domain[0]!, textAnchor: "start", lineAnchor: "bottom", fontSize: 11, dy: -1 } as const;
  return chart({
    title,
    description: `${label}: ${rows.map((row) => `${row.name} ${said(row)}`).join("; ")}.`,
    options: {
      height: rows.length * ROW + 44,
      marginLeft: 8,
      marginRight: 8,
      marginTop: 10,
      marginBottom: 34,
      x: axis(label, { domain, ticks: 5, grid: false }),
      y: { domain: [rows.length, 0], axis: null },
      marks: [
        ...(zero ? [ruleX([0], { stroke: "var(--soft)", strokeDasharray: "2 2" })] : []),
        text(rows, { ...left, y: (_, at: number) => at + 0.52, text: (row: Interval) => `${shortened(row.name, 34)}  ${said(row)}` }),
        link(known, { x1: "low", x2: "high", y1: ({ at }) => at + 0.7, y2: ({ at }) => at + 0.7, stroke: "var(--c0)", strokeWidth: 2 }),
        dot(known, { x: "value", y: ({ at }) => at + 0.7, r: 3.5, fill: "var(--c0)", stroke: "var(--page)", strokeWidth: 1 }),
      ],
    },
    notes,
    numbers: {
      head: ["what", label, "from", "to", ...(rows.some(({ remark }) => remark) ? ["remark"] : [])],
      rows: rows.map(({ name, value, low: from, high: to, remark }) => [
        name,
        ...[value, from, to].map((end) => (end === null || end === undefined ? "–" : digits(end))),
        remark,
      ]),
    },
  });
}

function said({ value, remark }: Interval): string {
  return value === null ? (remark ?? "none") : digits(value);
}
