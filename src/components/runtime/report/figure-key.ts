import type {ColorScale} from "../../views/color-scale.js";
import {formatCount, formatInteger, formatNumber} from "../../views/format.js";
import {grays} from "../../views/palette.js";
import {escapeHtml} from "../../core/escape-html.js";
import {slugs} from "./slugs.js";

/** Colors of a continuous scale are gathered in so many steps. */
const steps = 16;

/** A line of the key of groups. */
export interface KeyEntry {
  label: string;
  count: number;
  color: string;
}

/** The key of numbers: what its two ends mean, its colors from low to high, and what else is to be said. */
export interface KeyRamp {
  low: string;
  high: string;
  colors: string[];
  words: string;
}

/** How the cells of a map are painted, and its key. */
export interface MapColors {
  /** Number of a cell's color. */
  of(cell: number): number;
  /** Class of a color in a page, and the color on white. */
  name(color: number): string;
  light(color: number): string;
  /** The key as HTML; its groups have ids, which a link may name. */
  legend: string;
  /** The key for a drawing that stands alone. */
  key: {entries: KeyEntry[]} | {ramp: KeyRamp};
}

/** The colors of a scale; `figure` is the drawing's name, with which ids begin (`FIGURE--GROUP`). */
export function mapColors(figure: string, scale: ColorScale): MapColors {
  return scale.kind === "categorical" ? groupColors(figure, scale) : numberColors(scale);
}

function groupColors(figure: string, scale: ColorScale & {kind: "categorical"}): MapColors {
  const {entries} = scale;
  const name = (k: number) => (entries[k].kind === "category" ? `c${k}` : entries[k].kind);
  const light = (k: number) => entries[k].light;
  const ids = slugs(entries.map(({label}) => label));
  const items = entries.map(
    ({label, count}, k) =>
      `<li id="${figure}--${ids[k]}" class="t-${name(k)}"><a href="#${figure}--${ids[k]}">${swatch(name(k), light(k))} ${escapeHtml(label)}</a> <span>${formatInteger(count)}</span></li>`
  );
  const all = entries.length > 1 ? `<li class="all"><a href="#${figure}">Show all groups</a></li>` : "";
  return {
    of: (cell) => scale.index[cell],
    name,
    light,
    legend: `<ul class="legend">${items.join("")}${all}</ul>`,
    key: {entries: entries.map(({label, count}, k) => ({label, count, color: light(k)}))}
  };
}

/** A dot in the color of a group. */
export function swatch(name: string, light: string): string {
  return `<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><path class="${name}" stroke="${light}" stroke-width="10" stroke-linecap="round" d="M5 5h0"/></svg>`;
}

function numberColors(scale: ColorScale & {kind: "continuous"}): MapColors {
  const of = (cell: number) =>
    Number.isNaN(scale.values[cell]) ? 0 : 1 + Math.min(steps - 1, Math.floor((steps * scale.index[cell]) / 255));
  const name = (k: number) => (k === 0 ? "missing" : `r${k - 1}`);
  const light = (k: number) => (k === 0 ? grays.light.missing : scale.light[Math.floor(((k - 0.5) * 255) / steps)]);
  const colors = Array.from({length: steps}, (_, k) => light(k + 1));
  const bar = colors.map((color, k) => `<path class="${name(k + 1)}" stroke="${color}" d="M${k * 10 + 5} 0v10"/>`);
  const [low, high] = scale.domain.map((value) => formatNumber(value));
  const unit = `${scale.unit === undefined ? "" : ` ${scale.unit}`}${scale.log ? ", colored by log(1 + value)" : ""}`;
  const missing = scale.missing > 0 ? `; ${formatCount(scale.missing, "cell")} without a value: gray` : "";
  const words = `${unit}${missing}`;
  return {
    of,
    name,
    light,
    legend: `<p class="ramp">${low} <svg viewBox="0 0 ${10 * steps} 10" aria-hidden="true"><g stroke-width="10">${bar.join("")}</g></svg> ${high}${escapeHtml(words)}</p>`,
    key: {ramp: {low, high, colors, words: words.trim()}}
  };
}
