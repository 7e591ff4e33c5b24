import {WorkbookError} from "../errors.js";
import type {SentenceConstants, SpeciesGenes} from "../types.js";
import type {Architecture, Manifest} from "../model/bundle.js";
import type {DescribedCheckpoint} from "./checkpoint-layout.js";
import {describeCheckpoint} from "./describe-checkpoint.js";
import {openEncoderTensors} from "./encoder-tensors.js";
import {readExpressionTensors} from "./expression-tensors.js";
import {foldTokens, readFoldWeights, requireRows} from "./fold.js";
import {layerNormEpsilon} from "./fold-rows.js";
import type {GraphTensor} from "./graph-tensors.js";
import {piecesOf} from "./kept-pieces.js";
import type {KeptPieces} from "./kept-pieces.js";
import type {RangeReader} from "../remote/range-reader.js";
import type {ReadLog} from "./read-log.js";
import {openTensorFile} from "./tensor-file.js";
import type {TensorFile} from "./tensor-file.js";
import type {ShardedWeights} from "./shards.js";
import {tableTokens} from "../model/table-tokens.js";

/** A published checkpoint and the genes that are to be used with it. */
export interface Checkpoint {
  /** Name of the model, as it is displayed. */
  name: string;
  /** Parsed content of config.json; undefined where there is none. */
  config: unknown;
  /** model.safetensors, or the index and the shards that take its place, or a PyTorch zip archive; read by range. */
  weights: RangeReader | ShardedWeights;
  /** One or more species, each of which gets its genes and its folded table in the bundle. */
  species: readonly SpeciesGenes[];
  /** Where the checkpoint is from; `sha256` is that of model.safetensors, "" where it is not known. */
  source: Manifest["source"];
  untrained?: boolean;
  /** By default its family's. */
  sentence?: SentenceConstants;
}

/** What of a checkpoint belongs to one species. */
export interface SpeciesTable {
  /** Row of the folded table of each token. */
  tableRow: ReadonlyMap<number, number>;
  table: GraphTensor;
  /** The expression head's own rows of the same tokens; null where it takes the encoder's, and where there is no head. */
  expressionTable: GraphTensor | null;
}

/** A checkpoint in the form that a bundle holds it: weights by graph, all in float32. Those of the encoder are read as they are asked for. */
export interface CheckpointModel {
  architecture: Architecture;
  sentence: SentenceConstants;
  encoder(): AsyncGenerator<GraphTensor>;
  /** Null where the checkpoint has no expression head. */
  expression: GraphTensor[] | null;
  /** Folds the token table for each species in turn; progress counts the rows of all. Throws as `readCheckpoint` does. */
  fold(): AsyncGenerator<SpeciesTable>;
}

/** How to read a checkpoint. */
export interface ReadOptions {
  /** Where whole tensors (`keepWeights`) and folded rows are kept for a conversion that goes on later. */
  kept?: KeptPieces;
  /** True where weights are slow to come by. */
  keepWeights?: boolean;
  log?: ReadLog;
  signal?: AbortSignal;
  onProgress?: (progress: {step: "fold" | "weights"; done: number; total: number}) => void;
}

/**
 * Opens a checkpoint in the public layout: reads its small parts, and the encoder's weights and folded tables where they are asked for. Every tensor is used, or the checkpoint is refused with
 * the names of those that are not. Throws a WorkbookError of domain "checkpoint" or "genes" if the checkpoint, its
 * configuration and the genes do not fit each other.
 */
export async function readCheckpoint(
  checkpoint: Checkpoint,
  {kept, keepWeights = false, log, signal, onProgress}: ReadOptions = {}
): Promise<CheckpointModel> {
  let read = 0;
  const file: TensorFile = await openTensorFile(checkpoint.weights, {
    signal,
    log,
    kept: keepWeights ? kept : undefined,
    // All tensors but the token table and the positions are read whole.
    onRead: () => onProgress?.({step: "weights", done: ++read, total: Math.max(read, file.tensors.size - 2)})
  });
  const described = describeCheckpoint(file, checkpoint.config);
  const {sizes, layout} = described;
  const sentence = {...(checkpoint.sentence ?? layout.sentence), pad: layout.sentence.pad};
  const architecture = architectureOf(described, sentence);
  const tokens = checkpoint.species.map(({name, genes}) => {
    if (genes.length === 0) throw noGenes(name);
    return tableTokens(genes, sentence);
  });

  onProgress?.({step: "weights", done: 0, total: file.tensors.size - 2});
  const encoder = await openEncoderTensors(file, described, architecture.maxLength, signal);
  const expression = layout.expression && (await readExpressionTensors(file, layout.expression, sizes, signal));
  if (encoder.positions?.kind === "sinusoids") architecture.positions = "stored";
  const table = {name: layout.table, rows: sizes.vocabularySize, width: sizes.inputWidth};
  file.claim(table.name, [table.rows, table.width]);
  const ways = [await readFoldWeights(file, layout.fold, sizes, signal)];
  if (layout.geneFold !== null) ways.push(await readFoldWeights(file, layout.geneFold, sizes, signal));
  refuseUnused(file);
  const total = tokens.reduce((sum, {length}) => sum + length, 0);

  async function* fold(): AsyncGenerator<SpeciesTable> {
    let before = 0;
    for (const [i, own] of tokens.entries()) {
      const [values, geneValues] = await foldTokens(file, table, ways, own, {
        kept: kept && (tokens.length === 1 ? kept : piecesOf(kept, `s${i}`)),
        log,
        signal,
        onProgress: ({done}) => onProgress?.({step: "fold", done: before + done, total})
      });
      before += own.length;
      const tensor = (values: Float32Array): GraphTensor => ({
        name: "table",
        shape: [own.length, sizes.width],
        values,
        kind: "table"
      });
      yield {
        tableRow: new Map(Array.from(own, (token, row) => [token, row])),
        table: tensor(values),
        expressionTable: geneValues === undefined ? null : {...tensor(geneValues), kind: "expressionTable"}
      };
    }
  }
  for (const own of tokens) requireRows(own, sizes.vocabularySize);
  return {architecture, sentence, encoder: encoder.read, expression, fold};
}

function architectureOf({sizes, layout, family}: DescribedCheckpoint, sentence: SentenceConstants): Architecture {
  const {layers, width, heads, feedForward, outputWidth, positions, activation, maxSequenceLength} = sizes;
  const maxLength = Math.min(maxSequenceLength, layout.paddedLength);
  if (maxLength < sentence.sampleSize + 3) {
    throw new WorkbookError({
      domain: "checkpoint",
      code: "too-short",
      fault: `max_sequence_length ${maxSequenceLength} is too short for a sentence of ${sentence.sampleSize} genes`,
      place: "config.json/max_sequence_length",
      remedy: "give the config.json that belongs to the checkpoint"
    });
  }
  const {family: name, output, expressionTable} = family;
  return {
    family: name,
    layers,
    width,
    heads,
    feedForward,
    outputWidth,
    maxLength,
    positions,
    activation,
    layerNormEpsilon,
    output,
    expression: layout.expression === null ? null : sizes.decoderWidths,
    expressionTable
  };
}

/** Throws where a checkpoint holds tensors that nothing here computes with. */
function refuseUnused(file: TensorFile): void {
  const unused = file.unused();
  if (unused.length === 0) return;
  const named = unused.slice(0, 5).map((name) => `${name} [${file.tensors.get(name)!.shape.join(", ")}]`);
  const more = unused.length > named.length ? ` and ${unused.length - named.length} more` : "";
  throw new WorkbookError({
    domain: "checkpoint",
    code: "unknown-tensors",
    fault: `${file.name} holds ${unused.length === 1 ? "a tensor" : `${unused.length} tensors`} that the model of config.json does not have: ${named.join(", ")}${more}`,
    remedy: "convert a checkpoint in the layout of its makers, with the config.json that belongs to it"
  });
}

function noGenes(species: string): WorkbookError {
  return new WorkbookError({
    domain: "genes",
    code: "no-genes",
    fault: `the gene dictionary has no gene of ${species}`,
    remedy: "give the gene dictionary that belongs to this checkpoint"
  });
}
