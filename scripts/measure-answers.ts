// node --import tsx scripts/measure-answers.ts FILE.h5ad [--tries 3] [--markers]: the page "What is this cell?" with a file of many cells, in headless Chromium: from the
// release of a lasso to the figure of what the selection is made of, the longest time between two frames, and with --markers the time until the table of markers. The run is
// planted: made-up vectors, laid out in ten epochs, and a column of ten groups that the file gets, since only what follows a run is measured. Prints a JSON object a line.
import {mkdtempSync, rmSync} from "node:fs";
import {cpus, loadavg, tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import type {Page} from "playwright-core";
import type {Encoder} from "../src/components/core/embed/encoder.js";
import {defaultParameters} from "../src/components/core/parameters.js";
import {placeInFile, writeH5ad} from "../src/components/runtime/node-h5ad.js";
import {formatInteger} from "../src/components/views/format.js";
import {answersReady, lassoToComposition} from "../tests/browser/answers-flow.js";
import {withSite} from "../tests/browser/harness.js";
import {plant, seedOf} from "../tests/browser/seeded.js";
import {pick, shorten} from "../tests/browser/workbook-page.js";
import {madeUpCells} from "./made-up-cells.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {tries: {type: "string", default: "3"}, markers: {type: "boolean", default: false}}
});
const [given] = positionals;
if (given === undefined) throw new Error("name a file: measure-answers.ts FILE.h5ad");

const [genes, width, groups] = [16, 128, 10];
const layout = {neighbors: 5, epochs: 10};
const tell = (result: object): void => console.log(JSON.stringify(result));

/** A copy of the file with a column of groups; its path and number of cells. */
async function withGroups(out: string): Promise<{path: string; cells: number}> {
  const path = join(out, "large.h5ad");
  const {root, obsNames} = await placeInFile(given, {arrays: [], texts: "measured"});
  const texts = obsNames.map((_, row) => `group ${(row * 7) % groups}`);
  const columns = [{name: "group", kind: "text" as const, values: texts}];
  const nObs = obsNames.length;
  await writeH5ad(path, given, {root, nObs, arrays: [], columns, texts: {name: "measured", values: {}}}, obsNames);
  return {path, cells: nObs};
}

/** Takes the model's place: vectors of 20 types, whatever the sentences. */
async function madeUpEncoder(cells: number): Promise<Encoder> {
  const vectors = madeUpCells(cells, width);
  let next = 0;
  return {
    name: "made-up vectors",
    backend: "cpu",
    compute: "fp32",
    storage: "int8",
    limits: {maxBatch: 256, preferredBatch: 256},
    width,
    async embed(_, batch) {
      const found = vectors.slice(next * width, (next + batch) * width);
      next += batch;
      for (let i = 0; i < batch; ++i) {
        const one = found.subarray(i * width, (i + 1) * width);
        const length = Math.hypot(...one);
        one.forEach((value, k) => (one[k] = value / length));
      }
      return found;
    },
    close: async () => {}
  };
}

async function markers(page: Page): Promise<number> {
  const panel = page.locator(".wb-marker-panel");
  const start = performance.now();
  await panel.getByRole("button", {name: "Find markers"}).click();
  await panel.locator("tbody tr").first().waitFor({timeout: 300_000});
  return (performance.now() - start) / 1000;
}

const out = mkdtempSync(join(tmpdir(), "answers-"));
try {
  const {path, cells} = await withGroups(out);
  const parameters = {...defaultParameters, matrix: "X", ...layout};
  const seed = await seedOf(path, genes, {parameters}, () => madeUpEncoder(cells));
  tell({cells, planted: seed.objects.length, processor: cpus()[0].model, cores: cpus().length});
  await withSite({coi: true}, async (site) => {
    const page = await site.newPage({viewport: {width: 1280, height: 900}});
    await shorten(page, genes);
    await plant(page, site.url, seed);
    await page.goto(`${site.url}answers?neighbors=${layout.neighbors}&epochs=${layout.epochs}`);
    await pick(page, path);
    // Of many cells the page takes some at random unless it is told otherwise.
    const all = page
      .locator(".wb-cells label")
      .filter({hasText: formatInteger(cells)})
      .first()
      .locator("input");
    await all.evaluate((radio) => (radio as unknown as {click(): void}).click());
    await answersReady(page, formatInteger(cells), 300_000);
    for (let i = 0; i < Number(values.tries); ++i) {
      tell({what: "lasso to composition", ...(await lassoToComposition(page)), load: loadavg()[0]});
      await page.getByRole("button", {name: "Clear", exact: true}).click();
      await answersReady(page, formatInteger(cells));
    }
    if (values.markers) {
      await lassoToComposition(page);
      tell({what: "markers", seconds: await markers(page), load: loadavg()[0]});
    }
  });
} finally {
  rmSync(out, {recursive: true});
}
