// node --import tsx scripts/make-gpu-probe.ts OUT [--site DIR] [--rows A-B]: a folder for a machine with a GPU and no Node. Serve it with the headers of cross-origin
// isolation and open /gpu-probe.html there: it runs the demo by WebGPU and wasm, in each variant, loses the device once, and POSTs what it found,
// with the relative error to the vectors that Node computed here, to /result, a JSON object a run. --site: a built site, in place of this
// checkout's, which is built where it is not up to date. --rows: vectors of these cells only.
import {spawnSync} from "node:child_process";
import {copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {readEmbeddings} from "../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../src/components/core/tables/file.js";
import {writeDemoFile} from "../src/components/runtime/demo-file.js";
import {runCommand} from "./run-command.js";

const {
  values: options,
  positionals: [out]
} = parseArgs({allowPositionals: true, options: {site: {type: "string"}, rows: {type: "string"}}});
if (out === undefined) throw new Error("name the folder to make");

const rowsOption = options.rows === undefined ? [] : ["--rows", options.rows];

/** Tells the probe, in whose frame the page is, what the page's worker tells it of a run. */
const tellParent = `<script>{
  const listen = MessagePort.prototype.addEventListener;
  MessagePort.prototype.addEventListener = function (name, listener, options) {
    listen.call(this, name, name !== "message" ? listener : (event) => {
      const told = event.data?.argumentList?.[0]?.value;
      if (typeof told?.type === "string") parent.hear?.(told);
      listener.call(this, event);
    }, options);
  };
}</script>`;

/** Lets the probe take the device from a worker, as a driver does that is restarted. */
const loseOnRequest = `
if (navigator.gpu !== undefined) {
  const ask = navigator.gpu.requestAdapter.bind(navigator.gpu);
  navigator.gpu.requestAdapter = async (...options) => {
    const adapter = await ask(...options);
    const open = adapter?.requestDevice.bind(adapter);
    if (open) adapter.requestDevice = async (...wishes) => {
      const device = await open(...wishes);
      new BroadcastChannel("lose-device").addEventListener("message", () => device.destroy());
      return device;
    };
    return adapter;
  };
}
`;

/** Prepares a copy of the site for the probe. */
function listenIn(site: string): void {
  const page = join(site, "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replace("<head>", `<head>${tellParent}`));
  const workers = readdirSync(site, {recursive: true, encoding: "utf8"}).filter((name) =>
    /workbook\.worker[^/]*\.js$/.test(name)
  );
  if (workers.length !== 1) throw new Error(`${site} has ${workers.length} workers, not one`);
  const worker = join(site, workers[0]);
  writeFileSync(worker, loseOnRequest + readFileSync(worker, "utf8"));
}

if (options.site === undefined) {
  const {status} = spawnSync(process.execPath, ["scripts/build.js", "--if-changed"], {stdio: ["ignore", 2, 2]});
  if (status !== 0) throw new Error("the site could not be built");
}
mkdirSync(out, {recursive: true});
copyFileSync("scripts/gpu-probe.html", join(out, "gpu-probe.html"));
const demo = await writeDemoFile(out);
for (const precision of ["int8", "fp16"]) {
  const site = join(out, precision);
  cpSync(options.site ?? "dist", site, {recursive: true});
  listenIn(site);
  const manifest = join(site, "data/model/manifest.json");
  const model = JSON.parse(readFileSync(manifest, "utf8")) as {variants: {precision: string}[]};
  writeFileSync(
    manifest,
    JSON.stringify({...model, variants: model.variants.filter((variant) => variant.precision === precision)})
  );
  const table = join(out, `${precision}.arrow`);
  await runCommand("embed", demo, "--precision", precision, "--out", table, ...rowsOption);
  const {vectors} = readEmbeddings(tableFromBytes(new Uint8Array(readFileSync(table))));
  writeFileSync(
    join(out, `ref-${precision}.bin`),
    new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength)
  );
  rmSync(table);
}
