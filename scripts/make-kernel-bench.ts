// node --import tsx scripts/make-kernel-bench.ts OUT: a folder for a machine with a GPU and no Node. Serve it (and answer POSTs to /result), open its index page:
// it times our kernels and onnxruntime-web on a full-size model of random weights and POSTs what it measured, a JSON object a line (docs/performance.md).
import {copyFileSync, cpSync, mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error("name the folder to make");
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
mkdirSync(join(out, "ort"), {recursive: true});
await build({
  entryPoints: [here("kernel-bench-page.ts")],
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
cpSync(here("../src/data/model"), join(out, "model"), {recursive: true});
for (const file of ["ort.jspi.min.mjs", "ort-wasm-simd-threaded.jspi.mjs", "ort-wasm-simd-threaded.jspi.wasm"]) {
  copyFileSync(here(`../node_modules/onnxruntime-web/dist/${file}`), join(out, "ort", file));
}
