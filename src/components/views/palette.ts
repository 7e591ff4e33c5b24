import {rgbFromOklab, type Rgb} from "./oklab.js";

/** Colours of categories on a light page, largest category first (tests/views/make-palette.ts makes them). */
export const lightCategories: readonly string[] = [
  "#306dc4", "#ce903a", "#388d68", "#cc629c", "#bf3728", "#52abcf", "#543595", "#9a972d", "#74452c", "#025f5d",
  "#30c78d", "#8b4d91", "#2e416a", "#7680c2", "#751b38", "#12c3bf", "#71a970", "#0e919c", "#526b51", "#a97500",
  "#80647d", "#5b3251", "#4950b0", "#553e05", "#c7a90e", "#a3b46b", "#7ca99f", "#5d6312", "#bb6c6f", "#718b46",
  "#5c5979", "#586ba9", "#6d2981", "#7f384a", "#7f9cb6", "#4b763b", "#af8687", "#987485", "#793e99", "#9781b1",
  "#8e3b6a", "#751a65", "#664884", "#51a952", "#6396ce", "#93bb48", "#742e2c", "#5ec0a6", "#a63d02", "#cf8d61"
];

/** The same hues for a dark page. */
export const darkCategories: readonly string[] = [
  "#63a1fd", "#fbbb68", "#6cbf97", "#ff90cb", "#f07967", "#7fd6fd", "#8a6fd4", "#c7c55f", "#ae7b61", "#4c9794",
  "#66f2b5", "#c280c8", "#647aa7", "#a3b0f5", "#b6576f", "#59ede9", "#9cd59b", "#55c2cd", "#85a084", "#dba54a",
  "#b396b0", "#97698b", "#7a87ec", "#8f7744", "#f1d34f", "#cbde92", "#a7d4ca", "#91994e", "#ee9b9d", "#a0bc75",
  "#908eb0", "#889ee0", "#a863bd", "#bb6e7f", "#aac8e3", "#7dab6d", "#deb3b3", "#c9a3b5", "#b174d4", "#c6aee1",
  "#c971a0", "#b457a1", "#9c7dbe", "#7fd87f", "#8fc3fe", "#bbe573", "#b36662", "#89e9cf", "#e27346", "#fdb88b"
];

/** Grey of cells without a value, and of all categories beyond the palette, per page. */
export const greys = {
  light: {missing: "#c9ccd1", other: "#8d929b"},
  dark: {missing: "#55585e", other: "#7c8088"}
} as const;

/**
 * A sequential colour ramp of `size` steps. Lightness is monotone, so that it reads without hue; low values recede into
 * the page (pale on a light one, dim on a dark one) and high ones stand out.
 */
export function sequentialRamp(size: number, mode: "light" | "dark"): Rgb[] {
  const stops = mode === "light" ? lightStops : darkStops;
  return Array.from({length: size}, (_, i) => {
    const position = (size === 1 ? 1 : i / (size - 1)) * (stops.length - 1);
    const at = Math.min(stops.length - 2, Math.floor(position));
    const [from, to] = [stops[at]!, stops[at + 1]!];
    const mix = (k: number) => from[k]! + (to[k]! - from[k]!) * (position - at);
    return rgbFromOklab(mix(0), mix(1), mix(2));
  });
}

/** OKLab from lightness, chroma and hue in degrees. */
function polar(lightness: number, chroma: number, hue: number): number[] {
  return [lightness, chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
}

const lightStops = [polar(0.88, 0.07, 105), polar(0.73, 0.1, 170), polar(0.56, 0.1, 230), polar(0.4, 0.12, 275), polar(0.26, 0.11, 300)];
const darkStops = [polar(0.38, 0.1, 290), polar(0.5, 0.12, 260), polar(0.65, 0.11, 210), polar(0.8, 0.12, 150), polar(0.95, 0.13, 108)];
