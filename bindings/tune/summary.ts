import { show } from "../check";
import type { Label } from "../contracts";
import { meanOf, standardError, type CurvePoint } from "./grid";

interface Told {
  readonly gamma: number;
  readonly range: readonly [number, number];
  readonly curve: readonly CurvePoint[];
  readonly counts: ReadonlyMap<Label, number>;
  readonly rows: readonly number[];
  readonly perRepeat: number;
}

/** What the curve says, in sentences: of the size, and of what rows do beyond moving an intercept. */
export function summaryOf({ gamma, range, curve, counts, rows, perRepeat }: Told): string {
  const best = curve.find((point) => point.gamma === gamma)!;
  const none = curve.find((point) => point.gamma === 0);
  const added = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const said = [
    gamma === 0
      ? "Add no synthetic rows."
      : `Add ${show(gamma)} times the rows that the strategy asks for: ${added} beside the ${rows.reduce((sum, count) => sum + count, 0)} real ones.`,
  ];
  said.push(
    range[0] === range[1]
      ? `No other size tried is within one standard error of it.`
      : `Sizes from ${show(range[0])} to ${show(range[1])} cannot be told from the best by one standard error.`,
  );
  if (none && gamma > 0) {
    const gained = none.adjustedPerSplit.map((loss, s) => loss - best.adjustedPerSplit[s]!);
    const [gain, se] = [meanOf(gained), standardError(gained, perRepeat)];
    said.push(
      `Balanced log loss falls from ${round(none.mean)} without them to ${round(best.mean)}; moving the prior alone, without any row, gives ${round(none.adjusted)}.`,
      gain > se
        ? `Beyond moving an intercept the rows bring ${round(gain)} (standard error ${round(se)}).`
        : `Beyond moving an intercept the rows bring nothing that could be told from chance (${round(gain)}, standard error ${round(se)}): correct the prior instead.`,
    );
  }
  return said.join(" ");
}

/** Four decimals. */
function round(value: number): string {
  return value.toFixed(4);
}
