import type {ObsColumn} from "../core/tables/cells.js";
import {hex} from "./oklab.js";
import {darkCategories, grays, lightCategories, sequentialRamp} from "./palette.js";

/** A color of a scale, for light and dark pages, and the cells that have it. */
export interface ColorEntry {
  label: string;
  count: number;
  light: string;
  dark: string;
  /** "other": all categories beyond those with colors of their own; "missing": cells without a value. */
  kind: "category" | "other" | "missing";
}

interface Colors {
  title: string;
  /** Of each cell, which color of `light` and `dark` it has. */
  index: Uint8Array;
  light: readonly string[];
  dark: readonly string[];
}

/** Colors of groups: entry k is color k. Largest group first, "other" and "not given" last. */
export interface CategoricalScale extends Colors {
  kind: "categorical";
  entries: readonly ColorEntry[];
  /** Categories gathered in "other"; 0 if there is none. */
  folded: number;
}

/** Colors of numbers: 255 steps of a ramp over `domain`, then one color for cells without a value. */
export interface ContinuousScale extends Colors {
  kind: "continuous";
  unit?: string;
  /** Values at the two ends of the ramp; values beyond take the end's color. */
  domain: [low: number, high: number];
  /** True: the ramp runs over log(1 + value). */
  log: boolean;
  /** Value of each cell; NaN for one without. */
  values: Float64Array;
  /** What the value 0 means, for the legend ("not detected"). */
  zero?: string;
  /** Cells without a value, with the value 0, and with values below and above `domain`. */
  missing: number;
  zeros: number;
  below: number;
  above: number;
}

export type ColorScale = CategoricalScale | ContinuousScale;

export interface ColorScaleOptions {
  /** Groups with a color of their own, at most 50. */
  maxCategories?: number;
  /** Whether whole numbers are groups or amounts; by default groups if there are at most 20 distinct ones. */
  as?: "categorical" | "continuous";
  /** Color by log(1 + value); by default where values are not negative and spread over more than two decades. */
  log?: boolean;
  /** Unit of the numbers, for the legend ("counts", "%"). */
  unit?: string;
  /** Lowest value of the ramp; the highest is then the 99th percentile of the values above it (of fewer than 50, the highest). */
  from?: number;
  /** What the value 0 means, for the legend ("not detected"). */
  zero?: string;
  /** Title of the legend; the column's name by default. */
  title?: string;
}

/** Steps of a continuous ramp; the color after them is that of missing values. */
export const rampSteps = 255;

/**
 * The colors of a column. Groups come in the order of their size, then of their names; the range of numbers is the
 * middle 98 % of them, so that one outlier does not take the whole ramp.
 */
export function colorScale(column: ObsColumn, options: ColorScaleOptions = {}): ColorScale {
  const title = options.title ?? column.name;
  switch (column.kind) {
    case "categorical":
      return categorical(title, column.codes, column.categories, options);
    case "text":
      return categorical(title, ...encode(column.values), options);
    case "boolean": {
      const codes = Int32Array.from(column.values, (value, i) => (column.valid?.[i] === 0 ? -1 : value === 0 ? 1 : 0));
      return categorical(title, codes, ["true", "false"], {...options, maxCategories: 2}, true);
    }
    case "integer": {
      const given = (i: number): boolean => column.valid?.[i] !== 0;
      const distinct = new Set(column.values.filter((_, i) => given(i)));
      if (options.as === "continuous" || (options.as === undefined && distinct.size > 20)) break;
      return categorical(
        title,
        ...encode(Array.from(column.values, (value, i) => (given(i) ? String(value) : null))),
        options
      );
    }
    case "number":
      break;
  }
  const values = Float64Array.from(column.values);
  for (let i = 0; i < values.length; ++i) if (column.valid?.[i] === 0) values[i] = NaN;
  return continuous(title, values, options);
}

/** One color for all cells, where there is nothing to color by. */
export function plainScale(cells: number, title = "cells"): CategoricalScale {
  return categorical(title, new Int32Array(cells), [title], {});
}

/** The scale for some of its cells (`cells[i]` is a position in the scale's own order): same colors, counts of these. */
export function pickCells<S extends ColorScale>(scale: S, cells: ArrayLike<number>): S {
  const index = new Uint8Array(cells.length);
  for (let i = 0; i < index.length; ++i) index[i] = scale.index[cells[i]];
  if (scale.kind === "continuous") {
    const values = Float64Array.from(index, (_, i) => scale.values[cells[i]]);
    return {...scale, index, values, ...tally(values, scale.domain)};
  }
  const counts = countsOf(index, scale.entries.length);
  return {...scale, index, entries: scale.entries.map((entry, k) => ({...entry, count: counts[k]}))};
}

/** Where a number stands on a ramp, 0 to 1, clipped. */
export function rampPosition(
  value: number,
  {domain: [low, high], log}: Pick<ContinuousScale, "domain" | "log">
): number {
  const share = log
    ? Math.log((1 + value) / (1 + low)) / Math.log((1 + high) / (1 + low))
    : (value - low) / (high - low);
  return Math.min(1, Math.max(0, share));
}

function categorical(
  title: string,
  codes: Int32Array,
  categories: readonly string[],
  {maxCategories = 50}: ColorScaleOptions,
  fixedOrder = false
): CategoricalScale {
  const most = Math.min(maxCategories, lightCategories.length);
  const sizes = countsOf(codes, categories.length);
  const names = new Intl.Collator("en", {numeric: true});
  const present = [...categories.keys()].filter((code) => sizes[code] > 0);
  if (!fixedOrder) present.sort((a, b) => sizes[b] - sizes[a] || names.compare(categories[a], categories[b]) || a - b);
  const own = present.slice(0, most);
  const folded = present.length - own.length;
  const colorOf = new Uint8Array(categories.length).fill(own.length);
  own.forEach((code, k) => (colorOf[code] = k));
  const missingIndex = own.length + (folded > 0 ? 1 : 0);
  const index = new Uint8Array(codes.length);
  for (let i = 0; i < codes.length; ++i) index[i] = codes[i] < 0 ? missingIndex : colorOf[codes[i]];
  const counts = countsOf(index, missingIndex + 1);
  const entries: ColorEntry[] = own.map((code, k) => ({
    label: categories[code],
    count: counts[k],
    light: lightCategories[k],
    dark: darkCategories[k],
    kind: "category"
  }));
  if (folded > 0) {
    entries.push({
      label: `other (${folded} more)`,
      count: counts[own.length],
      light: grays.light.other,
      dark: grays.dark.other,
      kind: "other"
    });
  }
  if (counts[missingIndex] > 0) {
    entries.push({
      label: "not given",
      count: counts[missingIndex],
      light: grays.light.missing,
      dark: grays.dark.missing,
      kind: "missing"
    });
  }
  const [light, dark] = [entries.map((entry) => entry.light), entries.map((entry) => entry.dark)];
  return {kind: "categorical", title, index, light, dark, entries, folded};
}

const ramps = {
  light: [...sequentialRamp(rampSteps, "light").map(hex), grays.light.missing],
  dark: [...sequentialRamp(rampSteps, "dark").map(hex), grays.dark.missing]
};

function continuous(title: string, values: Float64Array, {log, unit, from, zero}: ColorScaleOptions): ContinuousScale {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  const domain = from === undefined ? robustRange(sorted) : rangeFrom(from, sorted);
  const high = domain[1];
  const isLog =
    (log ?? (high >= 100 && high > 100 * Math.max(1, sorted[Math.floor(sorted.length * 0.02)] ?? 1))) &&
    (sorted[0] ?? 0) >= 0;
  const scale = {domain, log: isLog};
  const index = Uint8Array.from(values, (value) =>
    Number.isFinite(value) ? Math.round(rampPosition(value, scale) * (rampSteps - 1)) : rampSteps
  );
  return {
    kind: "continuous",
    title,
    ...(unit === undefined ? {} : {unit}),
    ...(zero === undefined ? {} : {zero}),
    index,
    values,
    ...ramps,
    ...scale,
    ...tally(values, domain)
  };
}

/** Cells that a legend tells of. */
function tally(
  values: Float64Array,
  [low, high]: readonly [number, number]
): Pick<ContinuousScale, "missing" | "zeros" | "below" | "above"> {
  const found = {missing: 0, zeros: 0, below: 0, above: 0};
  for (const value of values) {
    if (!Number.isFinite(value)) found.missing += 1;
    else if (value < low) found.below += 1;
    else if (value > high) found.above += 1;
    if (value === 0) found.zeros += 1;
  }
  return found;
}

/** From `from` to the 99th percentile of the sorted values above it, or to the highest of fewer than 50: one value in a few is no outlier. */
function rangeFrom(from: number, sorted: Float64Array): [number, number] {
  const beyond = sorted.filter((value) => value > from);
  return beyond.length === 0
    ? [from, from + 1]
    : [from, beyond[Math.floor((beyond.length - 1) * (beyond.length < 50 ? 1 : 0.99))]];
}

/** The middle 98 % of sorted values; all of them if those are one value; widened if all are one value. */
function robustRange(sorted: Float64Array): [number, number] {
  if (sorted.length === 0) return [0, 1];
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const low = sorted[Math.floor((sorted.length - 1) * 0.01)];
  const high = sorted[Math.ceil((sorted.length - 1) * 0.99)];
  if (low < high) return [low, high];
  if (first < last) return [first, last];
  const half = first === 0 ? 0.5 : Math.abs(first) / 2;
  return [first - half, first + half];
}

function encode(values: readonly (string | null)[]): [codes: Int32Array, categories: string[]] {
  const position = new Map<string, number>();
  const codes = Int32Array.from(values, (value) => {
    if (value === null) return -1;
    if (!position.has(value)) position.set(value, position.size);
    return position.get(value)!;
  });
  return [codes, [...position.keys()]];
}

function countsOf(codes: ArrayLike<number>, length: number): Uint32Array {
  const counts = new Uint32Array(length);
  for (let i = 0; i < codes.length; ++i) if (codes[i] >= 0) counts[codes[i]] += 1;
  return counts;
}
