// What a run of the suite needs in a folder: the model, the reference's vectors, the page. A folder that was packed has the page already.
import {copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {loadOnnxruntime} from "../../src/components/adapters/onnxruntime-node.js";
import {bytesOf} from "../../src/components/core/bytes-of.js";
import {quantizeBlocks, widenBlocks} from "../../src/components/core/model/quantize.js";
import {widenToFloat32} from "../../src/components/core/model/widen.js";
import {comparedCells, type Job} from "./job.js";
import {
  makeModel,
  modelFiles,
  readModel,
  sentenceRows,
  type BenchModel,
  type ModelSize,
  type Tensors
} from "./model.js";
import {openOrt, type Ort} from "./open-ort.js";
import {inputsOf, isProductWeight} from "./weight-parts.js";

/** Files of onnxruntime-web that the page fetches. */
export const ortFiles = [
  ...["ort.jspi.min.mjs", "ort.wasm.min.mjs", "ort-wasm-simd-threaded.jspi.mjs", "ort-wasm-simd-threaded.jspi.wasm"],
  ...["ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"]
];

/** Writes the model into FOLDER/model unless it is there, and reads it. */
export function prepareModel(folder: string, size: ModelSize): BenchModel {
  const at = join(folder, "model");
  mkdirSync(at, {recursive: true});
  if (!existsSync(join(at, "weights.bin"))) {
    const {index, parts} = modelFiles(makeModel(size));
    writeFileSync(join(at, "weights.bin"), Buffer.concat(parts));
    writeFileSync(join(at, "model.json"), index);
  }
  const bytes = Uint8Array.from(readFileSync(join(at, "weights.bin")));
  return readModel(readFileSync(join(at, "model.json"), "utf8"), bytes.buffer);
}

/** Vectors of the compared cells by onnxruntime's CPU in float32, without optimization of the graph, for each length. */
export async function prepareReference(folder: string, model: BenchModel, lengths: readonly number[]): Promise<void> {
  const at = (length: number, weights: string) => join(folder, "model", `expected-${length}-${weights}.bin`);
  const missing = lengths.filter((length) => !existsSync(at(length, "blocks8")));
  if (missing.length === 0) return;
  const job: Job = {
    ...{way: "onnxruntime", backend: "node-cpu", numbers: "float32", threads: null, level: "disabled"},
    ...{shapes: [], compared: 0, budget: 0}
  };
  const ort = (await loadOnnxruntime()) as unknown as Ort;
  const rounded = {...model, tensors: throughBlocks(model)};
  for (const [weights, of] of [
    ["float32", model],
    ["blocks8", rounded]
  ] as const) {
    const open = await openOrt(ort, of, job, "cpu");
    for (const length of missing) {
      const rows = sentenceRows(model, comparedCells, length);
      writeFileSync(join(folder, "model", `rows-${length}.bin`), new Uint8Array(rows.buffer));
      const vectors = await open.run(rows, comparedCells, length);
      writeFileSync(at(length, weights), bytesOf(vectors));
    }
    await open.close();
  }
}

/** The tensors with every product's weights as their 8-bit blocks stand for them. */
function throughBlocks(model: BenchModel): Tensors {
  const entries = Array.from(model.tensors, ([name, values]): [string, Float32Array<ArrayBuffer>] => {
    if (!isProductWeight(name)) return [name, values];
    const inputs = inputsOf(model, name);
    const {values: bytes, scales} = quantizeBlocks(values, inputs, values.length / inputs, name);
    const steps = widenToFloat32(bytesOf(scales), "F16") as Float32Array;
    return [name, widenBlocks(bytes, steps, inputs, values.length / inputs)];
  });
  return new Map(entries);
}

/** Bundles the page into FOLDER/page with the runtime's files beside it, unless it is there. */
export async function preparePage(folder: string): Promise<string> {
  const at = join(folder, "page");
  if (existsSync(join(at, "page.js"))) return at;
  const {build} = await import("esbuild");
  mkdirSync(join(at, "ort"), {recursive: true});
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const worker = here("../../src/components/runtime/browser/processor.worker.ts");
  const entryPoints = {page: here("page.ts"), "processor.worker": worker};
  await build({entryPoints, bundle: true, format: "esm", target: "es2022", outdir: at, logLevel: "error"});
  const body =
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>\n';
  writeFileSync(join(at, "index.html"), body);
  for (const file of ortFiles) {
    const from = new URL(`../../node_modules/onnxruntime-web/dist/${file}`, import.meta.url);
    copyFileSync(fileURLToPath(from), join(at, "ort", file));
  }
  return at;
}
