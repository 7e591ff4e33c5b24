// npm run screenshots [-- --out DIR] [--site DIR] [--selector CSS] [--mode projector] [page ...]: every page (or those named, as "stages/embed") of the
// built site at 1280 and 390 px, light and dark, as full-page PNGs. Motion is off, so that two runs give one picture.
import {mkdirSync} from "node:fs";
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {withSite} from "../tests/browser/harness.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    out: {type: "string", default: "screenshots"},
    site: {type: "string", default: "."},
    /** Waited for before a picture is taken ('[data-stage="umap"][data-state="done"]'). */
    selector: {type: "string"},
    mode: {type: "string"}
  }
});

async function pages(): Promise<string[]> {
  if (positionals.length > 0) return positionals;
  const found = await readdir(join(values.site, "src"), {recursive: true});
  const names = found.filter((name) => name.endsWith(".md") && !/\.observablehq|components|^data/.test(name));
  return names.map((name) => name.replace(/\.md$/, "").replaceAll("\\", "/")).sort();
}

mkdirSync(values.out, {recursive: true});
await withSite({coi: true, site: values.site}, async ({url, newPage}) => {
  for (const name of await pages()) {
    for (const width of [1280, 390]) {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await newPage({viewport: {width, height: 900}, colorScheme, reducedMotion: "reduce", locale: "en-GB"});
        if (values.mode !== undefined) {
          await page.addInitScript((mode) => localStorage.setItem("workbook-mode", mode), values.mode);
        }
        await page.goto(new URL(name === "index" ? "./" : name, url).href);
        await page.waitForLoadState("networkidle");
        if (values.selector !== undefined) await page.waitForSelector(values.selector, {timeout: 120_000});
        await page.waitForFunction(() => document.querySelector("observablehq-loading") === null);
        const path = join(values.out, `${name.replaceAll("/", "-")}-${width}-${colorScheme}.png`);
        await page.screenshot({path, fullPage: true, animations: "disabled", caret: "hide"});
        process.stdout.write(`${path}\n`);
        await page.context().close();
      }
    }
  }
});
