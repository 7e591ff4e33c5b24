import {h} from "./dom.js";

/** A spot of a color, given for light pages and for dark ones, before what has it. */
export function swatch({light, dark}: {light: string; dark: string}): HTMLElement {
  return h("span", {class: "wb-swatch", style: `--wb-light: ${light}; --wb-dark: ${dark}`});
}
