import {describe, expect, test} from "vitest";
import {
  contrast,
  hex,
  isInGamut,
  luminance,
  oklabFromRgb,
  rgbFromHex,
  rgbFromOklab
} from "../../src/components/views/oklab.js";
import {darkCategories, grays, lightCategories, sequentialRamp} from "../../src/components/views/palette.js";
import {makePalette, seenDistance} from "./make-palette.js";

const pages = {light: "#ffffff", dark: "#161616"};
const closest = (colors: readonly string[]): number =>
  Math.min(
    ...colors.flatMap((one, i) => colors.slice(0, i).map((other) => seenDistance(rgbFromHex(one), rgbFromHex(other))))
  );

describe("categories", () => {
  test("are what the generator makes", () => {
    expect(makePalette(50)).toEqual({light: lightCategories, dark: darkCategories});
  });

  // OKLab distances: 0.02 is about what can just be told apart side by side.
  test.each([
    ["light", lightCategories],
    ["dark", darkCategories]
  ] as const)(
    "on a %s page the first ten are far apart for any color vision, and all fifty can be told apart",
    (_, colors) => {
      expect(closest(colors.slice(0, 10))).toBeGreaterThan(0.1);
      expect(closest(colors.slice(0, 20))).toBeGreaterThan(0.07);
      expect(closest(colors)).toBeGreaterThan(0.04);
    }
  );

  test.each([
    ["light", lightCategories],
    ["dark", darkCategories]
  ] as const)("stand off a %s page", (mode, colors) => {
    const off = colors.map((color) => contrast(rgbFromHex(color), rgbFromHex(pages[mode])));
    expect(Math.min(...off)).toBeGreaterThanOrEqual(2);
  });

  test("a color keeps its hue from page to page", () => {
    const turns = lightCategories.map((light, k) => {
      const [[, a, b], [, c, d]] = [oklabFromRgb(rgbFromHex(light)), oklabFromRgb(rgbFromHex(darkCategories[k]))];
      return Math.abs(Math.atan2(a * d - b * c, a * c + b * d)) * (180 / Math.PI);
    });
    expect(Math.max(...turns)).toBeLessThan(12);
  });

  test("grays have no hue", () => {
    for (const gray of Object.values(grays).flatMap(Object.values) as string[]) {
      const [, a, b] = oklabFromRgb(rgbFromHex(gray));
      expect(Math.hypot(a, b)).toBeLessThan(0.02);
    }
  });
});

describe("the ramp", () => {
  test.each([
    ["light", -1],
    ["dark", 1]
  ] as const)("on a %s page lightness never turns back, and low values are near the page", (mode, sign) => {
    const lightness = sequentialRamp(255, mode).map(luminance);
    expect(lightness.slice(1).every((value, i) => sign * (value - lightness[i]) > -1e-3)).toBe(true);
    const [low, high] = [
      contrast(sequentialRamp(255, mode)[0], rgbFromHex(pages[mode])),
      contrast(sequentialRamp(255, mode)[254], rgbFromHex(pages[mode]))
    ];
    expect(high).toBeGreaterThan(10);
    expect(low).toBeLessThan(3);
    expect(low).toBeGreaterThan(1.2);
  });
});

describe("OKLab", () => {
  // Ottosson's page: pure sRGB red is (0.628, 0.225, 0.126), blue (0.452, -0.032, -0.312).
  test.each([
    [
      [255, 0, 0],
      [0.62796, 0.22486, 0.12585]
    ],
    [
      [0, 0, 255],
      [0.45201, -0.03246, -0.31153]
    ],
    [
      [255, 255, 255],
      [1, 0, 0]
    ]
  ] as const)("%s has the published coordinates, and the way back", (rgb, lab) => {
    oklabFromRgb(rgb).forEach((value, k) => expect(value).toBeCloseTo(lab[k], 4));
    expect(rgbFromOklab(...oklabFromRgb(rgb))).toEqual(rgb);
  });

  test("colors out of reach are known, contrast is WCAG's, hex goes both ways", () => {
    expect(isInGamut(0.6, 0.1, 0)).toBe(true);
    expect(isInGamut(0.6, 0.4, 0)).toBe(false);
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 10);
    expect(hex(rgbFromHex("#0a9cff"))).toBe("#0a9cff");
  });
});
