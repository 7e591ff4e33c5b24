import type {ColorScale} from "./color-scale.js";
import {rgbFromHex} from "./oklab.js";
import {pageColors} from "./palette.js";

/** Colors of a map as it looks now; packed ones are 0xaabbggrr, as `MapScene` has them. */
export interface MapPaint {
  /** Color of each entry or step of the scale. */
  colors: Uint32Array;
  /** 1 for those that recede under the others. */
  receding: Uint8Array;
  /** Color of points that are left out of a selection, and of the rings round those that are in it. */
  away: number;
  ring: number;
  background: number;
  /** Colors of text and page ("#rrggbb"). */
  ink: string;
  paper: string;
}

/** Paint for a scale: cells without a value recede. */
export function mapPaint(colors: ColorScale, mode: "light" | "dark"): MapPaint {
  const {paper, away, ink} = pageColors[mode];
  // Cells without a value recede as well, so that they cover nothing that has one.
  const missing = (k: number): boolean =>
    colors.kind === "continuous" ? k === colors[mode].length - 1 : colors.entries[k].kind === "missing";
  const packedColors = Uint32Array.from(colors[mode], packed);
  return {
    colors: packedColors,
    receding: Uint8Array.from(packedColors, (_, k) => (missing(k) ? 1 : 0)),
    away: packed(away),
    ring: packed(ink),
    background: packed(paper),
    ink,
    paper
  };
}

function packed(text: string): number {
  const [red, green, blue] = rgbFromHex(text);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
