import type { LeakReport } from "../diagnose/leak";
import type { PrivacyReport, Spread } from "../diagnose/privacy";
import type { ClassQuality, QualityReport } from "../diagnose/quality";
import { bullets, counted, digits, percent, table } from "./html";
import { intervalChart } from "./intervals";

/** Classes with a chart and tables of their own. */
const MOST_CLASSES = 8;
/** Columns that are drawn, those that differ most; a table has more. */
const MOST_COLUMNS = 20;

/** How far columns of synthetic rows are from those of real ones, a chart for each class. */
export function qualityCharts({ classes }: QualityReport): string[] {
  return classes.slice(0, MOST_CLASSES).flatMap(({ label, columns }) => {
    const known = columns.filter(({ distance }) => distance !== null).sort((a, b) => b.distance! - a.distance!);
    if (known.length === 0) return [];
    return intervalChart(
      `Columns of class ${String(label)}: how far synthetic rows are from real ones`,
      "distance: 0 alike, 1 apart",
      known.slice(0, MOST_COLUMNS).map(({ name, distance, kind }) => ({ name, value: distance, remark: kind })),
      {
        zero: true,
        notes: [
          `Kolmogorov and Smirnov's distance of numbers, total variation of others.${known.length > MOST_COLUMNS ? ` The ${MOST_COLUMNS} of ${known.length} columns that differ most.` : ""}`,
        ],
      },
    );
  });
}

/** What was found of each class, a column for each. */
export function qualityTable({ classes, rules, summary, notes }: QualityReport): string {
  const shown = classes.slice(0, MOST_CLASSES);
  const line = (what: string, value: (own: ClassQuality) => string): readonly string[] => [what, ...shown.map(value)];
  const share = (value: number | null | undefined): string => (value === null || value === undefined ? "–" : percent(value));
  const number = (value: number | null | undefined): string => (value === null || value === undefined ? "–" : digits(value));
  const found = table({
    head: ["what", ...shown.map(({ label }) => `class ${String(label)}`)],
    rows: [
      line("synthetic rows", ({ rows }) => String(rows.synthetic)),
      line("real rows", ({ rows }) => String(rows.real)),
      line("told from real rows by neighbors (area; 0.5 is a guess)", ({ twoSample }) => number(twoSample?.kNN)),
      line("told from real rows by logistic regression (area)", ({ twoSample }) => number(twoSample?.logistic)),
      line("precision: synthetic rows where real ones are", ({ fidelity }) => share(fidelity?.precision)),
      line("coverage: real rows with a synthetic one near", ({ fidelity }) => share(fidelity?.coverage)),
      line("maximum mean discrepancy, p-value", ({ mmd }) => number(mmd?.pValue)),
      line("synthetic rows that equal a real one", ({ duplicates }) => String(duplicates.ofReal)),
      line("synthetic rows as near to a real one as copies are", ({ duplicates }) => String(duplicates.near)),
      line("nearest real row is of another class", ({ territory }) => share(territory.nearestOther)),
      line("values out of range, or impossible", ({ columns }) =>
        String(columns.reduce((sum, { outOfRange, invalid }) => sum + outOfRange + invalid, 0)),
      ),
    ],
  });
  const broken = rules.length
    ? table({
        head: ["rule", "real rows that break it", "synthetic ones"],
        rows: rules.map(({ rule, real, synthetic }) => [rule, String(real), String(synthetic)]),
      })
    : "";
  return found + broken + bullets([...summary, ...notes]);
}

/** What synthetic rows give away. */
export function privacyTable({ rows, copies, closest, ratio, lines, mirrored, summary }: PrivacyReport): string {
  const spread = (value: Spread | null): string => (value ? `${digits(value.twentieth)} (median ${digits(value.median)})` : "–");
  const held = rows.holdout > 0;
  const shown = table({
    head: ["what", "synthetic rows", ...(held ? ["held out rows"] : [])],
    rows: [
      ["rows", String(rows.synthetic), ...(held ? [String(rows.holdout)] : [])],
      ["copies of real rows", percent(copies.synthetic), ...(held ? [copies.holdout === null ? "–" : percent(copies.holdout)] : [])],
      ["distance to the closest real row, of the nearest twentieth", spread(closest.synthetic), ...(held ? [spread(closest.holdout)] : [])],
      ["closest over second closest", spread(ratio.synthetic), ...(held ? [spread(ratio.holdout)] : [])],
      [
        `on the segment between two real rows, which names both (of ${counted(lines.asked, "row")})`,
        percent(lines.found),
        ...(held ? ["–"] : []),
      ],
      [
        "real rows computed from synthetic ones alone",
        mirrored ? `${mirrored.realRows} (${percent(mirrored.share)})` : "–",
        ...(held ? ["–"] : []),
      ],
    ],
  });
  return shown + bullets(summary);
}

/** Whether a test can be trusted. */
export function leakTable({ resampledBefore, duplicates, groups, time, madeTestRows, summary }: LeakReport): string {
  const shown = table({
    head: ["what", "found"],
    rows: [
      [
        `resampled before the split (by ${resampledBefore.by})`,
        `${resampledBefore.verdict}${resampledBefore.testRows ? `: ${counted(resampledBefore.testRows, "test row")}` : ""}`,
      ],
      ["test rows that equal a training row", `${duplicates.testRows} (${percent(duplicates.share)})`],
      ["of them alike before anything was copied", String(duplicates.before)],
      ["groups on both sides", groups ? `${groups.shared}, with ${counted(groups.testRows, "test row")}` : "no groups are known"],
      ["test rows earlier than a training row", time ? String(time.testRows) : "no times are known"],
      ["test rows that a method made", String(madeTestRows)],
    ],
  });
  return shown + bullets(summary);
}
