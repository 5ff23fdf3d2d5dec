import { plot, type Markish, type PlotOptions } from "@observablehq/plot";
import { digits, escaped, paragraph, table, type Table } from "./html";
import { plotDocument, svgElement, type SvgElement } from "./svg";

/** Pixels across: what a telephone shows; a wider page enlarges it a little. */
export const WIDTH = 360;

/** What a mark of a chart stands for: drawn in a box from 0 to 1 on both axes. */
export interface Key {
  readonly marks: readonly Markish[];
  readonly text: string;
}

export interface Chart {
  readonly title: string;
  /** What there is to see, in sentences, for who does not see it. */
  readonly description: string;
  readonly options: PlotOptions;
  readonly keys?: readonly Key[];
  /** What a reader should know of the picture. */
  readonly notes?: readonly string[];
  /** The same as numbers. */
  readonly numbers: Table;
}

/** A chart with its title, keys and numbers. Nothing is told by color alone. */
export function chart({ title, description, options, keys = [], notes = [], numbers }: Chart): string {
  const picture = draw({ width: WIDTH, ...options });
  picture.setAttribute("font-size", 11);
  picture.setAttribute("role", "img");
  picture.insertBefore(svgElement("desc", description), picture.children[0] as SvgElement);
  picture.insertBefore(svgElement("title", title), picture.children[0] as SvgElement);
  return `<figure>
<h3>${escaped(title)}</h3>
${picture}
${keys.length ? `<ul class="keys">${keys.map(key).join("")}</ul>\n` : ""}${notes.length ? `<figcaption>${notes.map(paragraph).join("")}</figcaption>\n` : ""}<details><summary>The numbers</summary>
${table(numbers)}</details>
</figure>
`;
}

/** Charts side by side where there is room. */
export function charts(...drawn: readonly string[]): string {
  const all = drawn.join("");
  return all && `<div class="charts">\n${all}</div>\n`;
}

function key({ marks, text }: Key): string {
  const unit = { domain: [0, 1], axis: null };
  const icon = draw({ width: 22, height: 12, margin: 1, x: unit, y: unit, marks: [...marks] });
  return `<li><span aria-hidden="true">${icon}</span> ${escaped(text)}</li>`;
}

function draw(options: PlotOptions): SvgElement {
  return plot({ ...options, document: plotDocument }) as unknown as SvgElement;
}

/** An axis whose ticks are written alike in every place. */
export function axis(label: string, more: PlotOptions["x"] = {}): NonNullable<PlotOptions["x"]> {
  return { label, labelAnchor: "center", labelArrow: "none", tickFormat: digits, ...more };
}

/** Color, dashes and shape of the i-th of several things, which differ in all three. */
export interface Look {
  readonly color: string;
  readonly dashes: string;
  readonly shape: "circle" | "triangle" | "square" | "diamond" | "star" | "cross";
}

export const MOST_LOOKS = 6;

export function look(i: number): Look {
  const shapes = ["circle", "triangle", "square", "diamond", "star", "cross"] as const;
  const dashes = ["none", "6 3", "2 3", "8 3 2 3", "12 4", "1 2"];
  return { color: `var(--c${i % MOST_LOOKS})`, dashes: dashes[i % MOST_LOOKS]!, shape: shapes[i % MOST_LOOKS]! };
}
