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

/** Bars from left to right, the highest filling the figure; values that are not finite are left out. */
export function sparkBars(values: ArrayLike<number>, {title, label}: Spark): HTMLElement {
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
  return framed(svg("g", {class: "wb-spark-bars"}, ...bars), title, label);
}

/** A line through values at equal distances, from 0 at the bottom. */
export function sparkLine(values: ArrayLike<number>, {title, label}: Spark): HTMLElement {
  const most = Math.max(...Array.from(values), 0) || 1;
  const at = (i: number) => (values.length < 2 ? width / 2 : (i * width) / (values.length - 1));
  const points = Array.from(
    values,
    (value, i) => `${at(i).toFixed(1)},${(1 + (height - 2) * (1 - value / most)).toFixed(1)}`
  );
  const mark =
    values.length === 1 ? svg("circle", {cx: at(0), cy: 1 + (height - 2) * (1 - values[0] / most), r: 2}) : null;
  return framed(svg("g", {class: "wb-spark-line"}, svg("polyline", {points: points.join(" ")}), mark), title, label);
}

/** Points of a map (x and y by turns), at most 600 of them, fitted into the figure. */
export function sparkDots(positions: Float32Array, {title, label}: Spark): HTMLElement {
  const n = positions.length / 2;
  const every = Math.max(1, Math.ceil(n / 600));
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < n; ++i) {
    left = Math.min(left, positions[2 * i]);
    right = Math.max(right, positions[2 * i]);
    low = Math.min(low, positions[2 * i + 1]);
    high = Math.max(high, positions[2 * i + 1]);
  }
  const scale = Math.min((width - 4) / (right - left || 1), (height - 4) / (high - low || 1));
  const dots: SVGCircleElement[] = [];
  for (let i = 0; i < n; i += every) {
    const x = width / 2 + (positions[2 * i] - (left + right) / 2) * scale;
    const y = height / 2 - (positions[2 * i + 1] - (low + high) / 2) * scale;
    dots.push(svg("circle", {cx: x.toFixed(1), cy: y.toFixed(1), r: 1.1}));
  }
  return framed(svg("g", {class: "wb-spark-dots"}, ...dots), title, label);
}

function framed(drawing: SVGElement, title: string, label: string): HTMLElement {
  const image = svg(
    "svg",
    {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "wb-spark"},
    drawing
  );
  return h("figure", {class: "wb-spark-figure"}, image, h("figcaption", {}, title));
}
