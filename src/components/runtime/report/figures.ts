import {selectRows} from "../../core/cells/select-rows.js";
import type {ColorScale} from "../../views/color-scale.js";
import {pickCells} from "../../views/color-scale.js";
import {fitPoints} from "../../views/map-fit.js";
import {mapNames} from "../../views/map-names.js";
import {pageColors} from "../../views/palette.js";
import {formatInteger, formatNumber} from "../../views/format.js";
import {axisTicks} from "./axis-ticks.js";
import {mapColors, type MapColors} from "./figure-key.js";
import {escapeHtml} from "../../core/escape-html.js";

/** A drawing: SVG that stands alone, whose classes a page colors for its mode, and what it shows, in words. */
export interface Figure {
  /** File name without ending. */
  name: string;
  title: string;
  svg: string;
  /** Beside the drawing: names of its colors. */
  legend: string;
  /** The same names for a drawing that stands alone; null where it needs none. */
  key: MapColors["key"] | null;
}

const [mapSize, margin] = [640, 12];

/** Size of names on a map, in its own units, and how wide a letter is, as a share of that. */
const [nameSize, letterWidth] = [17, 0.56];

/** Cells drawn at most, a random choice of more: 240 kB a map. */
const mostDrawn = 20_000;

/**
 * A map of cells colored by a scale: a path for each color, drawn in four rounds so that no group hides the others; of numbers, the
 * highest on top. Groups that have a place of their own are named there. Dots shrink with the number of cells; of more than 20,000 a random
 * choice is drawn, and the title says so. `places` are the points' cells in the scale.
 */
export function mapFigure(
  name: string,
  title: string,
  positions: Float32Array,
  places: Int32Array,
  scale: ColorScale
): Figure {
  const fitted = fit(positions);
  const place = placer(positions, fitted);
  const drawn = selectRows({mode: "random", n: mostDrawn, seed: 0}, places.length) ?? Int32Array.from(places.keys());
  const width = Math.max(1.1, Math.min(7, 150 / Math.sqrt(drawn.length)));
  const colors = mapColors(name, scale);
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
  const body = `<g fill="none" stroke-width="${width.toFixed(1)}" stroke-linecap="round">${paths.join("")}</g>${namesOf(positions, pickCells(scale, places), fitted, width / 2)}`;
  return {
    name,
    title: full,
    svg: svgOf(words, mapSize, fitted.height, body, "map"),
    legend: colors.legend,
    key: colors.key
  };
}

/** Names of the groups where most of their cells lie, with a line there where they stand apart. */
function namesOf(positions: Float32Array, colors: ColorScale, view: Fitted, radius: number): string {
  if (colors.kind !== "categorical") return "";
  const order = Uint32Array.from(colors.index.keys());
  const measure = (words: string, size: number) => letterWidth * size * words.length;
  const [width, height] = [mapSize, view.height];
  const map = {positions, colors, order, view, whole: view, width, height, radius, free: [], size: nameSize};
  const drawn = mapNames(measure).place(map, false);
  if (drawn.length === 0) return "";
  const {ink, paper} = pageColors.light;
  const lines = drawn.flatMap(({leader}) =>
    leader === null ? [] : [`M${leader.slice(0, 2).map(short).join(" ")}L${leader.slice(2).map(short).join(" ")}`]
  );
  const line = lines.length === 0 ? "" : `<path class="line" fill="none" stroke="${ink}" d="${lines.join("")}"/>`;
  const texts = drawn.map(
    ({words, x, y}) => `<text x="${short(x)}" y="${short(y + 0.35 * nameSize)}">${escapeHtml(words)}</text>`
  );
  return `${line}<g class="name" fill="${ink}" stroke="${paper}" stroke-width="4" stroke-linejoin="round" paint-order="stroke" font-size="${nameSize}" font-family="sans-serif" font-weight="600" text-anchor="middle">${texts.join("")}</g>`;
}

function short(value: number): string {
  return value.toFixed(1);
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
  const ticks = axisTicks(low, high, log).map((value) => {
    const x = left + ((to(value) - to(low)) / span) * (width - left - 8);
    return `<path class="line" stroke="${pageColors.light.ink}" d="M${short(x)} ${base}v4"/><text x="${short(x)}" y="${base + 17}" text-anchor="middle">${formatNumber(value)}</text>`;
  });
  const body = `<g class="bar" fill="${pageColors.light["category-1"]}">${rects.join("")}</g><g class="ink" fill="${pageColors.light.ink}" font-size="12" font-family="sans-serif"><path class="line" stroke="${pageColors.light.ink}" d="M${left} ${base}H${width - 8}"/>${ticks.join("")}<text x="${left - 6}" y="22" text-anchor="end">${formatInteger(most)}</text><text x="${left - 6}" y="9" text-anchor="end">cells</text><text x="${left - 6}" y="${base}" text-anchor="end">0</text><text x="${(left + width) / 2}" y="${height - 8}" text-anchor="middle">${escapeHtml(axis)}${log ? ", logarithmic" : ""}</text></g>`;
  const median = values.length === 0 ? "no values" : `median ${formatNumber(values[values.length >> 1])}`;
  return {
    name,
    title,
    svg: svgOf(`${title}: ${formatInteger(values.length)} cells, ${median}`, width, height, body, "histogram"),
    legend: "",
    key: null
  };
}

function svgOf(words: string, width: number, height: number, body: string, kind: "map" | "histogram"): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" class="${kind}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(words)}">${body}</svg>`;
}

/** Where points stand: x = offsetX + scale x, y = offsetY - scale y; and the height of the drawing. */
interface Fitted {
  height: number;
  scale: number;
  offsetX: number;
  offsetY: number;
}

/** The map fills a square but for a margin, both axes in one unit; of a wide one the square's upper and lower ends are cut off. */
function fit(positions: Float32Array): Fitted {
  const square = fitPoints(positions, mapSize, mapSize, margin);
  if (square === null) return {scale: 1, offsetX: mapSize / 2, offsetY: mapSize / 2, height: mapSize};
  const ys = positions.filter((_, i) => i % 2 === 1 && Number.isFinite(positions[i]));
  const span =
    ys.reduce((most, y) => Math.max(most, y), -Infinity) - ys.reduce((least, y) => Math.min(least, y), Infinity);
  const height = Math.round(Math.max(mapSize / 3, Math.min(mapSize, square.scale * span + 2 * margin)));
  return {...square, offsetY: square.offsetY - (mapSize - height) / 2, height};
}

/** Where point i stands, as a path says it. */
function placer(positions: Float32Array, {scale, offsetX, offsetY}: Fitted): (i: number) => string {
  return (i) => `${short(offsetX + scale * positions[2 * i])} ${short(offsetY - scale * positions[2 * i + 1])}`;
}
