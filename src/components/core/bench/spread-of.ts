import type {Spread} from "./bench-run.js";

/** Count, median, least and largest of at least one time; four significant digits, which is more than a clock of a shared machine holds. */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  const short = (value: number) => Number(value.toPrecision(4));
  return {n: sorted.length, median: short(median), low: short(sorted[0]), high: short(sorted[sorted.length - 1])};
}
