// node --import tsx scripts/measure-storage.ts [--cells 160] [--random] [CELLS.h5ad ...]
// How far embeddings move when weights are stored in fewer bits: block sizes, ways of rounding, and parts that stay at 8 bits, each on its own, with what is wrong on purpose
// beside them. Of the embedded trained model on real cells (files of the command line, spread evenly); with --random of random weights whose
// singular values fall as those of trained ones do (4 layers, 256 wide, 4 heads, feed-forward 1,024) on random sentences. Prints the tables of docs/model.md, "4 bits".
import {parseArgs} from "node:util";
import {openNodeEncoder} from "../src/components/adapters/onnxruntime-node.js";
import type {GraphTensor} from "../src/components/core/convert/graph-tensors.js";
import {encodeStorage} from "../src/components/core/convert/storage.js";
import {tensorsOfFile} from "../src/components/core/convert/tensors-of-file.js";
import {encodeSafetensors} from "../src/components/core/convert/write-safetensors.js";
import {controlSentences} from "../src/components/core/embed/control-sentences.js";
import {embedTokens} from "../src/components/core/embed/embed-tokens.js";
import {bundlePaths} from "../src/components/core/model/bundle-paths.js";
import type {Bundle} from "../src/components/core/model/bundle.js";
import {openBundle} from "../src/components/core/model/open-bundle.js";
import {storeWorkspace} from "../src/components/core/model/stored-models.js";
import {widenStorage} from "../src/components/core/model/widen-storage.js";
import {createRandom} from "../src/components/core/random.js";
import {memoryStore} from "../src/components/core/store/object-store.js";
import type {Precision} from "../src/components/core/types.js";
import {neighborRecall} from "../src/components/core/vectors/neighbor-recall.js";
import {relativeError} from "../src/components/core/vectors/relative-error.js";
import {calibrationCells} from "../src/components/runtime/calibration-cells.js";
import {openNodeModel} from "../src/components/runtime/node-model.js";
import {roundBlocks, type Rounding} from "./round-blocks.js";
import {fallingSpectrum} from "./falling-spectrum.js";
import {writeRandomBundle} from "./random-bundle.js";
import {originalArchitecture, originalBundle} from "../tests/bench/family-model.js";

const {values, positionals} = parseArgs({
  options: {cells: {type: "string", default: "160"}, random: {type: "boolean", default: false}},
  allowPositionals: true
});
const {bundle, sentences} = values.random ? await randomModel() : await trainedModel();
const {architecture} = bundle.manifest;
const [n, width] = [sentences.length, architecture.outputWidth];
const stored = bundle.manifest.variants[0].precision;
const read = async (path: string) => tensorsOfFile(path, await bundle.file(path), architecture);
const [table] = await read(bundlePaths.table(stored));
const encoder = await read(bundlePaths.weights("encoder", stored));
const exact = await embed(encoder, table);

tell("float16", await embed(through(encoder, "fp16"), through([table], "fp16")[0]));
const [eight] = through([table], "int8");
tell("8 bit", await embed(through(encoder, "int8"), eight));
for (const block of [32, 64, 128]) {
  for (const way of ["largest", "signed", "signed-least", "unsigned"] as const) {
    tell(`4 bit, blocks of ${block}, ${way}; table 8 bit`, await embed(rounded(block, way), eight));
  }
}
const parts: [string, RegExp][] = [
  ["queries and keys", /query|key/],
  ["values", /value/],
  ["output products of attention", /attention\.output/],
  ["feed-forward up", /linear1/],
  ["feed-forward down", /linear2/],
  ["first layer", /^layers\.0\./],
  ["first layer's attention", /^layers\.0\.attention/],
  ["last layer", new RegExp(`^layers\\.${architecture.layers - 1}\\.`)],
  ["behind the last layer", /^output/]
];
for (const [name, pattern] of parts) {
  tell(
    `4 bit, blocks of 64, signed-least; 8 bit: table, ${name}`,
    await embed(rounded(64, "signed-least", pattern), eight)
  );
}
tell(
  "int4: 8 bit are table, first layer's attention, behind the last layer",
  await embed(through(encoder, "int4"), eight)
);
tell(
  "4 bit for the table's rows alone",
  await embed(encoder, {...table, values: roundBlocks(table, 64, "signed-least")})
);
await controls();

async function controls(): Promise<void> {
  const shifted = exact.map((_, i) => exact[(i + width) % exact.length]);
  tell("control: another cell", shifted);
  const tokens = bundle.genes.map(({token}) => token);
  for (const [name, spoilt] of Object.entries(controlSentences(sentences, bundle.manifest.sentence, tokens))) {
    tell(`control: ${name}`, await embed(encoder, table, spoilt));
  }
}

function tell(what: string, vectors: Float32Array): void {
  const [e, recall] = [relativeError(vectors, exact, n, width), neighborRecall(vectors, exact, n, width)];
  process.stdout.write(`| ${what} | ${e.toPrecision(3)} | ${recall.toFixed(3)} |\n`);
}

/** Weights as a storage precision gives them back. */
function through(tensors: readonly GraphTensor[], precision: Precision): GraphTensor[] {
  const wide = widenStorage("", encodeSafetensors(encodeStorage(precision, tensors)));
  return tensors.map((tensor) => ({...tensor, values: wide.find(({name}) => name === tensor.name)!.values}));
}

/** Matrices in 4-bit blocks, those whose name fits in 8-bit ones. */
function rounded(block: number, way: Rounding, fine?: RegExp): GraphTensor[] {
  return encoder.map((tensor) => {
    if (tensor.kind !== "matrix") return through([tensor], "int8")[0];
    if (fine?.test(tensor.name) === true) return through([tensor], "int8")[0];
    return {...tensor, values: roundBlocks(tensor, block, way)};
  });
}

/** Vectors of the sentences, by onnxruntime in float32 with these weights. */
async function embed(weights: readonly GraphTensor[], rows: GraphTensor, cells = sentences): Promise<Float32Array> {
  const files = new Map([
    [bundlePaths.table("fp32"), encodeSafetensors(encodeStorage("fp32", [rows]))],
    [bundlePaths.weights("encoder", "fp32"), encodeSafetensors(encodeStorage("fp32", weights))]
  ]);
  const [first] = bundle.manifest.variants;
  const listed = [...files.keys()].map((path) => ({path, bytes: 0, sha256: ""}));
  const kept = first.files.filter(({path}) => path.endsWith(".onnx"));
  const variant = {...first, precision: "fp32" as const, files: [...kept, ...listed]};
  const open = await openNodeEncoder(
    {
      ...bundle,
      manifest: {...bundle.manifest, variants: [variant]},
      file: async (path, signal) => files.get(path) ?? bundle.file(path, signal)
    },
    {precision: "fp32"}
  );
  return embedTokens(open, cells).finally(() => open.close());
}

async function trainedModel(): Promise<{bundle: Bundle; sentences: readonly Int32Array[]}> {
  const model = await openNodeModel(undefined);
  const {sentence} = model.manifest;
  const found = await calibrationCells(positionals, {species: model.lists, sentence, most: Number(values.cells)});
  process.stdout.write(`${model.manifest.name}: ${found[0].sentences.length} cells\n`);
  return {bundle: model, sentences: found[0].sentences};
}

async function randomModel(): Promise<{bundle: Bundle; sentences: readonly Int32Array[]}> {
  const sizes = {layers: 4, width: 256, heads: 4, feedForward: 1024, outputWidth: 256, maxLength: 512};
  const last = {width: 256, finish: "none"} as const;
  const shape = {
    ...originalArchitecture(4),
    ...sizes,
    output: [{width: 256, finish: "norm-gelu" as const}, last],
    expression: null
  };
  const {next} = createRandom(5);
  const genes = Array.from({length: 4000}, (_, i) => ({symbol: `G${i}`, token: 10 + i, chromosome: i % 24, start: i}));
  const store = storeWorkspace(memoryStore(), "random");
  await writeRandomBundle(
    {...originalBundle(4, genes), architecture: shape, precision: "fp32", sharpness: 2, reshape: fallingSpectrum},
    store
  );
  const model = await openBundle(store);
  const cells = Array.from({length: Number(values.cells)}, () => {
    const own = Array.from({length: 60}, () => genes[Math.floor(next() * genes.length)].token);
    return Int32Array.from({length: 400}, (_, i) => (i === 0 ? 3 : own[Math.floor(next() * own.length)]));
  });
  process.stdout.write(`random weights with a falling spectrum: ${cells.length} sentences\n`);
  return {bundle: model, sentences: cells};
}
