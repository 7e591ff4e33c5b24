// A model of family.ts in a folder: the bundle, its self-test, whose vectors are onnxruntime's in float32, and the processor's times.
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {writeRandomBundle} from "../../scripts/random-bundle.js";
import {folderBundle, folderWorkspace} from "../../src/components/adapters/node-files.js";
import {loadOnnxruntime, openNodeEncoder} from "../../src/components/adapters/onnxruntime-node.js";
import {bytesOf} from "../../src/components/core/bytes-of.js";
import {encoderGraph} from "../../src/components/core/convert/encoder-graph.js";
import {tableRows} from "../../src/components/core/embed/table-rows.js";
import {bundlePaths} from "../../src/components/core/model/bundle-paths.js";
import type {Bundle, Manifest} from "../../src/components/core/model/bundle.js";
import {encodeManifest} from "../../src/components/core/model/encode-manifest.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {encodeSelfTest} from "../../src/components/core/model/self-test-table.js";
import {readWideTensors} from "../../src/components/core/model/wide-tensors.js";
import {createRandom} from "../../src/components/core/random.js";
import {sha256} from "../../src/components/core/sha256.js";
import type {ModelGene} from "../../src/components/core/types.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {originalBundle} from "./family-model.js";

/** What was made, and what the processor took. */
export interface PreparedModel {
  layers: number;
  /** Of all files of the bundle, and of the largest. */
  bytes: number;
  largestFile: number;
  files: {path: string; bytes: number}[];
  /** Seconds that making it took; null where it lay there. */
  madeIn: number | null;
  threads: number;
  /** Milliseconds a cell, one at a time: weights widened to float32, and 4-bit blocks as they lie. */
  msFloat32: number;
  msBlocks: number;
  /** Relative error of the blocks to the float32 vectors. */
  blocksError: number;
}

/** Which model, and what of it is compared. */
export interface FamilyAsk {
  layers: number;
  genes: readonly ModelGene[];
  folder: string;
  length: number;
  compared: number;
  threads: number;
  say(line: string): void;
}

/** Makes the bundle below FOLDER/bundle unless it is there, with a self-test of `compared` sentences. */
export async function prepareFamily({
  layers,
  genes,
  folder,
  length,
  compared,
  threads,
  say
}: FamilyAsk): Promise<PreparedModel> {
  const at = join(folder, "bundle");
  const isThere = existsSync(join(at, bundlePaths.manifest));
  const begun = performance.now();
  if (!isThere) await writeRandomBundle(originalBundle(layers, genes), folderWorkspace(at));
  const madeIn = isThere ? null : (performance.now() - begun) / 1000;
  const bundle = await openBundle(folderBundle(at));
  const width = bundle.manifest.architecture.outputWidth;
  const sentences = randomSentences(bundle, compared, length);
  const {vectors, ms} = await float32Vectors(bundle, sentences, threads);
  const manifest = await withSelfTest(
    at,
    bundle.manifest,
    encodeSelfTest({
      origin: "random sentences",
      rows: Int32Array.from(sentences, (_, row) => row),
      sentences,
      embeddings: vectors,
      width
    })
  );
  const blocks = await openNodeEncoder(bundle, {precision: "int4", threads});
  const [ours, msBlocks] = await timed(sentences, (tokens) => blocks.embed(tokens, 1, length));
  await blocks.close();
  const {files} = manifest.variants[0];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const prepared: PreparedModel = {
    ...{layers, bytes, madeIn, threads, msFloat32: ms, msBlocks},
    largestFile: Math.max(...files.map((file) => file.bytes)),
    files: files.map((file) => ({path: file.path, bytes: file.bytes})),
    blocksError: relativeError(ours, vectors, compared, width)
  };
  say(
    `${layers} layers: ${(bytes / 1e6).toFixed(1)} MB, the largest file ${(prepared.largestFile / 1e6).toFixed(1)} MB${madeIn === null ? "" : `, made in ${madeIn.toFixed(0)} s`}`
  );
  say(
    `  processor, ${threads} threads: ${ms.toFixed(0)} ms a cell in float32, ${msBlocks.toFixed(0)} in 4-bit blocks (relative error ${prepared.blocksError.toExponential(1)})`
  );
  return prepared;
}

function randomSentences({genes, manifest}: Bundle, count: number, length: number): Int32Array[] {
  const {next} = createRandom(7);
  return Array.from({length: count}, () => {
    const tokens = Int32Array.from({length}, () => genes[Math.floor(next() * genes.length)].token);
    tokens[0] = manifest.sentence.cls;
    return tokens;
  });
}

/** Vectors of the stored weights, widened to float32, by onnxruntime's plain products. */
async function float32Vectors(
  bundle: Bundle,
  sentences: readonly Int32Array[],
  threads: number
): Promise<{vectors: Float32Array; ms: number}> {
  const {architecture, tableRows: rows} = bundle.manifest;
  const ort = await loadOnnxruntime();
  const wide = await readWideTensors(bundle, "encoder", "int4");
  const session = await ort.InferenceSession.create(encoderGraph({...architecture, tableRows: rows}), {
    externalData: wide.map(({name, values}) => ({path: name, data: bytesOf(values)})),
    intraOpNumThreads: threads
  });
  const rowsOf = tableRows(bundle);
  const [vectors, ms] = await timed(sentences, async (tokens) => {
    const input = new ort.Tensor("int32", rowsOf(tokens, 1, tokens.length), [1, tokens.length]);
    return (await session.run({rows: input})).embedding.data as Float32Array;
  });
  await session.release();
  return {vectors, ms};
}

/** Vectors one after another, and the median of the milliseconds that one took. */
async function timed(
  sentences: readonly Int32Array[],
  run: (tokens: Int32Array) => Promise<Float32Array>
): Promise<[vectors: Float32Array, ms: number]> {
  const parts: Float32Array[] = [];
  const times: number[] = [];
  for (const tokens of sentences) {
    const start = performance.now();
    parts.push(await run(tokens));
    times.push(performance.now() - start);
  }
  const vectors = new Float32Array(parts.reduce((sum, {length}) => sum + length, 0));
  parts.forEach((part, i) => vectors.set(part, i * part.length));
  return [vectors, times.sort((a, b) => a - b)[Math.floor(times.length / 2)]];
}

/** Writes the self-test and the manifest that lists it. */
async function withSelfTest(folder: string, manifest: Manifest, bytes: Uint8Array<ArrayBuffer>): Promise<Manifest> {
  const path = bundlePaths.selfTest("int4");
  writeFileSync(join(folder, path), bytes);
  const [variant] = manifest.variants;
  const files = variant.files.filter((file) => file.path !== path);
  const whole = {...variant, files: [...files, {path, bytes: bytes.byteLength, sha256: await sha256(bytes)}]};
  const told = {
    ...(JSON.parse(readFileSync(join(folder, bundlePaths.manifest), "utf8")) as Manifest),
    variants: [whole]
  };
  writeFileSync(join(folder, bundlePaths.manifest), encodeManifest(told));
  return told;
}
