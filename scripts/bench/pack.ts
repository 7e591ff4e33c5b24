// A folder with all that the suite needs on a Linux machine (x64) that has Node and Chromium and no packages.
import {cpSync, copyFileSync, mkdirSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import {ortFiles, preparePage} from "./prepare.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const outside = [
  "onnxruntime-node",
  "onnxruntime-web",
  "onnxruntime-web/wasm",
  "esbuild",
  "./bench/pack.js",
  "./bench/stages.js",
  "../tests/browser/chromium.js"
];

export async function pack(folder: string): Promise<void> {
  await preparePage(folder);
  const thread = here("../../src/components/runtime/processor-thread.ts");
  await build({
    entryPoints: {bench: here("../bench.ts"), "processor-thread": thread},
    outdir: folder,
    outExtension: {".js": ".mjs"},
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: outside,
    logLevel: "error"
  });
  copyFileSync(here("../torch-bench.py"), join(folder, "torch-bench.py"));
  const packages = here("../../node_modules");
  const take = (name: string) => cpSync(join(packages, name), join(folder, "node_modules", name), {recursive: true});
  for (const part of [
    "onnxruntime-node/package.json",
    "onnxruntime-node/dist",
    "onnxruntime-node/bin/napi-v6/linux/x64",
    "onnxruntime-common"
  ])
    take(part);
  mkdirSync(join(folder, "node_modules/onnxruntime-web/dist"), {recursive: true});
  take("onnxruntime-web/package.json");
  for (const file of [...ortFiles, "ort.node.min.mjs"]) take(`onnxruntime-web/dist/${file}`);
}
