/** A share in percent, never rounded to all or nothing where it is neither. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return "less than 0.1 %";
  if (share < 1 && share > 0.999) return "more than 99.9 %";
  return `${Math.round(share * 1000) / 10} %`;
}

/** "1 row", "3 rows". */
export function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** A number to three digits or so. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
