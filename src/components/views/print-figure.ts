import {escapeHtml} from "../core/escape-html.js";
import type {ColorScale} from "./color-scale.js";
import {pickCells} from "./color-scale.js";
import {formatCount} from "./format.js";
import {grays, pageColors} from "./palette.js";
import {printLegend} from "./print-legend.js";
import {wrapWords} from "./wrap-words.js";

/** What a figure for print shows: a map of cells. */
export interface PrintContent {
  title: string;
  /** x, y by turns, of each point. */
  positions: Float32Array;
  /** Cell of each point, as the scale counts them. */
  cells: Int32Array;
  scale: ColorScale;
  /** Cells that are selected, as the scale counts them; the others are drawn gray. Null: no selection. */
  selected: Int32Array | null;
  /** What made it: sentences under the map. */
  provenance: string;
}

/** A figure for print. */
export interface PrintFigure {
  /** SVG that stands alone: fonts of the reader's own, no style sheet, no script. */
  svg: string;
  /** Width and height in millimeters. */
  width: number;
  height: number;
}

/** Width of a page's text in most journals, in millimeters, and units of the drawing (points of 1/72 inch) in one. */
export const printWidth = 180;
const perMillimeter = 72 / 25.4;
const [width, map, margin] = [printWidth * perMillimeter, 330, 8];
const font = 'font-family="Helvetica, Arial, sans-serif"';
const small = 6.5;

/**
 * A map at print size (180 mm wide): title, map in one unit for both axes, legend with the number of cells, and what made it. Colors are those of light
 * pages. Groups are drawn by turns, so that what is drawn last is of every group; of numbers, the highest on top.
 */
export function printFigure(content: PrintContent): PrintFigure {
  const {title, cells, scale, selected, provenance} = content;
  const {light} = pageColors;
  const shown = selected === null ? null : new Set(selected);
  const counted = shown === null ? cells : cells.filter((cell) => shown.has(cell));
  const caption =
    shown === null
      ? formatCount(cells.length, "cell")
      : `${formatCount(counted.length, "selected cell")} of ${formatCount(cells.length, "cell")}; the others are gray`;
  const top = 36;
  // A letter is about half the font's size wide.
  const lines = wrapWords(provenance, Math.floor((width - 2 * margin) / (0.5 * small)));
  const height = top + map + 14 + lines.length * small * 1.35 + margin;
  const text = (x: number, y: number, size: number, words: string, more = "") =>
    `<text x="${x}" y="${y.toFixed(1)}" font-size="${size}" ${more}>${escapeHtml(words)}</text>`;
  const body = [
    `<rect width="100%" height="100%" fill="${light.paper}"/>`,
    `<g ${font} fill="${light.ink}">`,
    text(margin, 16, 12, title, 'font-weight="bold"'),
    text(margin, 28, 8, caption),
    `<g transform="translate(${margin} ${top})">${points(content, shown)}`,
    `<rect x="0" y="0" width="${map}" height="${map}" fill="none" stroke="${grays.light.missing}" stroke-width="0.5"/></g>`,
    `<g transform="translate(${margin + map + 14} ${top})">${printLegend(pickCells(scale, counted), {width: width - map - 2 * margin - 14, height: map})}</g>`,
    `<g fill="${light.ink}">${lines.map((line, i) => text(margin, top + map + 14 + i * small * 1.35, small, line)).join("")}</g>`,
    "</g>"
  ].join("");
  const size = {width: printWidth, height: height / perMillimeter};
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}mm" height="${size.height.toFixed(2)}mm" viewBox="0 0 ${width.toFixed(2)} ${height.toFixed(2)}" role="img"><title>${escapeHtml(`${title}: ${caption}`)}</title><desc>${escapeHtml(provenance)}</desc>${body}</svg>`;
  return {svg, ...size};
}

/** A path for each color and round; cells that are left out first. */
function points({positions, cells, scale}: PrintContent, shown: Set<number> | null): string {
  const place = fit(positions);
  const dot = Math.max(0.6, Math.min(4, 70 / Math.sqrt(Math.max(1, cells.length))));
  const paths = new Map<string, {order: number; color: string; dots: string[]}>();
  cells.forEach((cell, i) => {
    const away = shown !== null && !shown.has(cell);
    const color = away ? pageColors.light.away : scale.light[scale.index[cell]];
    const isMissing = scale.kind === "continuous" && Number.isNaN(scale.values[cell]);
    const order = away ? -2 : isMissing ? -1 : scale.kind === "continuous" ? scale.index[cell] : i % 4;
    const key = `${order} ${color}`;
    const path = paths.get(key) ?? {order, color, dots: []};
    path.dots.push(`M${place(i)}h0`);
    paths.set(key, path);
  });
  const drawn = [...paths.values()]
    .sort((a, b) => a.order - b.order)
    .map(({color, dots}) => `<path stroke="${color}" d="${dots.join("")}"/>`);
  return `<g fill="none" stroke-linecap="round" stroke-width="${dot.toFixed(2)}">${drawn.join("")}</g>`;
}

/** Where point i stands: the map fills its square but for a margin. */
function fit(positions: Float32Array): (i: number) => string {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < positions.length; i += 2) {
    [left, right] = [Math.min(left, positions[i]), Math.max(right, positions[i])];
    [bottom, top] = [Math.min(bottom, positions[i + 1]), Math.max(top, positions[i + 1])];
  }
  const unit = (map - 20) / (Math.max(right - left, top - bottom) || 1);
  const [x0, y0] = [(map - unit * (left + right)) / 2, (map + unit * (bottom + top)) / 2];
  return (i) => `${(x0 + unit * positions[2 * i]).toFixed(1)} ${(y0 - unit * positions[2 * i + 1]).toFixed(1)}`;
}
