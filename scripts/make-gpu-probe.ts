// node --import tsx scripts/make-gpu-probe.ts OUT [--site DIR] [--rows A-B]: a folder for a machine with a GPU and no Node. Serve it with the headers of cross-origin
// isolation and open /gpu-probe.html there: it runs the demo by WebGPU and wasm, in each variant, loses the device once, and POSTs what it found,
// with the relative error to the vectors that Node computed here, to /result, a JSON object a run. --site: a built site, in place of this
// checkout's, which is built where it is not up to date. --rows: vectors of these cells only.
import {spawnSync} from "node:child_process";
import {copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {readEmbeddings} from "../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../src/components/core/tables/file.js";

const {
  values: options,
  positionals: [out]
} = parseArgs({allowPositionals: true, options: {site: {type: "string"}, rows: {type: "string"}}});
if (out === undefined) throw new Error("name the folder to make");

const rowsOption = options.rows === undefined ? [] : ["--rows", options.rows];

/** Runs Node on a script; its standard output. */
function node(...args: string[]): Buffer {
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {maxBuffer: 1 << 26});
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

if (options.site === undefined) node("scripts/build.js", "--if-changed");
mkdirSync(out, {recursive: true});
copyFileSync("scripts/gpu-probe.html", join(out, "gpu-probe.html"));
const demo = join(out, "demo.h5ad");
writeFileSync(demo, node("--import", "tsx", "src/data/demo.h5ad.ts"));
for (const precision of ["int8", "fp16"]) {
  const site = join(out, precision);
  cpSync(options.site ?? "dist", site, {recursive: true});
  const manifest = join(site, "data/model/manifest.json");
  const model = JSON.parse(readFileSync(manifest, "utf8")) as {variants: {precision: string}[]};
  writeFileSync(
    manifest,
    JSON.stringify({...model, variants: model.variants.filter((variant) => variant.precision === precision)})
  );
  const table = join(out, `${precision}.arrow`);
  node("src/cli.js", "embed", demo, "--precision", precision, "--out", table, ...rowsOption);
  const {vectors} = readEmbeddings(tableFromBytes(new Uint8Array(readFileSync(table))));
  writeFileSync(
    join(out, `ref-${precision}.bin`),
    new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength)
  );
  rmSync(table);
}
