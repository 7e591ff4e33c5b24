import {contrast, hex, isInGamut, oklabFromRgb, rgbFromOklab, type Rgb} from "../../src/components/views/oklab.js";

/**
 * The categorical palette: 50 colors for a light and as many for a dark page, hue by hue the same, ten by hand
 * and each other as far as can be from all before it, in the eyes of people with normal, protanopic and deuteranopic vision and on both pages
 * at once (greedy farthest point, the idea of Glasbey et al. 2007, doi:10.1002/col.20327). Run with tsx it prints them.
 */
export function makePalette(size: number): {light: string[]; dark: string[]} {
  const candidates = candidateColors();
  const chosen = first.map(([lightness, chroma, hue]) => nearest(candidates, lightness, chroma, hue));
  const distances = candidates.map((candidate) => Math.min(...chosen.map((other) => distanceOf(candidate, other))));
  while (chosen.length < size) {
    const next = candidates[distances.indexOf(Math.max(...distances))];
    chosen.push(next);
    candidates.forEach((candidate, i) => (distances[i] = Math.min(distances[i], distanceOf(candidate, next))));
  }
  return {light: chosen.map(({light}) => hex(light)), dark: chosen.map(({dark}) => hex(dark))};
}

/**
 * Most figures have few groups, and their colors should have names: lightness, chroma and hue after Okabe and Ito 2008,
 * then moved by a search until the closest two, for any vision on either page, were 0.108 apart.
 */
const first: [number, number, number][] = [
  [0.54, 0.15, 258], // blue
  [0.74, 0.125, 84], // orange
  [0.66, 0.125, 174], // green
  [0.56, 0.15, 342], // pink
  [0.5, 0.15, 42], // vermilion
  [0.72, 0.075, 246], // sky
  [0.38, 0.125, 288], // violet
  [0.6, 0.125, 102], // olive
  [0.38, 0.075, 42], // brown
  [0.44, 0.075, 180] // deep teal
];

/** Smallest OKLab distance of two colors over normal vision, protanopia and deuteranopia (the latter two weighed 1.5). */
export function seenDistance(one: Rgb, other: Rgb): number {
  const [p, q] = [views(one), views(other)];
  return Math.min(...p.map((view, i) => Math.hypot(...view.map((v, k) => v - q[i][k])) * (i === 0 ? 1 : 1.5)));
}

interface Candidate {
  light: Rgb;
  dark: Rgb;
  lightness: number;
  chroma: number;
  hue: number;
  seen: number[][];
}

function candidateColors(): Candidate[] {
  const found: Candidate[] = [];
  for (let lightness = 0.38; lightness <= 0.76; lightness += 0.02) {
    for (let chroma = 0.05; chroma < 0.19; chroma += 0.025) {
      for (let hue = 0; hue < 360; hue += 6) {
        const light = rgb(lightness, chroma, hue);
        const dark = rgb(0.58 + (lightness - 0.38) * 0.8, Math.min(chroma, 0.15), hue);
        if (light === null || dark === null || contrast(light, [255, 255, 255]) < 2) continue;
        found.push({light, dark, lightness, chroma, hue, seen: [...views(light), ...views(dark)]});
      }
    }
  }
  return found;
}

function nearest(candidates: Candidate[], lightness: number, chroma: number, hue: number): Candidate {
  const off = (c: Candidate) =>
    Math.abs(c.lightness - lightness) + Math.abs(c.chroma - chroma) + Math.abs(c.hue - hue) / 100;
  return candidates.reduce((best, candidate) => (off(candidate) < off(best) ? candidate : best));
}

function distanceOf(one: Candidate, other: Candidate): number {
  let least = Infinity;
  for (let i = 0; i < one.seen.length; ++i) {
    const [p, q] = [one.seen[i], other.seen[i]];
    least = Math.min(least, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) * (i % 3 === 0 ? 1 : 1.5));
  }
  return least;
}

function rgb(lightness: number, chroma: number, hue: number): Rgb | null {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  return isInGamut(lightness, a, b) ? rgbFromOklab(lightness, a, b) : null;
}

/** OKLab as seen with normal vision, protanopia and deuteranopia (Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113). */
function views(color: Rgb): number[][] {
  return [color, simulated(color, protanopia), simulated(color, deuteranopia)].map(oklabFromRgb);
}

const protanopia = [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998];
const deuteranopia = [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881];

function simulated(color: Rgb, matrix: number[]): Rgb {
  const linear = color.map((channel) =>
    channel / 255 <= 0.04045 ? channel / 3294.6 : ((channel / 255 + 0.055) / 1.055) ** 2.4
  );
  return [0, 3, 6].map((at) => {
    const value = Math.min(
      1,
      Math.max(0, matrix[at] * linear[0] + matrix[at + 1] * linear[1] + matrix[at + 2] * linear[2])
    );
    return 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
  }) as unknown as Rgb;
}

if (process.argv[1]?.endsWith("make-palette.ts")) console.log(JSON.stringify(makePalette(50), null, 2));
