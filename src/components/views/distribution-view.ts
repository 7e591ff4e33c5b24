import * as Plot from "npm:@observablehq/plot";
import {quantileSorted} from "npm:d3";
import {extend, h} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatCount, formatNumber, formatShare} from "./format.js";
import {histogram} from "./histogram.js";

/** A quantity of cells and how it is shown. */
export interface DistributionData {
  title: string;
  /** One value a cell; values that are no numbers are left out and told of. */
  values: ArrayLike<number>;
  /** What the axis says, with its unit ("counts a cell"). */
  axis: string;
  /** "share" writes values from 0 to 1 as per cent. */
  format?: "number" | "share";
  /** Bars equally wide in log(1 + value). */
  log?: boolean;
  /** Ends of the axis; the values' own where left out. */
  low?: number;
  high?: number;
  caption?: string;
  /** A second quantity of the same cells, drawn as an outline over the first; `name` tells which is which. */
  other?: {values: ArrayLike<number>; name: string; ownName: string} | null;
  /** A value to point out, such as that of the cell that is looked at. */
  marker?: {value: number; label: string} | null;
}

/** A histogram that can be given other data; null empties it, with a word about why. */
export type DistributionView = HTMLElement & {update(data: DistributionData | null, waiting?: string): void};

const height = 200;
const bars = 40;

/** A histogram of one quantity over cells, its median told; null waits for data. */
export function distributionView(data: DistributionData | null = null, waiting = ""): DistributionView {
  const frame = figureFrame({height});
  const update = (next: DistributionData | null, why = ""): void =>
    frame.update(
      next === null
        ? null
        : {title: next.title, caption: captionOf(next), label: labelOf(next), draw: (width) => draw(next, width)},
      why
    );
  update(data, waiting);
  return extend(h("div", {class: "wb-distribution"}, frame), {update});
}

/** Quartiles of the finite values; NaN where there are none. */
export function quartiles(values: ArrayLike<number>): {count: number; low: number; median: number; high: number} {
  const sorted = Float64Array.from(values)
    .filter((value) => Number.isFinite(value))
    .sort();
  const at = (share: number): number => quantileSorted(sorted as ArrayLike<number> as number[], share) ?? NaN;
  return {count: sorted.length, low: at(0.25), median: at(0.5), high: at(0.75)};
}

const say = ({format}: DistributionData, value: number): string =>
  format === "share" ? formatShare(value) : formatNumber(value);

function labelOf(data: DistributionData): string {
  const {count, low, median, high} = quartiles(data.values);
  if (count === 0) return `${data.title}: no values`;
  const second =
    data.other == null ? "" : ` ${data.other.name}: median ${say(data, quartiles(data.other.values).median)}.`;
  const marked = data.marker == null ? "" : ` ${data.marker.label}: ${say(data, data.marker.value)}.`;
  return `${data.title}: ${formatCount(count, "cell")}, median ${say(data, median)}, half of them between ${say(data, low)} and ${say(data, high)}.${second}${marked}`;
}

function captionOf(data: DistributionData): string {
  const {count, low, median, high} = quartiles(data.values);
  const missing = data.values.length - count;
  const left = missing === 0 ? "" : ` ${formatCount(missing, "cell")} without a value left out.`;
  const found =
    count === 0
      ? ""
      : `Median ${say(data, median)}, half of the cells between ${say(data, low)} and ${say(data, high)}.`;
  return `${data.caption ?? ""} ${found}${left}`.trim();
}

function draw(data: DistributionData, width: number): Element {
  const {values, other, log = false, axis, marker, format} = data;
  const ends = endsOf(data);
  const {edges, counts} = histogram(values, bars, {log, ...ends});
  const rows = (list: Int32Array) => Array.from(list, (count, k) => ({from: edges[k], to: edges[k + 1], count}));
  const second = other == null ? null : rows(histogram(other.values, bars, {log, ...ends}).counts);
  const marks: Plot.Markish[] = [
    Plot.rectY(rows(counts), {
      x1: "from",
      x2: "to",
      y: "count",
      fill: "var(--wb-accent)",
      fillOpacity: 0.75,
      insetLeft: 0.5,
      insetRight: 0.5
    }),
    second === null
      ? null
      : Plot.rectY(second, {
          x1: "from",
          x2: "to",
          y: "count",
          fill: "var(--workbook-category-2)",
          fillOpacity: 0.55,
          insetLeft: 0.5,
          insetRight: 0.5
        }),
    Plot.ruleY([0]),
    marker == null || !Number.isFinite(marker.value)
      ? null
      : Plot.ruleX([marker.value], {stroke: "var(--theme-foreground)", strokeWidth: 2, strokeDasharray: "3 3"})
  ];
  const chart = Plot.plot({
    width,
    height,
    marginLeft: 52,
    marginBottom: 38,
    marginTop: 24,
    x: {
      type: log ? "symlog" : "linear",
      label: log ? `${axis} (logarithmic)` : axis,
      labelAnchor: "center",
      labelArrow: "none",
      domain: [edges[0], edges[bars]],
      ticks: log ? logTicks(edges[0], edges[bars], width < 480) : Math.max(3, Math.round(width / 110)),
      tickFormat: (value: number) => (format === "share" ? `${formatNumber(value * 100)} %` : formatNumber(value))
    },
    y: {
      label: "cells",
      labelArrow: "none",
      ticks: 4,
      grid: true,
      tickFormat: (value: number) => (Number.isInteger(value) ? formatNumber(value) : "")
    },
    marks
  });
  if (other == null) return chart;
  const swatch = (color: string, name: string) =>
    h("span", {class: "wb-swatchword"}, h("i", {style: `background: ${color}`}), name);
  return h(
    "div",
    {},
    h(
      "div",
      {class: "wb-swatchwords", "aria-hidden": "true"},
      swatch("var(--wb-accent)", other.ownName),
      swatch("var(--workbook-category-2)", other.name)
    ),
    chart
  );
}

/** Ends that hold both quantities. */
function endsOf({values, other, low, high}: DistributionData): {low?: number; high?: number} {
  if (other == null) return {low, high};
  const all = [values, other.values].flatMap((list) => Array.from(list).filter((value) => Number.isFinite(value)));
  const least = all.reduce((a, b) => Math.min(a, b), Infinity);
  const most = all.reduce((a, b) => Math.max(a, b), -Infinity);
  return {low: low ?? (all.length === 0 ? 0 : least), high: high ?? (all.length === 0 ? 1 : most)};
}

/** Round values for a log(1 + x) axis: 1, 2 and 5 times powers of ten, fewer where there is little room for them. */
function logTicks(low: number, high: number, narrow: boolean): number[] {
  const found = [[1, 2, 5], [1, 3], [1]].map((steps) =>
    [0, ...[0, 1, 2, 3, 4, 5, 6].flatMap((power) => steps.map((step) => step * 10 ** power))].filter(
      (value) => value >= low && value <= high
    )
  );
  return found.find((ticks) => ticks.length <= (narrow ? 5 : 10)) ?? found.at(-1)!;
}
