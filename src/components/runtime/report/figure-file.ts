import {formatInteger} from "../../views/format.js";
import {pageColors} from "../../views/palette.js";
import {wrapWords} from "../../views/wrap-words.js";
import type {Figure} from "./figures.js";
import type {KeyEntry, KeyRamp} from "./figure-key.js";
import {escapeHtml} from "../../core/escape-html.js";

const {ink, paper} = pageColors.light;
/** Sizes of type, and how wide a letter is, as a share of that. */
const [titleSize, keySize, letterWidth] = [16, 14, 0.6];
const lineHeight = 1.5 * keySize;
const padding = 16;

/** A figure as an SVG file that stands alone, for a paper or a slide: its title, the drawing and the key of its colors, on white. */
export function figureFile({svg, title, key}: Figure): string {
  const [, width, height] = /viewBox="0 0 (\S+) ([^"]+)"/.exec(svg)!.map(Number);
  const beside = key !== null && "entries" in key ? keyOfGroups(key.entries) : {svg: "", width: 0, height: 0};
  const below = key !== null && "ramp" in key ? keyOfNumbers(key.ramp) : {svg: "", width: 0, height: 0};
  const drawn = Math.max(width + beside.width, below.width);
  const lines = wrapWords(title, Math.floor(drawn / (letterWidth * titleSize)));
  const top = padding + 1.4 * titleSize * lines.length;
  const all = {width: drawn + 2 * padding, height: top + Math.max(height, beside.height) + below.height + padding};
  const words = lines.map(
    (line, i) =>
      `<text x="${padding}" y="${padding + titleSize * (0.8 + 1.4 * i)}" font-size="${titleSize}" font-weight="600">${escapeHtml(line)}</text>`
  );
  const drawing = svg.replace("<svg ", `<svg x="${padding}" y="${top}" width="${width}" height="${height}" `);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${all.width}" height="${all.height}" viewBox="0 0 ${all.width} ${all.height}" font-family="sans-serif" fill="${ink}">`,
    `<rect width="${all.width}" height="${all.height}" fill="${paper}"/>${words.join("")}${drawing}`,
    at(padding + width, top, beside.svg),
    at(padding, top + height, below.svg),
    "</svg>"
  ].join("");
}

function at(x: number, y: number, svg: string): string {
  return svg === "" ? "" : `<g transform="translate(${x} ${y})">${svg}</g>`;
}

interface Key {
  svg: string;
  width: number;
  height: number;
}

function keyOfGroups(entries: readonly KeyEntry[]): Key {
  const lines = entries.map(({label, count, color}, i) => {
    const y = lineHeight * (i + 1);
    return `<circle cx="20" cy="${y - 0.33 * keySize}" r="5" fill="${color}"/><text x="32" y="${y}" font-size="${keySize}">${escapeHtml(label)} (${formatInteger(count)})</text>`;
  });
  const longest = Math.max(0, ...entries.map(({label, count}) => label.length + formatInteger(count).length + 3));
  return {svg: lines.join(""), width: 32 + letterWidth * keySize * longest, height: lineHeight * (entries.length + 1)};
}

function keyOfNumbers({low, high, colors, words}: KeyRamp): Key {
  const [step, left] = [10, 8 + letterWidth * keySize * low.length];
  const bars = colors.map(
    (color, i) => `<rect x="${left + step * i}" y="10" width="${step + 0.5}" height="14" fill="${color}"/>`
  );
  const end = left + step * colors.length + 8;
  const text = (x: number, value: string) => `<text x="${x}" y="22" font-size="${keySize}">${escapeHtml(value)}</text>`;
  const right = `${high} ${words}`;
  return {
    svg: `${text(0, low)}${bars.join("")}${text(end, right)}`,
    width: end + letterWidth * keySize * right.length,
    height: 34
  };
}
