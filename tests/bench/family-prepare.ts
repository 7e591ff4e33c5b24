// A model of family.ts in a folder: the bundle, its self-test, whose vectors are onnxruntime's in float32, and the processor's times.
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {writeRandomBundle} from "../../scripts/random-bundle.js";
import type {FamilyModel, ProcessorRow} from "../../src/components/core/bench/family-run.js";
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
import type {ModelGene, Precision} from "../../src/components/core/types.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {originalBundle} from "./family-model.js";

/** What was made, and what the processor took. */
export type PreparedModel = Pick<FamilyModel, "layers" | "bytes" | "largestFile" | "threads" | "processor">;

/** Which model, and what of it is compared. */
export interface FamilyAsk {
  layers: number;
  genes: readonly ModelGene[];
  folder: string;
  length: number;
  compared: number;
  threads: number;
  /** Storage precisions to make and time too; the first is what the others, and 4 bits, are compared with. */
  storages: readonly Precision[];
  say(line: string): void;
}

/** Makes the bundle below FOLDER/bundle unless it is there, with a self-test of `compared` sentences. */
export async function prepareFamily(ask: FamilyAsk): Promise<PreparedModel> {
  const {layers, genes, folder, length, compared, threads, storages, say} = ask;
  const at = join(folder, "bundle");
  const begun = performance.now();
  if (!existsSync(join(at, bundlePaths.manifest))) {
    await writeRandomBundle(originalBundle(layers, genes), folderWorkspace(at));
    say(`${layers} layers: made in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  }
  const bundle = await openBundle(folderBundle(at));
  const width = bundle.manifest.architecture.outputWidth;
  const sentences = randomSentences(bundle, compared, length);
  const wide = await float32Vectors(bundle, sentences, threads);
  const rows = Int32Array.from(sentences, (_, row) => row);
  const test = encodeSelfTest({origin: "random sentences", rows, sentences, embeddings: wide.vectors, width});
  const {files} = (await withSelfTest(at, bundle.manifest, test)).variants[0];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const largestFile = Math.max(...files.map((file) => file.bytes));
  say(`  ${(bytes / 1e6).toFixed(1)} MB in ${files.length} files, the largest ${(largestFile / 1e6).toFixed(1)} MB`);
  const processor: ProcessorRow[] = [];
  const add = (name: string, size: number, made: Timed, to: Timed, comparedWith: string): void => {
    const {ms, processorMs, vectors} = made;
    const row = {
      ...{name, bytes: size, ms, processorMs, comparedWith},
      relativeError: relativeError(vectors, to.vectors, compared, width),
      cosine: meanCosine(vectors, to.vectors, width)
    };
    processor.push(row);
    say(
      `  processor, ${threads} threads, ${name}: ${ms.toFixed(0)} ms a cell (${processorMs.toFixed(0)} of the processor), ` +
        `relative error ${row.relativeError.toPrecision(2)}, cosine ${row.cosine.toFixed(6)} to ${comparedWith}`
    );
  };
  const blocks = await embedStored(bundle, "int4", sentences, threads);
  add("4 bit, widened to float32", bytes, wide, wide, "itself");
  add("4 bit, blocks as they lie", bytes, blocks, wide, "the same, widened");
  let exact: Timed | null = null;
  for (const precision of storages) {
    const place = join(folder, precision);
    if (!existsSync(join(place, bundlePaths.manifest)))
      await writeRandomBundle({...originalBundle(layers, genes), precision}, folderWorkspace(place));
    const opened = await openBundle(folderBundle(place));
    const made = await embedStored(opened, precision, sentences, threads);
    exact ??= made;
    const size = opened.manifest.variants[0].files.reduce((sum, file) => sum + file.bytes, 0);
    add(precision, size, made, exact, storages[0]);
  }
  if (exact !== null) add("int4", bytes, blocks, exact, storages[0]);
  return {layers, bytes, largestFile, threads, processor};
}

async function embedStored(
  bundle: Bundle,
  precision: Precision,
  sentences: readonly Int32Array[],
  threads: number
): Promise<Timed> {
  const encoder = await openNodeEncoder(bundle, {precision, threads});
  return timed(sentences, threads, (tokens) => encoder.embed(tokens, 1, tokens.length)).finally(() => encoder.close());
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
async function float32Vectors(bundle: Bundle, sentences: readonly Int32Array[], threads: number): Promise<Timed> {
  const {architecture, tableRows: rows} = bundle.manifest;
  const ort = await loadOnnxruntime();
  const wide = await readWideTensors(bundle, "encoder", "int4");
  const session = await ort.InferenceSession.create(encoderGraph({...architecture, tableRows: rows}), {
    externalData: wide.map(({name, values}) => ({path: name, data: bytesOf(values)})),
    intraOpNumThreads: threads
  });
  const rowsOf = tableRows(bundle);
  const made = await timed(sentences, threads, async (tokens) => {
    const input = new ort.Tensor("int32", rowsOf(tokens, 1, tokens.length), [1, tokens.length]);
    return (await session.run({rows: input})).embedding.data as Float32Array;
  });
  await session.release();
  return made;
}

interface Timed {
  vectors: Float32Array;
  ms: number;
  processorMs: number;
}

/** Vectors one after another; the median of the milliseconds that one took, and the mean of the processor's. */
async function timed(
  sentences: readonly Int32Array[],
  threads: number,
  run: (tokens: Int32Array) => Promise<Float32Array>
): Promise<Timed> {
  await run(sentences[0]);
  const parts: Float32Array[] = [];
  const times: number[] = [];
  const before = process.cpuUsage();
  for (const tokens of sentences) {
    const start = performance.now();
    parts.push(await run(tokens));
    times.push(performance.now() - start);
  }
  const {user, system} = process.cpuUsage(before);
  const vectors = new Float32Array(parts.reduce((sum, {length}) => sum + length, 0));
  parts.forEach((part, i) => vectors.set(part, i * part.length));
  const ms = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  return {vectors, ms, processorMs: (user + system) / 1000 / threads / sentences.length};
}

/** Mean cosine of unit vectors. */
function meanCosine(a: Float32Array, b: Float32Array, width: number): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0) / (a.length / width);
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
