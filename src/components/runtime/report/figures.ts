import {selectRows} from "../../core/cells/select-rows.js";
import type {ColorScale} from "../../views/color-scale.js";
import {grays, pageColors} from "../../views/palette.js";
import {formatInteger, formatNumber} from "../../views/format.js";
import {escapeHtml} from "../../core/escape-html.js";

/** A drawing: SVG that stands alone, whose classes a page colors for its mode, and what it shows, in words. */
export interface Figure {
  /** File name without ending. */
  name: string;
  title: string;
  svg: string;
  /** Beside the drawing: names of its colors. */
  legend: string;
}

/** Colors of a continuous scale are gathered in so many steps. */
const steps = 16;

const mapSize = 640;

/** Cells drawn at most, a random choice of more: 240 kB a map. */
const mostDrawn = 20_000;

/**
 * A map of cells colored by a scale: a path for each color, drawn in four rounds so that no group hides the others; of numbers, the
 * highest on top. Dots shrink with the number of cells; of more than 20,000 a random choice is drawn, and the title says so. `places` are
 * the points' cells in the scale.
 */
export function mapFigure(
  name: string,
  title: string,
  positions: Float32Array,
  places: Int32Array,
  scale: ColorScale
): Figure {
  const place = fit(positions);
  const drawn = selectRows({mode: "random", n: mostDrawn, seed: 0}, places.length) ?? Int32Array.from(places.keys());
  const width = Math.max(1.1, Math.min(7, 150 / Math.sqrt(drawn.length)));
  const colors = colorsOf(scale);
  const groups = new Map<string, string[]>();
  drawn.forEach((i) => {
    const color = colors.of(places[i]);
    // Numbers go from low to high; groups by turns, so that what is drawn last is of every group.
    const round = scale.kind === "continuous" ? 0 : i % 4;
    const key = `${round} ${String(color).padStart(3, "0")}`;
    const dots = groups.get(key) ?? [];
    dots.push(`M${place(i)}h0`);
    groups.set(key, dots);
  });
  const paths = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, dots]) => {
      const color = Number(key.split(" ")[1]);
      return `<path class="${colors.name(color)}" stroke="${colors.light(color)}" d="${dots.join("")}"/>`;
    });
  const all = drawn.length === places.length;
  const full = all
    ? title
    : `${title}, a random ${formatInteger(drawn.length)} of ${formatInteger(places.length)} cells`;
  const words = all ? `${title}: ${formatInteger(places.length)} cells` : full;
  const body = `<g fill="none" stroke-width="${width.toFixed(1)}" stroke-linecap="round">${paths.join("")}</g>`;
  return {name, title: full, svg: svgOf(words, mapSize, mapSize, body), legend: colors.legend};
}

/** A histogram of finite values in 40 bars, of their logarithms where they spread over more than two decades. */
export function histogramFigure(name: string, title: string, axis: string, all: ArrayLike<number>): Figure {
  const values = Array.from(all)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const [low, high] = [values[0] ?? 0, values[values.length - 1] ?? 0];
  const log = low > 0 && high / low > 100;
  const to = (value: number) => (log ? Math.log10(value) : value);
  const bars = 40;
  const span = to(high) - to(low) || 1;
  const counts = new Array<number>(bars).fill(0);
  for (const value of values) counts[Math.min(bars - 1, Math.floor((bars * (to(value) - to(low))) / span))] += 1;
  const [width, height, left, foot] = [320, 190, 46, 44];
  const most = Math.max(1, ...counts);
  const rects = counts.map((count, i) => {
    const h = ((height - foot - 12) * count) / most;
    return `<rect x="${(left + (i * (width - left - 8)) / bars).toFixed(1)}" y="${(height - foot - h).toFixed(1)}" width="${((width - left - 8) / bars - 1).toFixed(1)}" height="${h.toFixed(1)}"/>`;
  });
  const base = height - foot;
  const ticks = [0, 0.5, 1].map((share) => {
    const value = log ? 10 ** (to(low) + share * span) : low + share * span;
    const anchor = ["start", "middle", "end"][share * 2];
    return `<text x="${left + share * (width - left - 8)}" y="${base + 16}" text-anchor="${anchor}">${formatNumber(value)}</text>`;
  });
  const body = `<g class="bar" fill="${pageColors.light["category-1"]}">${rects.join("")}</g><g class="ink" fill="${pageColors.light.ink}" font-size="12" font-family="sans-serif"><path class="line" stroke="${pageColors.light.ink}" d="M${left} ${base}H${width - 8}"/>${ticks.join("")}<text x="${left - 6}" y="20" text-anchor="end">${formatInteger(most)}</text><text x="${left - 6}" y="${base}" text-anchor="end">0</text><text x="${(left + width) / 2}" y="${height - 8}" text-anchor="middle">${escapeHtml(axis)}${log ? ", logarithmic" : ""}</text></g>`;
  const median = values.length === 0 ? "no values" : `median ${formatNumber(values[values.length >> 1])}`;
  return {
    name,
    title,
    svg: svgOf(`${title}: ${formatInteger(values.length)} cells, ${median}`, width, height, body),
    legend: ""
  };
}

function svgOf(words: string, width: number, height: number, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(words)}">${body}</svg>`;
}

/** Where point i stands, as a path says it: its map fills the square but for a margin, both axes in one unit. */
function fit(positions: Float32Array): (i: number) => string {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < positions.length; i += 2) {
    left = Math.min(left, positions[i]);
    right = Math.max(right, positions[i]);
    top = Math.min(top, positions[i + 1]);
    bottom = Math.max(bottom, positions[i + 1]);
  }
  const unit = (mapSize - 24) / (Math.max(right - left, bottom - top) || 1);
  const [x0, y0] = [(mapSize - unit * (left + right)) / 2, (mapSize + unit * (top + bottom)) / 2];
  return (i) => `${(x0 + unit * positions[2 * i]).toFixed(1)} ${(y0 - unit * positions[2 * i + 1]).toFixed(1)}`;
}

interface Colors {
  of(cell: number): number;
  name(color: number): string;
  light(color: number): string;
  legend: string;
}

function colorsOf(scale: ColorScale): Colors {
  const swatch = (name: string, light: string) =>
    `<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><path class="${name}" stroke="${light}" stroke-width="10" stroke-linecap="round" d="M5 5h0"/></svg>`;
  if (scale.kind === "categorical") {
    const name = (k: number) => (scale.entries[k].kind === "category" ? `c${k}` : scale.entries[k].kind);
    const light = (k: number) => scale.entries[k].light;
    const items = scale.entries.map(
      (entry, k) =>
        `<li>${swatch(name(k), light(k))} ${escapeHtml(entry.label)} <span>${formatInteger(entry.count)}</span></li>`
    );
    return {of: (cell) => scale.index[cell], name, light, legend: `<ul class="legend">${items.join("")}</ul>`};
  }
  const of = (cell: number) =>
    Number.isNaN(scale.values[cell]) ? 0 : 1 + Math.min(steps - 1, Math.floor((steps * scale.index[cell]) / 255));
  const name = (k: number) => (k === 0 ? "missing" : `r${k - 1}`);
  const light = (k: number) => (k === 0 ? grays.light.missing : scale.light[Math.floor(((k - 0.5) * 255) / steps)]);
  const bar = Array.from(
    {length: steps},
    (_, k) => `<path class="${name(k + 1)}" stroke="${light(k + 1)}" d="M${k * 10 + 5} 0v10"/>`
  );
  const [low, high] = scale.domain.map((value) => formatNumber(value));
  const words = `${scale.unit === undefined ? "" : ` ${escapeHtml(scale.unit)}`}${scale.log ? ", colored by log(1 + value)" : ""}`;
  const missing = scale.missing > 0 ? `; ${formatInteger(scale.missing)} cells without a value are gray` : "";
  return {
    of,
    name,
    light,
    legend: `<p class="ramp">${low} <svg viewBox="0 0 ${10 * steps} 10" aria-hidden="true"><g stroke-width="10">${bar.join("")}</g></svg> ${high}${words}${missing}</p>`
  };
}
