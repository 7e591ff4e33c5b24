import {h} from "./dom.js";
import {svg} from "./svg.js";

/** A small figure without axes, with one line of words under it. */
export interface Spark {
  /** What is shown, a few words ("counts a cell"). */
  title: string;
  /** The same with the numbers that matter, for who cannot see it. */
  label: string;
}

const width = 160;
const height = 40;

/** Bars from left to right, the highest filling the figure, and a second series as a line with a height of its own; values that are not finite are left out. */
export function sparkBars(
  values: ArrayLike<number>,
  {title, label, line}: Spark & {line?: ArrayLike<number>}
): HTMLElement {
  const all = Array.from(values);
  const most = Math.max(...all.filter(Number.isFinite), 0) || 1;
  const step = width / Math.max(1, all.length);
  const bars = all.map((value, i) =>
    Number.isFinite(value) && value > 0
      ? svg("rect", {
          x: i * step,
          width: Math.max(0.5, step * 0.85),
          y: height * (1 - value / most),
          height: (height * value) / most
        })
      : null
  );
  const drawn = line === undefined ? null : svg("polyline", {points: pointsOf(line, step), class: "wb-spark-line"});
  return framed(svg("g", {class: "wb-spark-bars"}, ...bars, drawn), title, label);
}

/** A line through the middle of each bar, the highest value at the top. */
function pointsOf(values: ArrayLike<number>, step: number): string {
  const all = Array.from(values);
  const most = Math.max(...all, 0) || 1;
  return all
    .map((value, i) => `${((i + 0.42) * step).toFixed(1)},${(1 + (height - 2) * (1 - value / most)).toFixed(1)}`)
    .join(" ");
}

/** Signed numbers, row after row: the farther from 0, the stronger the color of their sign; the farthest is full. */
export function sparkHeat(values: Float32Array, columns: number, {title, label}: Spark): HTMLElement {
  const most = values.reduce((far, value) => Math.max(far, Math.abs(value)), 0) || 1;
  const [w, h] = [width / columns, (height * columns) / values.length];
  const cells = Array.from(values, (value, i) =>
    svg("rect", {
      x: ((i % columns) * w).toFixed(2),
      y: (Math.floor(i / columns) * h).toFixed(2),
      width: w.toFixed(2),
      height: h.toFixed(2),
      class: value < 0 ? "wb-spark-below" : "wb-spark-above",
      "fill-opacity": Math.sqrt(Math.abs(value) / most).toFixed(2)
    })
  );
  return framed(svg("g", {"shape-rendering": "crispEdges"}, ...cells), title, label);
}

/** Stretches one after the other, each of bars of `widths` (which fill the figure together) and heights, in a color of its own by turns. */
export function sparkStretches(
  stretches: readonly (readonly {width: number; height: number}[])[],
  {title, label}: Spark
): HTMLElement {
  const total = stretches.flat().reduce((sum, bar) => sum + bar.width, 0) || 1;
  const most = stretches.flat().reduce((high, bar) => Math.max(high, bar.height), 0) || 1;
  let at = 0;
  const groups = stretches.map((bars, k) => {
    // One path a stretch: a sentence has a thousand bars.
    const paths = bars.map((bar) => {
      const [x, w, tall] = [at, (bar.width * width) / total, (bar.height * height) / most];
      at += w;
      return `M${x.toFixed(2)} ${height}v${(-tall).toFixed(2)}h${w.toFixed(2)}v${tall.toFixed(2)}z`;
    });
    return svg("path", {d: paths.join(""), class: `wb-spark-stretch-${1 + (k % stretchColors)}`});
  });
  return framed(svg("g", {}, ...groups), title, label);
}

const stretchColors = 3;

/** Colors of points for light and dark pages; `index` says which each point has. */
export interface DotColors {
  index: ArrayLike<number>;
  light: readonly string[];
  dark: readonly string[];
}

/** Points of a map (x and y by turns), at most 600 of them, fitted into the figure. */
export function sparkDots(positions: Float32Array, {title, label, colors}: Spark & {colors?: DotColors}): HTMLElement {
  const n = positions.length / 2;
  const every = Math.max(1, Math.ceil(n / 600));
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < n; ++i) {
    left = Math.min(left, positions[2 * i]);
    right = Math.max(right, positions[2 * i]);
    low = Math.min(low, positions[2 * i + 1]);
    high = Math.max(high, positions[2 * i + 1]);
  }
  // As wide as the map is, in a height of its own: the figure fills whatever room it gets.
  const scale = (height - 4) / (high - low || 1);
  const dots: SVGCircleElement[] = [];
  for (let i = 0; i < n; i += every) {
    const x = 2 + (positions[2 * i] - left) * scale;
    const y = 2 + (high - positions[2 * i + 1]) * scale;
    const of = colors?.index[i];
    const fill = of === undefined ? null : `fill: light-dark(${colors!.light[of]}, ${colors!.dark[of]})`;
    dots.push(svg("circle", {cx: x.toFixed(1), cy: y.toFixed(1), r: 1.1, style: fill}));
  }
  const wide = n === 0 ? width : 4 + (right - left) * scale;
  return framed(svg("g", {class: "wb-spark-dots"}, ...dots), title, label, {width: wide, stretched: false});
}

function framed(
  drawing: SVGElement,
  title: string,
  label: string,
  {width: wide = width, stretched = true}: {width?: number; stretched?: boolean} = {}
): HTMLElement {
  const image = svg(
    "svg",
    {
      viewBox: `0 0 ${wide.toFixed(1)} ${height}`,
      preserveAspectRatio: stretched ? "none" : "xMidYMid",
      role: "img",
      "aria-label": label,
      class: "wb-spark"
    },
    drawing
  );
  return h("figure", {class: "wb-spark-figure"}, image, h("figcaption", {}, title));
}
