import {rgbFromOklab, type Rgb} from "./oklab.js";

/** Colors of a page by name; the stylesheet has each as the variable `--workbook-NAME`. */
export type PageColors = Record<
  | "paper"
  | "ink"
  | "away"
  | "on-accent"
  | "focus"
  | "good"
  | "warning"
  | "bad"
  | "link-both"
  | "link-space"
  | "link-map"
  | `category-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`,
  string
>;

/**
 * Colors of pages and figures per color scheme, the only place where they are written: `src/styles/palette.css` is made of
 * them (`node --import tsx scripts/make-palette-css.ts`; tests/house/palette.test.ts holds it to this). Paper, ink and away
 * (points that are left out) are the maps'; links are the lines to neighbors in both, in the space or on the map alone.
 * Categories, of marks and lines in figures with few kinds: Okabe and Ito's hues, moved until each stands at 3:1 or more on
 * the page and any two differ, for every kind of color vision, by more than the originals do. Many groups of cells have
 * `lightCategories` and `darkCategories`.
 */
export const pageColors: {light: PageColors; dark: PageColors} = {
  light: {
    paper: "#ffffff",
    ink: "#15171b",
    away: "#e4e6e9",
    "on-accent": "#ffffff",
    focus: "#1f4fd1",
    good: "#00704f",
    warning: "#8f5200",
    bad: "#b3261e",
    "link-both": "#15171b",
    "link-space": "#1350a3",
    "link-map": "#b34700",
    "category-1": "#1350a3",
    "category-2": "#d97e05",
    "category-3": "#098669",
    "category-4": "#af77ac",
    "category-5": "#299be9",
    "category-6": "#912502",
    "category-7": "#8e6900",
    "category-8": "#4d4053"
  },
  dark: {
    paper: "#161616",
    ink: "#f0f0ea",
    away: "#2e2e30",
    "on-accent": "#0d1420",
    focus: "#8ab4ff",
    good: "#3fca9b",
    warning: "#f0b24a",
    bad: "#ff8a80",
    "link-both": "#f0f0ea",
    "link-space": "#5cc1fd",
    "link-map": "#ffb35c",
    "category-1": "#0684e1",
    "category-2": "#ffd76f",
    "category-3": "#5dfce3",
    "category-4": "#f38eab",
    "category-5": "#5cc1fd",
    "category-6": "#d35409",
    "category-7": "#adb31f",
    "category-8": "#897785"
  }
};

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
