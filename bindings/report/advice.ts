import type { Advice, AdviceRow } from "../tune/advise";
import { ADVICE_METRICS, wordsOf } from "../tune/verdict";
import { digits, table } from "./html";
import { intervalChart } from "./intervals";

/** What of an advice is shown; plain data. */
export type AdviceParts = Pick<Advice, "metric" | "recommendation" | "rows">;

/** How much better candidates are than the best simple way, by each metric, the one that decides first. */
export function adviceCharts({ metric, rows }: AdviceParts): string[] {
  const metrics = [metric, ...ADVICE_METRICS.filter((other) => other !== metric)];
  return metrics.flatMap((each) => {
    const found = rows.flatMap(({ name, against }) => (against ? [{ name, ...against[each] }] : []));
    if (found.length === 0) return [];
    return intervalChart(
      `Against ${found[0]!.simple}, by ${wordsOf(each)}${each === metric ? ", which decides" : ""}`,
      "how much better",
      found.map(({ name, difference, low, high, verdict }) => ({
        name: `${name}: ${verdict}`,
        value: difference,
        low,
        high,
        remark: verdict,
      })),
      { zero: true },
    );
  });
}

/** Every way with its scores, sizes and verdict. */
export function adviceTable({ metric, recommendation, rows }: AdviceParts): string {
  return table({
    head: [
      "way",
      ...ADVICE_METRICS.map((each) => (each === metric ? `${wordsOf(each)} (decides)` : wordsOf(each))),
      "size",
      "verdict",
      "use",
    ],
    rows: rows.map((row) => [
      row.name,
      ...ADVICE_METRICS.map((each) => (row.means[each] === null ? "–" : digits(row.means[each]))),
      sizeOf(row),
      verdictOf(row, metric),
      row.name === recommendation ? "use this" : undefined,
    ]),
  });
}

/** Least and largest multiple that divisions chose. */
function sizeOf({ gammas }: AdviceRow): string | undefined {
  if (gammas.length === 0) return undefined;
  const [low, high] = [Math.min(...gammas), Math.max(...gammas)];
  return low === high ? digits(low) : `${digits(low)} to ${digits(high)}`;
}

function verdictOf({ against, failures }: AdviceRow, metric: AdviceParts["metric"]): string | undefined {
  if (!against) return failures[0]?.sentence;
  const { verdict, difference, low, high } = against[metric];
  if (difference === null || low === null || high === null) return verdict;
  return `${verdict}: ${digits(difference)} (${digits(low)} to ${digits(high)})`;
}

/** Failures of each way, as sentences. */
export function failuresOf({ rows }: AdviceParts): string[] {
  return rows.flatMap(({ name, failures }) =>
    failures.map(({ sentence, divisions }) => `${name} failed in ${divisions} of the divisions: ${sentence}`),
  );
}
