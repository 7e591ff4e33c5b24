import {h} from "./dom.js";
import {formatInteger} from "./format.js";
import {svg} from "./svg.js";

/** One distribution of cosines. */
export interface CosineStrip {
  /** What pairs these are ("the same cell, another seed"). */
  name: string;
  count: number;
  /** 5th, 25th, 50th, 75th and 95th percentile. */
  quantiles: readonly number[];
  /** Pairs in equal bins from the axis' start to 1. */
  histogram: ArrayLike<number>;
  /** Number of its color, 1 to 8. */
  color: number;
}

/** What `cosineStrips` shows: strips under one axis, in groups. */
export interface CosineData {
  /** Start of the axis, and of the histograms; they end at 1. */
  from: number;
  groups: readonly {name: string; strips: readonly CosineStrip[]}[];
}

/**
 * Distributions of cosines under one axis: for each an area, its middle half as a bar and its median as a line, with the
 * median beside it. Areas are scaled each to its own highest bin. Strips without pairs are left out.
 */
export function cosineStrips({from, groups}: CosineData): HTMLElement {
  const ticks = ticksFrom(from);
  const position = (value: number) => (100 * (value - from)) / (1 - from);
  const axis = () =>
    h(
      "div",
      {class: "wb-strip-axis", "aria-hidden": "true"},
      ticks.map((tick) =>
        h(
          "span",
          {
            style: `left: ${position(tick).toFixed(2)}%`,
            "data-edge": tick === 1 ? "end" : tick === from ? "start" : undefined
          },
          tickText(tick)
        )
      )
    );
  const strip = ({name, count, quantiles, histogram, color}: CosineStrip) => {
    const [low, quarter, median, threeQuarters, high] = quantiles as [number, number, number, number, number];
    const words = `${name}: median cosine ${median.toFixed(3)}, 90 % between ${low.toFixed(3)} and ${high.toFixed(3)}, ${formatInteger(count)} pairs`;
    const picture = svg(
      "svg",
      {
        viewBox: "0 0 100 30",
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": words,
        style: `--strip: var(--workbook-category-${color})`
      },
      ...ticks.map((tick) =>
        svg("line", {class: "wb-strip-grid", x1: position(tick), x2: position(tick), y1: 0, y2: 30})
      ),
      svg("path", {class: "wb-strip-area", d: area(histogram)}),
      svg("rect", {
        class: "wb-strip-box",
        x: position(quarter),
        width: Math.max(0.3, position(threeQuarters) - position(quarter)),
        y: 25.5,
        height: 3
      }),
      svg("line", {class: "wb-strip-median", x1: position(median), x2: position(median), y1: 1, y2: 30})
    );
    return h(
      "div",
      {class: "wb-strip"},
      h("div", {class: "wb-strip-name"}, name),
      h("div", {class: "wb-strip-value wb-number", title: words}, median.toFixed(2)),
      h("div", {class: "wb-strip-picture"}, picture)
    );
  };
  return h(
    "figure",
    {class: "wb-strips wb-figure-html"},
    h("div", {class: "wb-figure-title"}, "Cosine between two vectors"),
    groups.map(({name, strips}) =>
      h(
        "div",
        {class: "wb-strip-group", role: "group", "aria-label": name},
        h("div", {class: "wb-strip-heading"}, name, h("span", {class: "wb-small"}, "median")),
        strips.filter(({count}) => count > 0).map(strip),
        axis()
      )
    ),
    h(
      "figcaption",
      {},
      "Each area is a distribution of pairs, scaled to its own height; the line is the median, the bar the middle half. Cosine 1 is the same direction, 0 a right angle (no unit)."
    )
  );
}

/** The histogram as a closed path in a box of 100 x 24. */
function area(histogram: ArrayLike<number>): string {
  const values = Array.from(histogram);
  const most = Math.max(1, ...values);
  const step = 100 / values.length;
  const steps = values.map(
    (n, i) =>
      `L${(i * step).toFixed(2)} ${(24 - (22 * n) / most).toFixed(2)}L${((i + 1) * step).toFixed(2)} ${(24 - (22 * n) / most).toFixed(2)}`
  );
  return `M0 24${steps.join("")}L100 24Z`;
}

/** Round numbers from the axis' start to 1, five or so. */
function ticksFrom(from: number): number[] {
  const step = [0.05, 0.1, 0.2, 0.25, 0.5].find((size) => (1 - from) / size <= 5) ?? 0.5;
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.round((1 - first * step) / step);
  return Array.from({length: count + 1}, (_, i) => Number((1 - (count - i) * step).toFixed(4)));
}

function tickText(tick: number): string {
  return String(tick).replace("-", "−");
}
