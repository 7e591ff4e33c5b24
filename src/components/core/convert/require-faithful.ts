import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import type {Manifest} from "../model/bundle.js";
import {variantLimits} from "../model/variant-limits.js";
import type {VariantLimits} from "../model/variant-limits.js";
import type {VariantFigures, VariantMeasurement} from "./measurement.js";

/** Fewest real cells that a shipped variant is measured on. */
export const fewestCells = 500;

/** Throws a WorkbookError of domain "checkpoint", code "not-measured", where a variant needs measuring and too few cells are given. */
export function requireCalibration(variants: readonly Precision[], cells: number): void {
  const precision = variants.find((name) => name !== "fp32");
  if (precision === undefined || cells >= fewestCells) return;
  throw new WorkbookError({
    domain: "checkpoint",
    code: "not-measured",
    fault: `the ${precision} variant was measured on ${cells} cells, it takes at least ${fewestCells}`,
    remedy: "give real cells to measure it on, or ask for inexact variants"
  });
}

/**
 * Why a variant is not fit for use; null where it is: float32, or within the limits of its precision ("variant-misses"), with
 * negative controls that are at least twice as far off as the limit is ("control-passes": such a measurement tells nothing).
 * A WorkbookError of domain "checkpoint".
 */
export function faultOfVariant(
  precision: Precision,
  {origin, controls, variants}: Pick<VariantMeasurement, "origin" | "controls" | "variants">,
  limits: Partial<Record<Precision, VariantLimits>> = {},
  all = 0
): WorkbookError | null {
  const figures = variants[precision];
  if (precision === "fp32" || figures === undefined) return null;
  const limit = limits[precision] ?? variantLimits[precision];
  const {relativeError, recall15, cells} = figures;
  const where =
    cells < all ? `on the first ${cells} of ${all} cells (${origin}), clearly enough` : `on ${cells} cells (${origin})`;
  const figure = figureBeyond({relativeError, recall15}, limit);
  if (figure !== null) return misses(precision, `${figure} ${where}`);
  if (cells < all)
    return misses(precision, `relative error ${shown(relativeError)}, 15-neighbor recall ${shown(recall15)} ${where}`);
  for (const [name, error] of Object.entries(controls)) {
    if (error < 2 * limit.relativeError) return controlPasses(precision, name, error, limit.relativeError);
  }
  return null;
}

/** Figures of a variant as its manifest entry has them. */
export function manifestFigures(figures: VariantFigures | undefined): Partial<Manifest["variants"][number]> {
  return figures === undefined ? {} : {relativeError: figures.relativeError, recall15: figures.recall15};
}

function figureBeyond({relativeError, recall15}: Omit<VariantFigures, "cells">, limit: VariantLimits): string | null {
  if (!(relativeError <= limit.relativeError))
    return `relative error ${shown(relativeError)} (limit ${limit.relativeError})`;
  if (!(recall15 >= limit.recall15)) return `15-neighbor recall ${shown(recall15)} (at least ${limit.recall15})`;
  return null;
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
