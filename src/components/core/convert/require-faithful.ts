import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import type {BundleVariant, Manifest} from "../model/bundle.js";
import {variantLimits} from "../model/variant-limits.js";
import type {VariantLimits} from "../model/variant-limits.js";

/** Fewest real cells that a shipped variant is measured on. */
export const fewestCells = 500;

/**
 * Throws a WorkbookError of domain "checkpoint" unless every variant but fp32 was measured on at least 500 cells
 * ("not-measured"), is within the limits of its precision ("variant-misses"), and the negative controls of the
 * measurement are at least twice as far off as the limit is ("control-passes": such a measurement tells nothing).
 */
export function requireFaithful(
  {variants, measured}: Manifest,
  limits: Partial<Record<Precision, VariantLimits>> = {}
): void {
  for (const variant of variants) {
    const {precision} = variant;
    if (precision === "fp32") continue;
    if (measured === undefined || measured.cells < fewestCells) throw notMeasured(variant, measured?.cells ?? 0);
    const limit = limits[precision] ?? variantLimits[precision];
    const {relativeError, recall15} = variant as {relativeError: number; recall15: number};
    const where = `on ${measured.cells} cells (${measured.origin})`;
    if (!(relativeError <= limit.relativeError)) {
      throw misses(precision, `relative error ${shown(relativeError)} (limit ${limit.relativeError}) ${where}`);
    }
    if (!(recall15 >= limit.recall15)) {
      throw misses(precision, `15-neighbor recall ${shown(recall15)} (at least ${limit.recall15}) ${where}`);
    }
    for (const [name, error] of Object.entries(measured.controls)) {
      if (error < 2 * limit.relativeError) throw controlPasses(precision, name, error, limit.relativeError);
    }
  }
}

function notMeasured({precision}: BundleVariant, cells: number): WorkbookError {
  return new WorkbookError({
    domain: "checkpoint",
    code: "not-measured",
    fault: `the ${precision} variant was measured on ${cells} cells, it takes at least ${fewestCells}`,
    remedy: "give real cells to measure it on, or ask for inexact variants"
  });
}

function misses(precision: Precision, figure: string): WorkbookError {
  return new WorkbookError({
    domain: "checkpoint",
    code: "variant-misses",
    fault: `the ${precision} variant is too far from float32: ${figure}`,
    remedy: `leave ${precision} out, or ask for inexact variants`
  });
}

function controlPasses(precision: Precision, name: string, error: number, limit: number): WorkbookError {
  return new WorkbookError({
    domain: "checkpoint",
    code: "control-passes",
    fault:
      `sentences spoilt on purpose (${name}) have relative error ${shown(error)}, too near to the limit ${limit} ` +
      `of ${precision} for the measurement to tell right from wrong`,
    remedy: "measure on more varied cells, or ask for inexact variants"
  });
}

function shown(value: number): string {
  return value.toPrecision(3);
}
