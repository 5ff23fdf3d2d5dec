/** What is said of repeated times. */

export function median(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return (sorted[(times.length - 1) >> 1] + sorted[times.length >> 1]) / 2;
}

export function geometricMean(ratios) {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

/** Median (least–most), with the digits that a reader can use unless told how many. */
export function cell(times, digits = digitsFor(median(times))) {
  const text = (time) => time.toFixed(digits);
  return times.length === 1 ? text(times[0]) : `${text(median(times))} (${text(Math.min(...times))}–${text(Math.max(...times))})`;
}

function digitsFor(time) {
  return time < 10 ? 2 : time < 100 ? 1 : 0;
}
