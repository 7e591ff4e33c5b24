import {ticks} from "npm:d3";

/**
 * Round values from `low` to `high`, about `count` of them, as d3.ticks has them; on a log(1 + x) axis, which d3 has no round
 * values for (its symlog scale has those of a linear one), powers of ten, with 0 where it is in range and there is room.
 * Ascending; empty if the range is.
 */
export function niceTicks(low: number, high: number, count: number, log = false): number[] {
  if (!(high > low)) return [];
  if (!log) return ticks(low, high, count);
  const exponents = ticks(Math.log10(Math.max(1, low)), Math.log10(Math.max(1, high)), count);
  const powers = exponents.filter(Number.isInteger).map((exponent) => 10 ** exponent);
  const found = (low <= 0 && powers.length <= count ? [0, ...powers] : powers).filter((value) => value <= high);
  return found.length >= 2 ? found : ticks(low, high, count);
}
