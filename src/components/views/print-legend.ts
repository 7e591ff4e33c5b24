import {escapeHtml} from "../core/escape-html.js";
import type {CategoricalScale, ColorScale, ContinuousScale} from "./color-scale.js";
import {formatInteger, formatNumber} from "./format.js";
import {grays} from "./palette.js";

/** Room of a legend, in the drawing's units. */
interface Room {
  width: number;
  height: number;
}

/** Steps of a ramp as it is drawn. */
const steps = 32;

/** The legend of a scale as SVG, at 0, 0: groups that have cells with their number, or a ramp with its ends and unit. */
export function printLegend(scale: ColorScale, room: Room): string {
  const title = `<text x="0" y="8" font-size="8.5" font-weight="bold">${escapeHtml(cut(scale.title, room.width, 8.5))}</text>`;
  return title + (scale.kind === "categorical" ? groups(scale, room) : ramp(scale, room));
}

function groups({entries}: CategoricalScale, {width, height}: Room): string {
  const shown = entries.filter(({count}) => count > 0);
  const line = Math.min(12, (height - 14) / Math.max(1, shown.length));
  const size = Math.min(8, 0.8 * line);
  return shown
    .map(({label, count, light}, i) => {
      const y = 14 + (i + 0.7) * line;
      const number = formatInteger(count);
      const room = width - 1.6 * size - (number.length + 2) * 0.55 * size;
      const words = `<text x="${(1.4 * size).toFixed(1)}" y="${y.toFixed(1)}" font-size="${size.toFixed(1)}">${escapeHtml(cut(label, room, size))}<tspan fill="${grays.light.other}"> ${number}</tspan></text>`;
      return `<circle cx="${(size / 2).toFixed(1)}" cy="${(y - 0.35 * size).toFixed(1)}" r="${(0.42 * size).toFixed(1)}" fill="${light}"/>${words}`;
    })
    .join("");
}

function ramp({domain, light, unit, log, missing, zero, zeros}: ContinuousScale, {width}: Room): string {
  const wide = Math.min(width, 110) / steps;
  const bars = Array.from({length: steps}, (_, k) => {
    const color = light[Math.floor(((k + 0.5) * 255) / steps)];
    return `<rect x="${(k * wide).toFixed(2)}" y="14" width="${(wide + 0.1).toFixed(2)}" height="9" fill="${color}"/>`;
  });
  const end = (steps * wide).toFixed(1);
  const notes = [
    unit,
    log ? "colored by log(1 + value)" : undefined,
    zero !== undefined && zeros > 0 ? `${zero}: ${formatInteger(zeros)} cells` : undefined,
    missing > 0 ? `no value (gray): ${formatInteger(missing)} cells` : undefined
  ].filter((note) => note !== undefined);
  const [low, high] = domain.map((value) => formatNumber(value));
  const words = notes.map((note, i) => `<text x="0" y="${44 + 10 * i}" font-size="7.5">${escapeHtml(note)}</text>`);
  return `${bars.join("")}<text x="0" y="32" font-size="7.5">${low}</text><text x="${end}" y="32" font-size="7.5" text-anchor="end">${high}</text>${words.join("")}`;
}

/** Text that fits into a width, at about 0.55 of the font's size a letter; with an ellipsis where it is cut. */
function cut(text: string, width: number, size: number): string {
  const letters = Math.max(3, Math.floor(width / (0.55 * size)));
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}
