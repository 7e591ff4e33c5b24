// node --import tsx scripts/make-palette-css.ts: src/styles/palette.css from the colors of views/palette.ts.
import {writeFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {pageColors} from "../src/components/views/palette.js";

/** The stylesheet with every color of `pageColors` as a variable, in both color schemes. */
export function paletteCss(): string {
  const variables = (mode: "light" | "dark", indent: string): string =>
    Object.entries(pageColors[mode])
      .map(([name, color]) => `${indent}--workbook-${name}: ${color};\n`)
      .join("");
  return `/* Made of views/palette.ts by scripts/make-palette-css.ts: change the colors there. */
:root {
${variables("light", "  ")}}

@media (prefers-color-scheme: dark) {
  :root {
${variables("dark", "    ")}  }
}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync("src/styles/palette.css", paletteCss());
