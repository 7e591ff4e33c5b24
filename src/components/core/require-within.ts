import {WorkbookError} from "./errors.js";

/** Throws a WorkbookError of domain "usage" ("bad-number") where `value`, a number of `what` ("cells"), is no whole number from `least` to `most`. */
export function requireWithin(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new WorkbookError({
    domain: "usage",
    code: "bad-number",
    fault: `${value} ${what} were asked for`,
    remedy: `choose ${least} to ${most}`
  });
}
