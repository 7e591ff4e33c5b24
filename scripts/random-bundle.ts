// A model bundle of any architecture with random weights, written as it is made: for measurements at sizes whose checkpoints nobody has at hand.
import {encodeGeneTable} from "../src/components/core/model/genes-arrow.js";
import {encoderGraph} from "../src/components/core/convert/encoder-graph.js";
import {expressionGraph} from "../src/components/core/convert/expression-graph.js";
import type {GraphTensor} from "../src/components/core/convert/graph-tensors.js";
import {writeWeights, type WriteFile} from "../src/components/core/convert/write-weights.js";
import {weightPlaces} from "../src/components/core/kernels/weight-places.js";
import {bundlePaths} from "../src/components/core/model/bundle-paths.js";
import type {Architecture, BundleFile, BundleSink, Manifest} from "../src/components/core/model/bundle.js";
import {encodeManifest} from "../src/components/core/model/encode-manifest.js";
import {tableTokens} from "../src/components/core/model/table-tokens.js";
import {createRandom} from "../src/components/core/random.js";
import {sha256} from "../src/components/core/sha256.js";
import type {ModelGene, Precision, SentenceConstants} from "../src/components/core/types.js";

/** Which bundle to make. */
export interface RandomBundle {
  name: string;
  architecture: Architecture;
  sentence: SentenceConstants;
  genes: readonly ModelGene[];
  precision: Precision;
  /** How many times larger than PyTorch starts them queries and keys are (2). */
  sharpness?: number;
  /** Changes a tensor before it is stored. */
  reshape?: (tensor: GraphTensor) => GraphTensor;
}

/**
 * Writes the bundle but for its self-test, one species and one storage precision, and returns its manifest, which is written too. Weights are as PyTorch starts them but for keys and
 * queries, which are larger so that cells differ; noise stands in place of zeros and ones. The same bytes on every machine.
 */
export async function writeRandomBundle(
  {name, architecture, sentence, genes, precision, sharpness = 2, reshape = (tensor) => tensor}: RandomBundle,
  bundle: BundleSink
): Promise<Manifest> {
  const write: WriteFile = async (path, bytes) => {
    await bundle.write(path, bytes);
    return {path, bytes: bytes.byteLength, sha256: await sha256(bytes)};
  };
  const tokens = tableTokens(genes, sentence);
  const tableRow = new Map(Array.from(tokens, (token, row) => [token, row]));
  const shape = {...architecture, tableRows: tokens.length};
  const {expression: widths, expressionTable} = architecture;
  const compute = precision === "int4" ? "fp32-int4" : "fp32";
  const make = randomTensors(sharpness);
  const draw: Draw = (...tensor) => reshape(make(...tensor));
  const files: BundleFile[] = [
    await write(bundlePaths.genes, encodeGeneTable(genes, tableRow)),
    await write(
      bundlePaths.graph("encoder", compute),
      encoderGraph(precision === "int4" ? {...shape, blocks: "int4"} : shape)
    ),
    ...(await writeWeights(
      bundlePaths.table(precision),
      precision,
      [draw("table", [tokens.length, architecture.width], "table")],
      write
    )),
    ...(await writeWeights(
      bundlePaths.weights("encoder", precision),
      precision,
      encoderTensors(architecture, draw),
      write
    ))
  ];
  if (widths !== null) {
    files.push(await write(bundlePaths.graph("expression", "fp32"), expressionGraph({...shape, widths})));
    const first = bundlePaths.weights("expression", precision);
    files.push(...(await writeWeights(first, precision, headTensors(architecture, widths, draw), write)));
    const table = draw("table", [tokens.length, architecture.width], "expressionTable");
    if (expressionTable === "own")
      files.push(...(await writeWeights(bundlePaths.expressionTable(precision), precision, [table], write)));
  }
  const manifest: Manifest = {
    format: "uce-workbook-bundle",
    formatVersion: 1,
    name,
    source: {name: "random weights", revision: "1", sha256: ""},
    untrained: true,
    architecture,
    sentence,
    species: [{name: "human", genes: genes.length}],
    tableRows: tokens.length,
    variants: [{precision, relativeError: null, recall15: null, files}]
  };
  await bundle.write(bundlePaths.manifest, encodeManifest(manifest));
  return manifest;
}

type Draw = (name: string, shape: readonly number[], kind: GraphTensor["kind"]) => GraphTensor;

/** Makes tensors of pieces of a pool of normal numbers, each from another place on. */
function randomTensors(sharpness: number): Draw {
  const {normal} = createRandom(1280);
  const pool = Float32Array.from({length: 1 << 20}, normal);
  let at = 0;
  return (name, shape, kind) => {
    at = (at + 77_777) % pool.length;
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    const sharp = /attention\.(query|key)/.test(name) ? sharpness : 1;
    const scale = kind === "matrix" ? sharp / Math.sqrt(3 * shape[0]) : kind === "vector" ? 0.1 : 1;
    const middle = /norm\d?(\.\d+)?\.weight$/.test(name) ? 1 : 0;
    for (let i = 0; i < values.length; ++i) values[i] = middle + scale * pool[(at + i) % pool.length];
    return {name, shape, values, kind};
  };
}

/** The encoder's weights, one at a time, with the names that the kernels ask for. */
function* encoderTensors(architecture: Architecture, draw: Draw): Generator<GraphTensor> {
  for (const [name, {matrix, size, outputs}] of weightPlaces(architecture, 1)) {
    if (name === "table" || name === "positions") continue;
    yield matrix ? draw(name, [size / outputs, outputs], "matrix") : draw(name, [size], "vector");
  }
}

/** The expression head's weights. */
function* headTensors(
  {width, outputWidth}: Architecture,
  widths: readonly number[],
  draw: Draw
): Generator<GraphTensor> {
  yield draw("cell.weight", [outputWidth, widths[1]], "matrix");
  yield draw("gene.weight", [width, widths[1]], "matrix");
  for (let block = 0; block < widths.length - 1; ++block) {
    const outputs = widths[block + 1];
    if (block > 0) yield draw(`linear.${block}.weight`, [widths[block], outputs], "matrix");
    yield draw(`linear.${block}.bias`, [outputs], "vector");
    if (block === widths.length - 2) continue;
    yield draw(`norm.${block}.weight`, [outputs], "vector");
    yield draw(`norm.${block}.bias`, [outputs], "vector");
  }
}
