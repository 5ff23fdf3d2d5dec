import { dot, line, link, type Markish } from "@observablehq/plot";
import { show } from "../check";
import type { Label, Labels } from "../contracts";
import { averagePrecision, rocAuc } from "../evaluate/metrics/areas";
import { binOf, expectedCalibrationError } from "../evaluate/metrics/calibration";
import { precisionRecallCurve, rocCurve } from "../evaluate/metrics/curves";
import { readLabels } from "../evaluate/metrics/given";
import { isOf, onlyContest, readProbabilities, type Scores } from "../evaluate/metrics/scores";
import { axis, chart, look, MOST_LOOKS, type Key, type Look } from "./chart";
import { counted, digits, percent, shortened, type Table } from "./html";

/** What models said of rows that they did not learn from. */
export interface Predictions {
  /** n true labels. */
  readonly labels: Labels;
  /** The class that curves look at. Default, of two classes: as in metrics; of more: the rarest. */
  readonly positive?: Label | undefined;
  /** Every label that rows of probabilities have a column for, in order. Default: those that occur, sorted. */
  readonly classes?: readonly Label[] | undefined;
  /** By the name of a model, or of a state such as "before" and "after": n numbers for the positive class, or n rows of one for each class. */
  readonly probabilities: Readonly<Record<string, Scores>>;
}

/** One model's probabilities of the positive class. */
interface Model extends Look {
  readonly name: string;
  readonly scores: Float64Array;
}

/** All that is drawn, against one class. */
interface Contest {
  readonly labels: Uint8Array;
  readonly positive: Label;
  /** Share of the rows that are of the positive class. */
  readonly share: number;
  readonly models: readonly Model[];
  readonly notes: readonly string[];
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Reliability, precision against recall, and true against false positives, of up to six models. */
export function predictionCharts(predictions: Predictions): string[] {
  if (Object.keys(predictions.probabilities).length === 0) return [];
  const contest = contestOf(predictions);
  return [reliability(contest), precisionRecall(contest), roc(contest)];
}

function contestOf({ labels, positive: given, classes: all, probabilities }: Predictions): Contest {
  const { classes, codes } = readLabels("report", labels, { classes: all }, []);
  const positive = given ?? (classes.length > 2 ? rarest(classes, codes) : undefined);
  const names = Object.keys(probabilities);
  const read = names.slice(0, MOST_LOOKS).map((name, at) => {
    const scored = readProbabilities("report", labels, probabilities[name]!, { classes: all }, []);
    const { code, scores } = onlyContest("report", scored, positive);
    return { code, model: { name, scores, ...look(at) } };
  });
  const code = read[0]?.code ?? 0;
  const flags = isOf({ codes }, code);
  const share = flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
  return {
    labels: flags,
    positive: classes[code]!,
    share,
    models: read.map(({ model }) => model),
    notes: [
      `Of ${counted(flags.length, "row")}, ${percent(share)} are of class ${show(classes[code])}${classes.length > 2 ? ", against all others" : ""}.`,
      ...(names.length > MOST_LOOKS ? [`${MOST_LOOKS} of ${names.length} models are drawn.`] : []),
    ],
  };
}

/** Of the classes that have rows. */
function rarest(classes: readonly Label[], codes: Uint32Array): Label {
  const counts = classes.map(() => 0);
  for (const code of codes) counts[code]!++;
  const least = Math.min(...counts.filter((count) => count > 0));
  return classes[counts.indexOf(least)]!;
}

const BINS = 10;
/** Of the normal distribution, for 95 %. */
const Z = 1.959964;

interface Bin extends Place {
  readonly rows: number;
  readonly low: number;
  readonly high: number;
}

/** Mean probability and share that came true in ten bins of equal width, with Wilson's interval. */
function binsOf(scores: Float64Array, labels: Uint8Array): Bin[] {
  const [rows, sums, came] = [new Float64Array(BINS), new Float64Array(BINS), new Float64Array(BINS)];
  scores.forEach((score, i) => {
    const bin = binOf(score, BINS);
    rows[bin]!++;
    sums[bin]! += score;
    came[bin]! += labels[i]!;
  });
  return Array.from(rows, (n, bin): Bin => {
    const share = came[bin]! / n;
    const middle = (share + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
    const reach = (Z / (1 + (Z * Z) / n)) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
    return { rows: n, x: sums[bin]! / n, y: share, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) };
  }).filter(({ rows: n }) => n > 0);
}

function reliability({ labels, models, notes }: Contest): string {
  const lines = models.map((model) => {
    const error = expectedCalibrationError(labels, model.scores, { bins: BINS, positive: 1, classes: [0, 1] });
    return { ...model, error, points: binsOf(model.scores, labels) };
  });
  return square({
    title: "Reliability",
    description: `How often the class came true, against its mean predicted probability, in up to ${BINS} bins; the diagonal is calibrated. Expected calibration error: ${lines.map(({ name, error }) => `${name} ${digits(error)}`).join(", ")}.`,
    x: "predicted probability",
    y: "share that came true",
    under: [diagonal()],
    lines,
    marks: lines.flatMap(({ color, shape, points }) => [
      link(points, { x1: "x", x2: "x", y1: "low", y2: "high", stroke: color, strokeOpacity: 0.7 }),
      dot(points, { x: "x", y: "y", r: 3, symbol: shape, fill: color }),
    ]),
    said: ({ name, error }) => `${name}: calibration error ${digits(error)}`,
    notes: [...notes, "Vertical lines are 95 % intervals of the share."],
    numbers: {
      head: ["model", "rows", "mean predicted", "came true", "from", "to"],
      rows: lines.flatMap(({ name, points }) => points.map(({ rows, x, y, low, high }) => [name, rows, x, y, low, high])),
    },
  });
}

function precisionRecall({ labels, models, share, notes }: Contest): string {
  const lines = models.map((model) => {
    const { precision, recall } = precisionRecallCurve(labels, model.scores, ONE);
    const points = Array.from(precision, (y, at): Place => ({ x: recall[at]!, y }));
    return { ...model, points: thinned(points), area: averagePrecision(labels, model.scores, ONE) };
  });
  return square({
    title: "Precision and recall",
    description: `Share of the rows taken for positive that are, against the share of positives found. Average precision: ${lines.map(({ name, area }) => `${name} ${digits(area)}`).join(", ")}; by chance ${digits(share)}.`,
    x: "recall",
    y: "precision",
    under: [link([{ x1: 0, x2: 1, y: share }], { ...REFERENCE, x1: "x1", x2: "x2", y1: "y", y2: "y" })],
    lines,
    said: ({ name, area }) => `${name}: average precision ${digits(area)}`,
    notes: [...notes.slice(1), `By chance the average precision is ${digits(share)}, the dotted line.`],
    numbers: pointTable(lines, "recall", "precision"),
  });
}

function roc({ labels, models, notes }: Contest): string {
  const lines = models.map((model) => {
    const { falsePositiveRate: x, truePositiveRate } = rocCurve(labels, model.scores, ONE);
    const points = Array.from(truePositiveRate, (y, at): Place => ({ x: x[at]!, y }));
    return { ...model, points: thinned(points), area: rocAuc(labels, model.scores, ONE) };
  });
  return square({
    title: "True and false positives (ROC)",
    description: `Share of positives found, against the share of the others that is taken for positive; the diagonal is chance. Area: ${lines.map(({ name, area }) => `${name} ${digits(area)}`).join(", ")}.`,
    x: "false positive rate",
    y: "true positive rate",
    under: [diagonal()],
    lines,
    said: ({ name, area }) => `${name}: area ${digits(area)}`,
    notes: notes.slice(1),
    numbers: pointTable(lines, "false positive rate", "true positive rate"),
  });
}

const ONE = { positive: 1, classes: [0, 1] };
const REFERENCE = { stroke: "var(--soft)", strokeDasharray: "1 4" };

function diagonal(): Markish {
  return link([{ from: 0, to: 1 }], { ...REFERENCE, x1: "from", x2: "to", y1: "from", y2: "to" });
}

/** Points that a line has at most: more are not seen. */
const MOST_POINTS = 160;

/** Every so many points, and the ends. */
function thinned(points: readonly Place[]): Place[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, at) => at % step === 0 || at === points.length - 1);
}

function pointTable(lines: readonly (Model & { readonly points: readonly Place[] })[], x: string, y: string): Table {
  return {
    head: ["model", x, y],
    rows: lines.flatMap(({ name, points }) => {
      const step = Math.ceil(points.length / 15);
      return points.filter((_, at) => at % step === 0 || at === points.length - 1).map((point) => [name, point.x, point.y]);
    }),
  };
}

interface Square<L extends Model & { readonly points: readonly Place[] }> {
  readonly title: string;
  readonly description: string;
  readonly x: string;
  readonly y: string;
  /** Marks below and above the lines. */
  readonly under: readonly Markish[];
  readonly lines: readonly L[];
  readonly marks?: readonly Markish[];
  /** What the key says of a line. */
  readonly said: (line: L) => string;
  readonly notes: readonly string[];
  readonly numbers: Table;
}

/** Lines on the unit square. */
function square<L extends Model & { readonly points: readonly Place[] }>(given: Square<L>): string {
  const { title, description, x, y, under, lines, marks = [], said, notes, numbers } = given;
  const stroke = ({ color, dashes }: Look): object => ({ stroke: color, strokeDasharray: dashes, strokeWidth: 1.8 });
  const keys = lines.map((own): Key => ({
    marks: [
      line(
        [
          { x: 0, y: 0.5 },
          { x: 1, y: 0.5 },
        ],
        { x: "x", y: "y", ...stroke(own) },
      ),
    ],
    text: said({ ...own, name: shortened(own.name, 40) }),
  }));
  return chart({
    title,
    description,
    options: {
      height: 330,
      marginLeft: 44,
      marginRight: 8,
      marginTop: 8,
      marginBottom: 34,
      x: axis(x, { domain: [0, 1], ticks: 5, grid: true }),
      y: axis(y, { domain: [0, 1], ticks: 5, grid: true }),
      marks: [...under, ...lines.map((own) => line(own.points, { x: "x", y: "y", ...stroke(own) })), ...marks],
    },
    keys,
    notes,
    numbers,
  });
}
