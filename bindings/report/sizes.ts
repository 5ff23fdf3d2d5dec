import { areaY, dot, line, rectY, ruleX, ruleY, type Markish } from "@observablehq/plot";
import type { TunedSize } from "../tune/size";
import { axis, chart, look, type Key } from "./chart";
import { digits, percent, table } from "./html";
import { intervalChart, type Interval } from "./intervals";

/** What of a tuned size is drawn; plain data. */
export type TunedParts = Pick<TunedSize, "gamma" | "range" | "curve" | "baselines" | "edgeHit"> &
  Partial<Pick<TunedSize, "correction" | "diagnosis">>;

/** Loss against the size, and what needs no tuned size, judged alike. */
export function sizeCharts(tuned: TunedParts): string[] {
  const { baselines } = tuned;
  const estimates = (which: "balancedLogLoss" | "balancedAccuracy"): Interval[] =>
    baselines.flatMap((row): Interval[] => {
      const estimate = row[which];
      if (!estimate) return row.failed && which === "balancedLogLoss" ? [{ name: row.name, value: null, remark: row.failed }] : [];
      const { mean, se } = estimate;
      const power = row.power === undefined ? "" : ` (power ${digits(row.power)})`;
      return [{ name: `${row.name}${power}`, value: mean, low: mean - se, high: mean + se }];
    });
  const [losses, accuracies] = [estimates("balancedLogLoss"), estimates("balancedAccuracy")];
  const bars = ["Bars reach one standard error to either side."];
  return [
    sizeCurve(tuned),
    ...corrections(tuned, bars),
    ...(losses.length
      ? [intervalChart("What else could be done: loss", "balanced log loss, lower is better", losses, { notes: bars })]
      : []),
    ...(accuracies.length
      ? [intervalChart("What else could be done: decisions", "balanced accuracy, higher is better", accuracies, { notes: bars })]
      : []),
  ];
}

/** What taking bias away came to, if it was tried. */
function corrections({ correction }: TunedParts, notes: readonly string[]): string[] {
  if (!correction) return [];
  const rows = correction.curve.map(({ lambda, gamma, mean, se }): Interval => ({
    name: `${percent(lambda)} of it, ${digits(gamma)} times the rows${lambda === correction.lambda && gamma === correction.gamma ? ": chosen" : ""}`,
    value: mean,
    low: mean - (se || 0),
    high: mean + (se || 0),
  }));
  return [intervalChart("Bias taken away", "balanced log loss, lower is better", rows, { notes })];
}

/** What a diagnosis says, if there is one. */
export function diagnosisTable({ diagnosis }: TunedParts): string {
  if (!diagnosis || diagnosis.skipped !== undefined) return "";
  const { regime, pValue, generator, gqs, gqsDebiased, theoryGamma } = diagnosis;
  const known = (value: number | null): string => (value === null ? "–" : digits(value));
  return table({
    head: ["diagnosis", "what was found"],
    rows: [
      ["what imbalance does to the model", regime],
      ["p-value of local symmetry, the intercept apart", digits(pValue)],
      ["generator", generator],
      ["quality score, and without its bias", `${known(gqs)}, ${known(gqsDebiased)}`],
      ["size that theory aims at", known(theoryGamma)],
    ],
  });
}

function sizeCurve({ gamma, range, curve, baselines, edgeHit }: TunedParts): string {
  const [own, shifted, base] = [look(0), look(1), look(2)];
  const best = curve.find((point) => point.gamma === gamma) ?? curve[0]!;
  const others = baselines.filter(
    ({ name, balancedLogLoss }) => name !== "tuned size" && name !== "balance" && name !== "none" && balancedLogLoss,
  );
  const rival = others.sort((a, b) => a.balancedLogLoss!.mean - b.balancedLogLoss!.mean)[0];
  const ends = curve.flatMap(({ mean, se, adjusted }) => [mean - (se || 0), mean + (se || 0), adjusted]);
  if (rival) ends.push(rival.balancedLogLoss!.mean);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = (high - low) / 20 || 0.01;
  const domain = [low - margin, high + margin] as const;
  const band = { x1: range[0], x2: range[1], y1: domain[0], y2: domain[1], fill: "var(--soft)", fillOpacity: 0.15 };
  const width = { strokeWidth: 1.8 };
  const marks: Markish[] = [
    ...(range[0] < range[1] ? [rectY([0], band)] : [ruleX([range[0]], { stroke: "var(--rule)", strokeWidth: 4 })]),
    areaY(curve, {
      x: "gamma",
      y1: ({ mean, se }) => mean - (se || 0),
      y2: ({ mean, se }) => mean + (se || 0),
      fill: own.color,
      fillOpacity: 0.2,
    }),
    ...(rival ? [ruleY([rival.balancedLogLoss!.mean], { ...width, stroke: base.color, strokeDasharray: base.dashes })] : []),
    line(curve, { ...width, x: "gamma", y: "adjusted", stroke: shifted.color, strokeDasharray: shifted.dashes }),
    line(curve, { ...width, x: "gamma", y: "mean", stroke: own.color }),
    dot(curve, { x: "gamma", y: "mean", r: 2.5, fill: own.color }),
    dot([best], { x: "gamma", y: "mean", r: 6, stroke: "var(--ink)", strokeWidth: 2 }),
  ];
  const stroke = (y: number, more: object): Markish =>
    line(
      [
        { x: 0, y },
        { x: 1, y },
      ],
      { x: "x", y: "y", ...width, ...more },
    );
  const keys: Key[] = [
    { marks: [stroke(0.5, { stroke: own.color })], text: "loss, with one standard error" },
    { marks: [stroke(0.5, { stroke: shifted.color, strokeDasharray: shifted.dashes })], text: "the same at equal priors (adjusted)" },
    ...(rival
      ? [{ marks: [stroke(0.5, { stroke: base.color, strokeDasharray: base.dashes })], text: `${rival.name}, without a tuned size` }]
      : []),
    {
      marks: [dot([{ x: 0.5, y: 0.5 }], { x: "x", y: "y", r: 4, stroke: "var(--ink)", strokeWidth: 2 })],
      text: `chosen: ${digits(gamma)}`,
    },
  ];
  return chart({
    title: "Loss and size",
    description: `Balanced log loss of held out rows against the multiple of the rows that the strategy asks for. Chosen: ${digits(gamma)}, with a loss of ${digits(best.mean)}; multiples from ${digits(range[0])} to ${digits(range[1])} cannot be told from the best.`,
    options: {
      height: 300,
      marginLeft: 60,
      marginRight: 8,
      marginTop: 8,
      marginBottom: 34,
      x: axis("times the rows that the strategy asks for", { ticks: 5 }),
      y: axis("balanced log loss", { domain, ticks: 5, grid: true }),
      marks,
    },
    keys,
    notes: [
      range[0] < range[1]
        ? `The grey band is the range that one standard error cannot tell from the best: ${digits(range[0])} to ${digits(range[1])}.`
        : "No other multiple tried is within one standard error of the best, the grey line.",
      ...(edgeHit ? ["The best is the largest multiple tried; a larger one may be better."] : []),
    ],
    numbers: {
      head: ["multiple", "loss", "standard error", "adjusted"],
      rows: curve.map((point) => [point.gamma, point.mean, point.se, point.adjusted]),
    },
  });
}
