import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {paletteCss} from "../../scripts/make-palette-css.js";
import {pageColors} from "../../src/components/views/palette.js";
import {filesBelow} from "./imports.js";

type Triple = [number, number, number];
type Matrix = [Triple, Triple, Triple];

/** Color vision as linear RGB matrices: Machado, Oliveira and Fernandes 2009, severity 1. */
const visions: Record<string, Matrix> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1]
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998]
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881]
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039]
  ]
};

/** Okabe and Ito's eight: the smallest difference in Oklab between any two, over the four visions above, is 0.076. */
const original = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#000000"];

/** The page's own color is Framework's: theme "air", and "near-midnight" with its lightest background. */
const themes = [
  {name: "light", palette: pageColors.light, page: "#ffffff"},
  {name: "dark", palette: pageColors.dark, page: "#1e1e1e"}
];

const apply = (matrix: Matrix, [a, b, c]: Triple): Triple => matrix.map(([x, y, z]) => x * a + y * b + z * c) as Triple;

function linear(hex: string): Triple {
  const channel = (i: number) => {
    const value = parseInt(hex.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** WCAG contrast ratio. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r, g, blue] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue + 0.05;
  };
  const [x, y] = [luminance(a), luminance(b)];
  return Math.max(x, y) / Math.min(x, y);
}

/** Oklab (Ottosson 2020) of a linear color. */
function oklab(color: Triple): Triple {
  const cones = apply(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005]
    ],
    color.map((value) => Math.min(1, Math.max(0, value))) as Triple
  );
  return apply(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766]
    ],
    cones.map(Math.cbrt) as Triple
  );
}

/** Smallest Oklab distance between any two colors, over every kind of vision. */
function closest(colors: string[]): number {
  const distances = Object.values(visions).flatMap((vision) => {
    const seen = colors.map((hex) => oklab(apply(vision, linear(hex))));
    return seen.flatMap((a, i) => seen.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])));
  });
  return Math.min(...distances);
}

describe("the stylesheets", () => {
  test("have the colors of views/palette.ts (else run: node --import tsx scripts/make-palette-css.ts)", () => {
    expect(readFileSync("src/styles/palette.css", "utf8")).toBe(paletteCss());
  });

  test("and the views write no color of their own", () => {
    const files = [...filesBelow("src/styles", [".css"]), ...filesBelow("src/components", [".ts"]), "src/style.css"];
    const own = files
      .filter((file) => !["src/styles/palette.css", "src/components/views/palette.ts"].includes(file))
      .filter((file) => /#([0-9a-f]{3}){1,2}(?![\w-])/i.test(readFileSync(file, "utf8")));
    expect(own).toEqual([]);
  });

  test("use no variable that nothing sets, but Framework's", () => {
    const files = [...filesBelow("src/styles", [".css"]), ...filesBelow("src/components", [".ts"])];
    const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
    const set = new Set([...text.matchAll(/(--w[\w-]+):/g)].map(([, name]) => name));
    const used = new Set([...text.matchAll(/var\((--w[\w-]+)[,)]/g)].map(([, name]) => name));
    expect([...used].filter((name) => !set.has(name))).toEqual([]);
  });
});

describe.each(themes)("the $name theme", ({palette, page}) => {
  const named = (pattern: RegExp): string[] =>
    Object.entries(palette).flatMap(([name, color]) => (pattern.test(name) ? [color] : []));
  const colors = named(/^category-/);

  test("has eight categories that differ more, for every kind of color vision, than Okabe and Ito's", () => {
    expect(colors).toHaveLength(8);
    expect(closest(colors)).toBeGreaterThan(closest(original) + 0.02);
  });

  test("shows every category at 3:1 and every word of state at 4.5:1 on the page", () => {
    expect(Math.min(...colors.map((hex) => contrast(hex, page)))).toBeGreaterThanOrEqual(3);
    const words = named(/^(good|warning|bad|focus)$/);
    expect(words).toHaveLength(4);
    expect(Math.min(...words.map((hex) => contrast(hex, page)))).toBeGreaterThanOrEqual(4.5);
  });
});
