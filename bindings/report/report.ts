import { checkOptions, isRecord, show } from "../check";
import type { ClassCount, Label, Resampled } from "../contracts";
import type { Inspection } from "../data/inspect";
import { InputError } from "../errors";
import type { LeakReport } from "../diagnose/leak";
import type { PrivacyReport } from "../diagnose/privacy";
import type { QualityReport } from "../diagnose/quality";
import type { CrossValidation } from "../evaluate/crossValidate";
import type { TunedSize } from "../tune/size";
import type { Advice } from "../tune/advise";
import { adviceCharts, adviceTable, failuresOf, type AdviceParts } from "./advice";
import { charts } from "./chart";
import { classChart } from "./classes";
import { bullets, counted, digits, escaped, paragraph, percent, section, table } from "./html";
import { predictionCharts, type Predictions } from "./predictions";
import type { Projection } from "./project";
import { projectionCharts } from "./projection";
import { candidateNotes, scoreCharts, scoreTables } from "./scores";
import { diagnosisTable, sizeCharts, type TunedParts } from "./sizes";
import { STYLE } from "./style";
import { leakTable, privacyTable, qualityCharts, qualityTable } from "./trust";

/** What a page shows: whatever is given, in this order. */
export interface ReportParts {
  readonly title: string;
  /** What `inspect` returned. */
  readonly inspected?: Inspection | undefined;
  /** What a resampler returned. */
  readonly resampled?: Pick<Resampled<unknown>, "counts" | "notes"> | undefined;
  /** What `projectRows` returned. */
  readonly projection?: Projection | undefined;
  /** What `tuneSyntheticSize` returned. */
  readonly tuned?: (TunedParts & Partial<Pick<TunedSize, "summary" | "notes">>) | undefined;
  /** What `advise` returned. */
  readonly advised?: (AdviceParts & Partial<Pick<Advice, "summary" | "notes">>) | undefined;
  /** What `crossValidate` returned. */
  readonly evaluated?: CrossValidation | undefined;
  /** What `qualityReport`, `privacyReport` and `leakReport` of "counterpoise/diagnose" returned. */
  readonly quality?: QualityReport | undefined;
  readonly privacy?: PrivacyReport | undefined;
  readonly leaks?: LeakReport | undefined;
  /** What models said of rows that they did not learn from: see `outOfFold`. */
  readonly predictions?: Predictions | undefined;
  /** Further sentences. */
  readonly notes?: readonly string[] | undefined;
  /** How to get the same again: as a program, and as a command. */
  readonly calls?: { readonly js?: string | undefined; readonly shell?: string | undefined } | undefined;
}

const PARTS = [
  "title",
  "inspected",
  "resampled",
  "projection",
  "tuned",
  "advised",
  "evaluated",
  "quality",
  "privacy",
  "leaks",
  "predictions",
  "notes",
  "calls",
] as const;

/** What stands under each heading; what is empty is left out with it. */
const SECTIONS: readonly (readonly [heading: string, content: (parts: ReportParts) => string])[] = [
  ["Classes", classes],
  [
    "Where rows lie",
    ({ projection, resampled }) =>
      projection ? charts(...projectionCharts(projection, (label) => resampled?.counts.get(label)?.added)) : "",
  ],
  [
    "How many rows to add",
    ({ tuned }) => (tuned ? paragraph(tuned.summary ?? "") + charts(...sizeCharts(tuned)) + diagnosisTable(tuned) : ""),
  ],
  [
    "Whether to add any",
    ({ advised }) => (advised ? paragraph(advised.summary ?? "") + adviceTable(advised) + charts(...adviceCharts(advised)) : ""),
  ],
  ["Scores", ({ evaluated }) => (evaluated ? charts(...scoreCharts(evaluated)) + scoreTables(evaluated) : "")],
  ["What was added", ({ quality }) => (quality ? charts(...qualityCharts(quality)) + qualityTable(quality) : "")],
  ["What it gives away", ({ privacy }) => (privacy ? privacyTable(privacy) : "")],
  ["Whether the test knows the training rows", ({ leaks }) => (leaks ? leakTable(leaks) : "")],
  ["What models predict", ({ predictions }) => (predictions ? charts(...predictionCharts(predictions)) : "")],
  ["Columns", ({ inspected }) => (inspected ? columns(inspected) : "")],
  ["Notes", (parts) => bullets(notesOf(parts))],
  ["The same again", ({ calls }) => code("JavaScript", calls?.js) + code("Command line", calls?.shell)],
];

/**
 * One self-contained HTML page of results: no script, nothing from elsewhere, light and dark, for a telephone, a desk and paper. Charts are SVG, each with a description and
 * its numbers in a table. The same parts make the same bytes.
 *
 * @throws {InputError} for a title that is no text, or unknown parts.
 */
export function report(parts: ReportParts): string {
  checkOptions("report", parts, PARTS);
  if (!isRecord(parts) || typeof parts.title !== "string") {
    throw new InputError("OPTION", `report needs a title, a text, but was given ${show((parts as Partial<ReportParts>)?.title)}.`);
  }
  const { title, inspected } = parts;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
${inspected ? facts(inspected) : ""}</header>
<main>
${SECTIONS.map(([heading, content]) => section(heading, content(parts))).join("")}</main>
<footer>Made with counterpoise. Rows are counted from 1. This page may show single rows of the data: share it as you would share them.</footer>
</body>
</html>
`;
}

/** Each sentence once. */
function notesOf({ inspected, resampled, tuned, advised, evaluated, notes }: ReportParts): string[] {
  const own = [...(advised ? failuresOf(advised) : []), ...(evaluated ? candidateNotes(evaluated) : []), ...(notes ?? [])];
  return [...new Set([inspected, resampled, tuned, advised, evaluated, { notes: own }].flatMap((part) => part?.notes ?? []))];
}

/** The main numbers of a table. */
function facts({ rows, columns: all, classes: labels, imbalanceRatio, missing, duplicates, conflicts }: Inspection): string {
  const features = all.filter(({ role }) => role === "feature").length;
  const entries: (readonly [string, string])[] = [
    ["rows", String(rows)],
    ["features", String(features)],
    ["classes", String(labels.length)],
    ["largest to smallest class", `${digits(imbalanceRatio)} : 1`],
    ["missing cells", missing.cells ? `${missing.cells} in ${counted(missing.rows, "row")}` : "none"],
    ["repeated rows", String(duplicates)],
    ["rows like one of another class", String(conflicts)],
  ];
  return `<dl class="facts">\n${entries.map(([name, value]) => `<div><dt>${name}</dt><dd>${escaped(value)}</dd></div>\n`).join("")}</dl>\n`;
}

function classes({ inspected, resampled }: ReportParts): string {
  const before = inspected?.classes.map(({ label, rows }): [Label, ClassCount] => [
    label,
    { before: rows, added: 0, removed: 0, after: rows },
  ]);
  const counts = resampled?.counts ?? (before && new Map(before));
  return counts?.size ? charts(classChart(counts)) : "";
}

function columns({ rows, columns: all }: Inspection): string {
  const range = (low: number | undefined, high: number | undefined): string | undefined =>
    low === undefined ? undefined : low === high ? digits(low) : `${digits(low)} to ${digits(high!)}`;
  return table({
    head: ["column", "taken as", "because", "missing", "values", "range"],
    rows: all.map(({ name, role, kind, why, missing, distinct, lowest, highest }) => [
      name,
      kind ?? role,
      why,
      missing ? `${missing} (${percent(missing / rows)})` : undefined,
      distinct === undefined ? undefined : String(distinct),
      range(lowest, highest),
    ]),
  });
}

function code(heading: string, text: string | undefined): string {
  return text ? `<h3>${heading}</h3>\n<pre><code>${escaped(text)}</code></pre>\n` : "";
}
