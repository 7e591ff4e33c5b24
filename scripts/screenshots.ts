// npm run screenshots [-- options] [page ...]: pictures of every page (or those named, as "stages/embed") in every state that it
// has, at 1280 and 390 px, light and dark, in projector mode too, and contact-sheet.html, which shows them together.
//   --site DIR             the site that has the pages (".", and for the gallery tests/gallery)
//   --out DIR              where to ("tmp/screenshots")
//   --state NAME,...       only these states (scripts/screenshot-states.ts)
//   --width PX,...         only these widths (1280,390)
//   --theme light,dark     only this theme
//   --mode plain,projector only this mode; projector mode is pictured at 1280 px and once computed (done) only
//   --genes N              sentences of N genes in place of 1,024: quicker, other maps
//   --selector CSS         waited for before a picture is taken
// Motion is off and runs are held at a given event, so that two runs give one picture but for the times that they print, and
// how far a forming map has come.
import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import type {BrowserContext, Page} from "playwright-core";
import {type OpenSite, withSite} from "../tests/browser/harness.js";
import {quiet} from "../tests/browser/quiet.js";
import {shorten} from "../tests/browser/workbook-page.js";
import {contactSheet, pictureName, type Picture} from "./contact-sheet.js";
import {pageStates, type StateName, type StateRecipe} from "./screenshot-states.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    out: {type: "string", default: join("tmp", "screenshots")},
    site: {type: "string"},
    state: {type: "string"},
    width: {type: "string", default: "1280,390"},
    theme: {type: "string", default: "light,dark"},
    mode: {type: "string", default: "plain,projector"},
    genes: {type: "string"},
    selector: {type: "string"}
  }
});

const widths = values.width.split(",").map(Number);
const themes = values.theme.split(",") as ("light" | "dark")[];
const states = values.state?.split(",");
const modes = values.mode.split(",");
/** A page that is not ours (--site) or is new has one state. */
const recipesOf = (name: string): [StateName, StateRecipe][] =>
  (Object.entries((values.site === undefined && pageStates[name]) || {done: {}}) as [StateName, StateRecipe][]).filter(
    ([state]) => states?.includes(state) ?? true
  );

const pictures: Picture[] = [];

/** Pictures of a page as it stands, in all widths and themes. */
async function take(page: Page, about: {page: string; state: string; projector: boolean}): Promise<void> {
  for (const width of about.projector ? widths.filter((one) => one >= 1000) : widths) {
    await page.setViewportSize({width, height: 900});
    for (const theme of themes) {
      await page.emulateMedia({colorScheme: theme, reducedMotion: "reduce"});
      await quiet(page, 600);
      const file = pictureName({...about, width, theme});
      await page.screenshot({path: join(values.out, file), fullPage: true, animations: "disabled", caret: "hide"});
      pictures.push({...about, width, theme, file});
      process.stdout.write(`${join(values.out, file)}\n`);
    }
  }
}

mkdirSync(values.out, {recursive: true});
const failures: string[] = [];
const names = positionals.length > 0 ? positionals : Object.keys(pageStates);
const siteOf = (name: string): string => values.site ?? (name === "gallery" ? "tests/gallery" : ".");
for (const site of new Set(names.map(siteOf))) {
  await withSite({coi: true, site}, (open) =>
    takeAll(
      names.filter((name) => siteOf(name) === site),
      open
    )
  );
}

/** Pictures of some pages of a site, in every state that is asked for. */
async function takeAll(pages: string[], {url, newPage, faults}: OpenSite): Promise<void> {
  const shared = new Map<string, BrowserContext>();
  const viewport = {width: widths[0], height: 900};

  async function picture(name: string, state: StateName, recipe: StateRecipe, projector: boolean): Promise<void> {
    const {query = "", before, after, shares, expected} = recipe;
    const known = shares === undefined ? undefined : shared.get(shares);
    const page = await (known?.newPage() ??
      newPage({viewport, colorScheme: themes[0], reducedMotion: "reduce", locale: "en-GB"}));
    if (shares !== undefined) shared.set(shares, page.context());
    try {
      await page.setViewportSize(viewport);
      await page.emulateMedia({colorScheme: themes[0], reducedMotion: "reduce"});
      if (values.genes !== undefined) await shorten(page, Number(values.genes));
      if (projector) await page.addInitScript(() => localStorage.setItem("workbook-mode", "projector"));
      await before?.(page);
      await page.goto(new URL((name === "index" ? "./" : name) + query, url).href);
      await after?.(page);
      if (values.selector !== undefined) await page.waitForSelector(values.selector, {timeout: 120_000});
      await take(page, {page: name, state, projector});
    } finally {
      if (expected !== undefined) faults.splice(0, faults.length, ...faults.filter((line) => !expected.test(line)));
      if (shares === undefined) await page.context().close();
      else {
        if (projector) await page.evaluate(() => localStorage.removeItem("workbook-mode"));
        await page.close();
      }
    }
  }

  for (const name of pages) {
    for (const [state, recipe] of recipesOf(name)) {
      for (const mode of modes) {
        const projector = mode === "projector";
        if (projector && state !== "done") continue;
        await picture(name, state, recipe, projector).catch((error: Error) =>
          failures.push(`${name}, ${state}, ${mode}: ${error.message}`)
        );
        writeFileSync(join(values.out, "contact-sheet.html"), contactSheet(pictures));
      }
    }
  }
}
process.stdout.write(`${pictures.length} pictures: ${join(values.out, "contact-sheet.html")}\n`);
if (failures.length > 0) {
  process.stderr.write(`No picture of:\n${failures.join("\n")}\n`);
  process.exitCode = 1;
}
