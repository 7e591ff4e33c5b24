import {rgbFromOklab, type Rgb} from "./oklab.js";

/** Colors of categories on a light page, largest category first (tests/views/make-palette.ts makes them). */
export const lightCategories: readonly string[] = [
  "#306dc4",
  "#d0a342",
  "#04aa8c",
  "#ad4b8d",
  "#a63d02",
  "#7daad1",
  "#423280",
  "#908203",
  "#633320",
  "#0f6054",
  "#c67d61",
  "#8f80c3",
  "#68215b",
  "#8bba7c",
  "#776f4d",
  "#793e99",
  "#c992ad",
  "#14799c",
  "#873e42",
  "#5d4773",
  "#a16773",
  "#3c6505",
  "#81526f",
  "#6e8aa3",
  "#7b053f",
  "#4950b0",
  "#3d9640",
  "#9960aa",
  "#5d9d6b",
  "#40b1b5",
  "#879f18",
  "#ce7e88",
  "#0d816a",
  "#835935",
  "#95b49a",
  "#906f23",
  "#73ba59",
  "#546b85",
  "#2d5289",
  "#383e6a",
  "#6d78ca",
  "#9c7b8f",
  "#4d5030",
  "#2a3c97",
  "#675bac",
  "#b8585e",
  "#8b95c7",
  "#9c2e5a",
  "#93a774",
  "#902b8b"
];

/** The same hues for a dark page. */
export const darkCategories: readonly string[] = [
  "#63a1fd",
  "#facd6d",
  "#55d9b9",
  "#e47dc0",
  "#e27346",
  "#a6d4fd",
  "#786cbf",
  "#c0b24b",
  "#a06b57",
  "#51988a",
  "#f6aa8c",
  "#bdaef4",
  "#a75b96",
  "#b3e4a3",
  "#aaa17e",
  "#b174d4",
  "#f4bbd7",
  "#55add2",
  "#c37376",
  "#947dad",
  "#d597a3",
  "#709d48",
  "#b885a4",
  "#9bb9d3",
  "#be4d77",
  "#7a87ec",
  "#6fc870",
  "#cc91de",
  "#8bcc98",
  "#71dde1",
  "#b3cd53",
  "#fea9b3",
  "#54b59c",
  "#ba8c68",
  "#bdddc3",
  "#c3a158",
  "#9ce582",
  "#869fbb",
  "#628ac5",
  "#6e77a7",
  "#9aa8ff",
  "#cca9be",
  "#838865",
  "#5d77d8",
  "#998ee5",
  "#ef898d",
  "#b6c1f5",
  "#d9668e",
  "#bdd39e",
  "#c46dbd"
];

/** Gray of cells without a value, and of all categories beyond the palette, per page. */
export const grays = {
  light: {missing: "#c9ccd1", other: "#8d929b"},
  dark: {missing: "#55585e", other: "#7c8088"}
} as const;

/**
 * A sequential color ramp of `size` steps. Lightness is monotone, so that it reads without hue; low values recede into
 * the page (pale on a light one, dim on a dark one) and high ones stand out.
 */
export function sequentialRamp(size: number, mode: "light" | "dark"): Rgb[] {
  const stops = mode === "light" ? lightStops : darkStops;
  return Array.from({length: size}, (_, i) => {
    const position = (size === 1 ? 1 : i / (size - 1)) * (stops.length - 1);
    const at = Math.min(stops.length - 2, Math.floor(position));
    const [from, to] = [stops[at], stops[at + 1]];
    const mix = (k: number) => from[k] + (to[k] - from[k]) * (position - at);
    return rgbFromOklab(mix(0), mix(1), mix(2));
  });
}

/** OKLab from lightness, chroma and hue in degrees. */
function polar(lightness: number, chroma: number, hue: number): number[] {
  return [lightness, chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
}

const lightStops = [
  polar(0.88, 0.07, 105),
  polar(0.73, 0.1, 170),
  polar(0.56, 0.1, 230),
  polar(0.4, 0.12, 275),
  polar(0.26, 0.11, 300)
];
const darkStops = [
  polar(0.38, 0.1, 290),
  polar(0.5, 0.12, 260),
  polar(0.65, 0.11, 210),
  polar(0.8, 0.12, 150),
  polar(0.95, 0.13, 108)
];
