import { dot, link, type Markish, type PlotOptions } from "@observablehq/plot";
import { show } from "../check";
import type { Label } from "../contracts";
import { axis, chart, look, MOST_LOOKS, WIDTH, type Key, type Look } from "./chart";
import { counted, percent, shortened } from "./html";
import type { PointKind, Projection } from "./project";

/** Classes that have a picture of their own, of those that grow. */
const MOST_PANELS = 4;
/** Numbers in a table below a picture. */
const MOST_POINTS = 50;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly label: Label;
  readonly kind: PointKind;
  readonly row: number;
  readonly parents: readonly number[];
}

/** Rows of all classes, and one chart for each class that grew, with its new rows and lines to their parents. */
export function projectionCharts(projection: Projection, added?: (label: Label) => number | undefined): string[] {
  const points = pointsOf(projection);
  const frame = frameOf(points);
  const grown = labelsOf(points.filter(({ kind }) => kind === "synthetic"));
  return [
    allClasses(projection, points, frame, grown),
    ...grown.slice(0, MOST_PANELS).map((label) => grownClass(points, label, frame, added?.(label))),
  ];
}

function labelsOf(points: readonly Point[]): Label[] {
  return [...new Set(points.map(({ label }) => label))];
}

type Marker = Pick<Look, "color" | "shape">;

/** Of classes without a look of their own. */
const REST: Marker = { color: "var(--ground)", shape: "circle" };

function marks(rows: readonly object[], { color, shape }: Marker, kind: PointKind): Markish {
  const hollow = kind === "removed";
  return dot(rows, { ...AT, r: 2.2, symbol: shape, stroke: hollow ? color : "none", fill: hollow ? "none" : color, fillOpacity: 0.75 });
}

/** Real rows. Where there are many classes, some have looks of their own, those that grew first. */
function allClasses(
  { shares, totals, coordinates }: Projection,
  points: readonly Point[],
  frame: PlotOptions,
  grown: readonly Label[],
): string {
  const real = points.filter(({ kind }) => kind !== "synthetic");
  const classes = labelsOf(real);
  const named = classes.length > MOST_LOOKS ? [...new Set([...grown, ...classes])].slice(0, MOST_LOOKS - 1) : classes;
  const rest = classes.filter((label) => !named.includes(label));
  const markerOf = (label: Label): Marker => (named.includes(label) ? look(named.indexOf(label)) : REST);
  const removed = real.some(({ kind }) => kind === "removed");
  const all = totals.original + totals.removed;
  const keys: Key[] = named.map((label) => ({ marks: [marks([MIDDLE], markerOf(label), "original")], text: shortened(String(label), 30) }));
  if (rest.length) keys.push({ marks: [marks([MIDDLE], REST, "original")], text: counted(rest.length, "other class") });
  if (removed) keys.push({ marks: [marks([MIDDLE], { ...REST, color: "var(--ink)" }, "removed")], text: "hollow: removed" });
  return chart({
    title: "Rows of the data",
    description: `Points in the plane on which ${counted(real.length, "row")} of ${counted(classes.length, "class")} differ most; its axes hold ${percent(shares[0])} and ${percent(shares[1])} of the variance.`,
    options: {
      ...frame,
      x: axis(`first axis, ${percent(shares[0])} of the variance`, frame.x),
      y: axis(`second axis, ${percent(shares[1])}`, frame.y),
      marks: [...rest, ...named].flatMap((label) =>
        (["original", "removed"] as const).map((kind) =>
          marks(
            real.filter((point) => point.label === label && point.kind === kind && within(frame, point)),
            markerOf(label),
            kind,
          ),
        ),
      ),
    },
    keys,
    notes: [
      ...(real.length < all ? [`${real.length} of ${all} rows are drawn, as many of each class as there is room for.`] : []),
      `Principal axes of ${counted(coordinates, "coordinate")}, scaled as the method compares them.`,
      ...(grown.length > MOST_PANELS ? [`${MOST_PANELS} of the ${grown.length} classes that grew have a picture of their own.`] : []),
      ...outside(frame, real),
    ],
    numbers: {
      head: ["row from 1", "class", "first axis", "second axis", ...(removed ? ["now"] : [])],
      rows: real.slice(0, MOST_POINTS).map(({ row, label, x, y, kind }) => {
        const now = kind === "removed" ? "removed" : "there";
        return [row + 1, String(label), x, y, ...(removed ? [now] : [])];
      }),
    },
  });
}

function grownClass(all: readonly Point[], label: Label, frame: PlotOptions, added: number | undefined): string {
  const others = all.filter((point) => point.label !== label && point.kind !== "synthetic");
  const own = all.filter((point) => point.label === label && point.kind !== "synthetic");
  const made = all.filter((point) => point.label === label && point.kind === "synthetic");
  const seen = (points: readonly Point[]): Point[] => points.filter((point) => within(frame, point));
  const links = seen(made).flatMap((child) =>
    seen(child.parents.map((parent) => all[parent]!)).map(({ x, y }) => ({ x: child.x, y: child.y, x2: x, y2: y })),
  );
  const name = shortened(String(label), 24);
  return chart({
    title: `New rows of class ${name}`,
    description: `${counted(made.length, "synthetic row")} of class ${show(label)} as diamonds, each joined by lines to the rows it was made of, among ${counted(own.length, "row")} of its class as dots and ${others.length} of other classes as small grey dots.`,
    options: {
      ...frame,
      x: axis("first axis", frame.x),
      y: axis("second axis", frame.y),
      marks: [
        dot(seen(others), { ...AT, ...OTHER }),
        link(links, { x1: "x", y1: "y", x2: "x2", y2: "y2", ...LINE }),
        dot(seen(made), { ...AT, ...MADE }),
        dot(seen(own), { ...AT, ...OWN }),
      ],
    },
    keys: [
      { marks: [dot([MIDDLE], { ...AT, ...OWN })], text: name },
      {
        marks: [link([MIDDLE], { x1: 0, y1: 0.5, x2: 1, y2: 0.5, ...LINE }), dot([MIDDLE], { ...AT, ...MADE })],
        text: "synthetic, with its parents",
      },
      { marks: [dot([MIDDLE], { ...AT, ...OTHER })], text: "other classes" },
    ],
    notes: [
      ...(added !== undefined && added > made.length ? [`${made.length} of ${added} new rows are drawn.`] : []),
      ...outside(frame, [...own, ...made]),
    ],
    numbers: {
      head: ["synthetic row", "first axis", "second axis", "parents"],
      rows: made
        .slice(0, MOST_POINTS)
        .map(({ row, x, y, parents }) => [row + 1, x, y, parents.map((parent) => all[parent]!.row + 1).join(", ") || "–"]),
    },
  });
}

const MIDDLE = { x: 0.5, y: 0.5 };
const AT = { x: "x", y: "y" };
const OTHER = { r: 1.5, fill: "var(--ground)" };
const OWN = { r: 2.6, fill: "var(--c0)", stroke: "var(--page)", strokeWidth: 0.6 };
const MADE = { r: 2.3, symbol: "diamond", fill: "var(--page)", stroke: "var(--c1)", strokeWidth: 1.2 } as const;
const LINE = { stroke: "var(--c1)", strokeWidth: 0.8, strokeOpacity: 0.8 };

function pointsOf({ x, y, labels, kinds, rows, links }: Projection): Point[] {
  const parents = kinds.map((): number[] => []);
  for (let at = 0; at < links.length; at += 2) parents[links[at]!]!.push(links[at + 1]!);
  return kinds.map((kind, i) => ({ x: x[i]!, y: y[i]!, label: labels[i]!, kind, row: rows[i]!, parents: parents[i]! }));
}

const MARGIN = { left: 38, right: 8, top: 8, bottom: 32 };
/** Share of the points, on either side, that may lie outside of a frame. */
const TRIMMED = 0.02;

/** The same units along both axes, for distances are what is shown. */
function frameOf(points: readonly Point[]): PlotOptions & { x: object; y: object } {
  const [left, right] = rangeOf(points.map(({ x }) => x));
  const [low, high] = rangeOf(points.map(({ y }) => y));
  const across = WIDTH - MARGIN.left - MARGIN.right;
  const span = Math.max(right - left, (high - low) / 1.1) || 1;
  const tall = Math.max(high - low, 0.6 * span);
  const widen = (from: number, to: number, by: number): [number, number] => [(from + to - by) / 2, (from + to + by) / 2];
  return {
    height: MARGIN.top + MARGIN.bottom + (across * tall) / span,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    x: { domain: widen(left, right, span), ticks: 5 },
    y: { domain: widen(low, high, tall), ticks: 5 },
  };
}

/** From the lowest to the highest, or without a few if those would take half of the room; with a margin. */
function rangeOf(values: readonly number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const last = sorted.length - 1;
  const cut = Math.floor(TRIMMED * sorted.length);
  let [low, high] = [sorted[0]!, sorted[last]!];
  if (high - low > 2 * (sorted[last - cut]! - sorted[cut]!)) [low, high] = [sorted[cut]!, sorted[last - cut]!];
  const margin = 0.04 * (high - low);
  return [low - margin, high + margin];
}

/** Whether a point lies in the frame. */
function within({ x, y }: PlotOptions, point: { readonly x: number; readonly y: number }): boolean {
  const between = (value: number, [low, high]: readonly [number, number]): boolean => value >= low && value <= high;
  return between(point.x, x!.domain as [number, number]) && between(point.y, y!.domain as [number, number]);
}

function outside(frame: PlotOptions, points: readonly Point[]): string[] {
  const count = points.filter((point) => !within(frame, point)).length;
  return count ? [`${counted(count, "row")} further away ${count === 1 ? "lies" : "lie"} outside of the frame.`] : [];
}
