// node --import tsx scripts/make-umap-page.ts OUT: a folder for a machine with a browser and no Node. Serve it (and answer POSTs to /result), open its index page: it
// measures neighbors on the GPU and on the processor and a layout of made-up cells (docs/umap.md), and POSTs what it measured, a JSON object a line.
import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error("name the folder to make");
mkdirSync(out, {recursive: true});
await build({
  entryPoints: [fileURLToPath(new URL("umap-page.ts", import.meta.url))],
  bundle: true,
  format: "esm",
  target: "es2022",
  outfile: join(out, "page.js"),
  logLevel: "error"
});
writeFileSync(
  join(out, "index.html"),
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>\n'
);
