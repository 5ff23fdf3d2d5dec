import { barX, ruleX, text } from "@observablehq/plot";
import type { ClassCount, Label } from "../contracts";
import { axis, chart, type Key } from "./chart";
import { counted, shortened } from "./html";

/** Classes that are drawn; a table has more. */
const MOST_CLASSES = 40;
const BAND = 24;

/** Rows of each class, before and after where something was done. */
export function classChart(counts: ReadonlyMap<Label, ClassCount>): string {
  const classes = [...counts].map(([label, count]) => ({ ...count, label: String(label), kept: count.before - count.removed }));
  classes.sort((a, b) => b.before - a.before);
  const shown = classes.slice(0, MOST_CLASSES);
  const changed = classes.some(({ added, removed }) => added || removed);
  const most = Math.max(1, ...shown.map(({ before, added }) => before + added));
  const names = shown.map(({ label }) => shortened(label, 20));
  const widest = Math.max(...names.map((name) => Array.from(name).length));
  const band = { y: (_: unknown, at: number): string => String(at), insetTop: 3, insetBottom: 3 };
  const said = ({ kept, added, removed }: (typeof classes)[number]): string =>
    `${kept}${added ? ` + ${added}` : ""}${removed ? ` (−${removed})` : ""}`;
  const [smallest, largest] = [classes.at(-1)!, classes[0]!];
  return chart({
    title: changed ? "Rows of each class, before and after" : "Rows of each class",
    description: `Bars, one for each of ${counted(shown.length, "class")}. The largest class, ${largest.label}, has ${counted(largest.before, "row")}, the smallest, ${smallest.label}, ${smallest.before}${changed ? `; afterwards they have ${largest.after} and ${smallest.after}` : ""}.`,
    options: {
      height: shown.length * BAND + 40,
      marginLeft: 14 + 7 * widest,
      marginRight: 20 + 6.5 * Math.max(...shown.map((count) => said(count).length)),
      marginTop: 4,
      marginBottom: 36,
      x: axis("rows", { domain: [0, most], ticks: 4 }),
      y: {
        domain: shown.map((_, at) => String(at)),
        label: null,
        tickSize: 0,
        tickFormat: (_: unknown, at: number) => names[at]!,
        fontSize: 12,
      } as object,
      marks: [
        barX(shown, { ...band, x1: 0, x2: "kept", fill: "var(--c0)" }),
        barX(shown, { ...band, ...ADDED, x1: "kept", x2: ({ kept, added }) => kept + added }),
        barX(shown, { ...band, ...REMOVED, x1: "kept", x2: "before" }),
        text(shown, {
          ...band,
          x: ({ kept, added, removed }) => kept + Math.max(added, removed),
          text: said,
          textAnchor: "start",
          dx: 4,
          fontSize: 11,
        }),
        ruleX([0]),
      ],
    },
    keys: changed ? KEYS.filter((_, at) => at === 0 || classes.some(({ added, removed }) => (at === 1 ? added : removed))) : [],
    notes: shown.length < classes.length ? [`The ${shown.length} largest of ${classes.length} classes are drawn.`] : [],
    numbers: {
      head: ["class", "before", ...(changed ? ["added", "removed", "after"] : [])],
      rows: classes.map(({ label, before, added, removed, after }) => [label, before, ...(changed ? [added, removed, after] : [])]),
    },
  });
}

const ADDED = { fill: "var(--c1)", fillOpacity: 0.25, stroke: "var(--c1)" };
const REMOVED = { fill: "none", stroke: "var(--soft)", strokeDasharray: "3 2" };

const box = (look: object): Key["marks"] => [barX([0], { x1: 0, x2: 1, insetTop: 1, insetBottom: 1, ...look })];

const KEYS: readonly Key[] = [
  { marks: box({ fill: "var(--c0)" }), text: "as they were" },
  { marks: box(ADDED), text: "added" },
  { marks: box(REMOVED), text: "removed" },
];
