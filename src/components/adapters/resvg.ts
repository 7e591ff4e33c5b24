import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {Resvg} from "@resvg/resvg-js";

/** Fonts that come with the package katex, so that letters look alike on every machine, also on one without fonts. */
const fonts = ["KaTeX_SansSerif-Regular", "KaTeX_SansSerif-Bold", "KaTeX_Main-Regular"];
const folder = join(dirname(createRequire(import.meta.url).resolve("katex")), "fonts");

/**
 * A drawing as PNG, `width` pixels wide, on white. ASCII letters are drawn with fonts of our own, so equal drawings give equal bytes on every
 * machine. Others (accents, Greek) need a font of the machine, and are left out where it has none.
 */
export function svgToPng(svg: string, width: number): Uint8Array {
  // The one sign beyond ASCII that we write ourselves.
  const text = svg.replaceAll("…", "...");
  return new Resvg(text, {
    fitTo: {mode: "width", value: width},
    background: "white",
    font: {
      fontFiles: fonts.map((name) => join(folder, `${name}.ttf`)),
      loadSystemFonts: !isAscii(text),
      defaultFontFamily: "KaTeX_SansSerif",
      sansSerifFamily: "KaTeX_SansSerif"
    }
  })
    .render()
    .asPng();
}

function isAscii(text: string): boolean {
  return Array.from(text).every((letter) => letter.charCodeAt(0) < 128);
}
