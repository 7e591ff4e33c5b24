import type {Encoder} from "../embed/encoder.js";
import {embedTokens} from "../embed/embed-tokens.js";
import {WorkbookError} from "../errors.js";
import type {ModelGene, Precision, SentenceConstants} from "../types.js";
import {bundlePaths} from "./bundle-paths.js";
import type {Architecture, Bundle, BundleFile, BundleSink, BundleVariant, Manifest} from "./bundle.js";
import {readCheckpointConfig} from "./checkpoint-config.js";
import type {CheckpointConfig} from "./checkpoint-config.js";
import {encoderGraph} from "./encoder-graph.js";
import {readEncoderTensors} from "./encoder-tensors.js";
import {expressionGraph} from "./expression-graph.js";
import {readExpressionTensors} from "./expression-tensors.js";
import {foldTokens, layerNormEpsilon} from "./fold.js";
import {encodeGeneTable} from "./gene-table.js";
import type {GraphTensor} from "./graph-tensors.js";
import {openBundle} from "./open-bundle.js";
import type {RangeReader} from "./range-reader.js";
import {openSafetensors} from "./safetensors.js";
import {encodeSelfTest} from "./self-test-table.js";
import {sha256} from "./sha256.js";
import {encodeStorage} from "./storage.js";
import {syntheticSentences} from "./synthetic-sentences.js";
import {tableTokens} from "./table-tokens.js";
import {encodeSafetensors} from "./write-safetensors.js";

/** Sentence constants of the UCE-brain family. */
export const uceBrainSentence: SentenceConstants = {
  sampleSize: 1024,
  pad: 0,
  cls: 1,
  chromosomeEnd: 2000,
  chromosomeOffset: 1000
};

/** Tokens that the public code pads a sentence to: no sentence is longer. */
const paddedLength = 2048;

/** A published checkpoint and the genes that are to be used with it. */
export interface Checkpoint {
  /** Name of the model, for people. */
  name: string;
  /** Parsed content of config.json. */
  config: unknown;
  /** model.safetensors; read by range. */
  weights: RangeReader;
  /** Genes of the species, in the order that genes.arrow will have. */
  genes: readonly ModelGene[];
  /** Species that the genes are of ("human"). */
  species: string;
  /** Where the checkpoint is from; `sha256` is that of model.safetensors, "" where it is not known. */
  source: Manifest["source"];
  untrained?: boolean;
  /** By default UCE-brain's. */
  sentence?: SentenceConstants;
}

/** What a conversion is doing. */
export interface ConversionProgress {
  step: "fold" | "weights" | "self-test";
  done: number;
  total: number;
}

/** Choices of a conversion. */
export interface ConversionOptions {
  signal?: AbortSignal;
  onProgress?: (progress: ConversionProgress) => void;
  /** Opens the float32 variant, to embed the self-test's sentences; without it the bundle has no self-test. */
  openEncoder?: (bundle: Bundle, signal?: AbortSignal) => Promise<Encoder>;
  /** Sentences of at least 24 different cells for the self-test, and what they are; by default made-up ones. */
  selfTest?: {origin: string; sentences: Int32Array[]};
}

/**
 * Turns a checkpoint in the public layout into a model bundle (docs/formats.md) and returns its manifest. The same
 * checkpoint gives the same bytes (self-test embeddings: on the same machine). Throws a WorkbookError of domain
 * "checkpoint" or "genes" if the checkpoint, its configuration and the genes do not fit each other.
 */
export async function convertCheckpoint(
  checkpoint: Checkpoint,
  sink: BundleSink,
  {signal, onProgress, openEncoder, selfTest}: ConversionOptions = {}
): Promise<Manifest> {
  const config = readCheckpointConfig(checkpoint.config);
  const sentence = {...(checkpoint.sentence ?? uceBrainSentence), pad: config.padding};
  const architecture = architectureOf(config, sentence);
  const file = await openSafetensors(checkpoint.weights, signal);
  const prefix = file.tensors.has("embedding_layer.embedding.weight") ? "" : "uce.";
  if (checkpoint.genes.length === 0) throw noGenes();
  const tokens = tableTokens(checkpoint.genes, sentence);
  const tableRow = new Map(Array.from(tokens, (token, row) => [token, row]));

  onProgress?.({step: "weights", done: 0, total: 1});
  const encoder = await readEncoderTensors(file, prefix, config, architecture.maxLength, signal);
  const expression = await readExpressionTensors(file, config, signal);
  architecture.expression = expression === null ? null : config.decoderWidths;
  onProgress?.({step: "weights", done: 1, total: 1});
  const folded = await foldTokens(file, prefix, config, tokens, {
    signal,
    onProgress: (progress) => onProgress?.({step: "fold", ...progress})
  });
  const table: GraphTensor = {name: "table", shape: [tokens.length, config.width], values: folded, kind: "table"};

  const written = new Map<string, Uint8Array<ArrayBuffer>>();
  const write = async (path: string, bytes: Uint8Array<ArrayBuffer>): Promise<BundleFile> => {
    signal?.throwIfAborted();
    await sink.write(path, bytes, signal);
    written.set(path, bytes);
    return {path, bytes: bytes.byteLength, sha256: await sha256(bytes)};
  };
  const writeTensors = (path: string, precision: Precision, tensors: GraphTensor[]): Promise<BundleFile> =>
    write(path, encodeSafetensors(encodeStorage(precision, tensors)));

  const shape = {...architecture, tableRows: tokens.length};
  const shared = [
    await write(bundlePaths.genes, encodeGeneTable(checkpoint.genes, tableRow)),
    await write(bundlePaths.graph("encoder", "fp32"), encoderGraph(shape))
  ];
  if (expression !== null) {
    const graph = expressionGraph({...shape, widths: config.decoderWidths});
    shared.push(await write(bundlePaths.graph("expression", "fp32"), graph));
  }
  const precision: Precision = "fp32";
  const files = [
    ...shared,
    await writeTensors(bundlePaths.table(precision), precision, [table]),
    await writeTensors(bundlePaths.weights("encoder", precision), precision, encoder)
  ];
  if (expression !== null)
    files.push(await writeTensors(bundlePaths.weights("expression", precision), precision, expression));

  const manifestWith = (files: BundleFile[]): Manifest => ({
    format: "uce-workbook-bundle",
    formatVersion: 1,
    name: checkpoint.name,
    source: checkpoint.source,
    untrained: checkpoint.untrained ?? false,
    architecture,
    sentence,
    species: [{name: checkpoint.species, genes: checkpoint.genes.length}],
    tableRows: tokens.length,
    variants: [{precision, relativeError: 0, recall15: 1, files} satisfies BundleVariant]
  });
  if (openEncoder !== undefined) {
    const cases = selfTest ?? {
      origin: "synthetic",
      sentences: syntheticSentences(checkpoint.genes, sentence, architecture.maxLength)
    };
    onProgress?.({step: "self-test", done: 0, total: cases.sentences.length});
    const bundle = await openBundle(memorySource(written, encodeManifest(manifestWith(files))), signal);
    const model = await openEncoder(bundle, signal);
    try {
      const embeddings = await embedTokens(model, cases.sentences, {
        signal,
        onProgress: (done, total) => onProgress?.({step: "self-test", done, total})
      });
      const rows = Int32Array.from(cases.sentences, (_, row) => row);
      files.push(await write(bundlePaths.selfTest, encodeSelfTest({...cases, rows, embeddings, width: model.width})));
    } finally {
      await model.close();
    }
  }
  const manifest = manifestWith(files);
  await sink.write(bundlePaths.manifest, encodeManifest(manifest), signal);
  return manifest;
}

function architectureOf(config: CheckpointConfig, sentence: SentenceConstants): Architecture {
  const {layers, width, heads, feedForward, outputWidth, positions, activation, maxSequenceLength} = config;
  const maxLength = Math.min(maxSequenceLength, paddedLength);
  if (maxLength < sentence.sampleSize + 3) {
    throw new WorkbookError({
      domain: "checkpoint",
      code: "too-short",
      fault: `max_sequence_length ${maxSequenceLength} is too short for a sentence of ${sentence.sampleSize} genes`,
      place: "config.json/max_sequence_length",
      remedy: "give the config.json that belongs to the checkpoint"
    });
  }
  return {
    layers,
    width,
    heads,
    feedForward,
    outputWidth,
    maxLength,
    positions,
    activation,
    layerNormEpsilon,
    expression: null
  };
}

function encodeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
}

function memorySource(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>, manifest: Uint8Array<ArrayBuffer>) {
  return {
    name: "the bundle being written",
    read: async (path: string) => (path === bundlePaths.manifest ? manifest : (files.get(path) ?? new Uint8Array(0)))
  };
}

function noGenes(): WorkbookError {
  return new WorkbookError({
    domain: "genes",
    code: "no-genes",
    fault: "the gene dictionary has no gene",
    remedy: "give the gene dictionary that belongs to this checkpoint"
  });
}
