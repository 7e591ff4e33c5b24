import {rgbFromOklab, type Rgb} from "./oklab.js";

/**
 * A diverging ramp of `size` steps (odd: the middle one is 0): blue below, orange above, equally far from the page's own
 * lightness at equal distance from 0, so that it holds without hue and for every kind of color vision.
 */
export function divergingRamp(size: number, mode: "light" | "dark"): Rgb[] {
  const [middle, end] = mode === "light" ? [0.97, 0.4] : [0.2, 0.84];
  return Array.from({length: size}, (_, i) => {
    const at = size === 1 ? 0 : (2 * i) / (size - 1) - 1;
    const share = Math.abs(at) ** 0.85;
    const hue = ((at < 0 ? 255 : 55) * Math.PI) / 180;
    const chroma = 0.125 * Math.sin((Math.PI / 2) * Math.min(1, share * 1.4));
    return rgbFromOklab(middle + (end - middle) * share, chroma * Math.cos(hue), chroma * Math.sin(hue));
  });
}
