// A folder with all that `full-size.ts` needs on a Linux machine (x64) that has Node, Chromium and numpy, and no packages.
import {copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import {load, normalize, openFile, sample} from "../../src/components/notebook/node.js";
import {readSentences} from "../../src/components/core/tables/sentences.js";
import {writeDemoFile} from "../../src/components/runtime/demo-file.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Makes the folder from the built site. Throws an Error where there is none. */
export async function packFullSize(folder: string): Promise<void> {
  const site = here("../../dist");
  if (!existsSync(join(site, "models.html"))) throw new Error("build the site first: npm run build");
  mkdirSync(folder, {recursive: true});
  // What is left out is for browsers older than Chromium 137.
  const needless = /asyncify\.wasm$/;
  cpSync(site, join(folder, "site"), {recursive: true, filter: (path) => !needless.test(path)});
  cpSync(here("../../node_modules/playwright-core"), join(folder, "node_modules/playwright-core"), {recursive: true});
  await build({
    entryPoints: [here("./full-size.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outfile: join(folder, "full-size.mjs"),
    external: ["playwright-core", "./pack-full-size.js"],
    logLevel: "error"
  });
  copyFileSync(here("./full-size-reference.py"), join(folder, "full-size-reference.py"));
  copyFileSync(here("../../scripts/serve.js"), join(folder, "serve.js"));
  writeFileSync(join(folder, "package.json"), '{"type": "module"}\n');
  copyFileSync(here("../reference/forward.py"), join(folder, "forward.py"));
  writeFileSync(join(folder, "sentences.json"), JSON.stringify(await demoSentences()));
}

/** Tokens of the demo's cells, by row, as a page with its default choices draws them. */
async function demoSentences(): Promise<number[][]> {
  const scratch = mkdtempSync(join(tmpdir(), "full-size-"));
  try {
    const path = await writeDemoFile(scratch);
    const {rows, tokens} = readSentences(await sample(normalize(load(await openFile(path)))).table());
    const all: number[][] = [];
    rows.forEach((row, i) => (all[row] = [...(tokens(i) ?? [])]));
    return all;
  } finally {
    rmSync(scratch, {recursive: true, force: true});
  }
}
