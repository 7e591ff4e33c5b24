import type {ReliabilityBin} from "./reliability.js";

/**
 * Expected calibration error (Naeini and others 2015; Guo and others 2017) of the bins of `reliability`: the differences between mean stated probability and share that came true,
 * averaged, weighted by cases. 0 (right as often as stated) to 1; NaN for no cases.
 */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const all = bins.reduce((sum, {cases}) => sum + cases, 0);
  const apart = bins.reduce((sum, {cases, stated, right}) => sum + cases * Math.abs((stated ?? 0) - (right ?? 0)), 0);
  return all === 0 ? NaN : apart / all;
}
