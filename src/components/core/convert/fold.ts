import {bytesOf} from "../bytes-of.js";
import {WorkbookError} from "../errors.js";
import {safetensorsTypes} from "../model/safetensors-header.js";
import type {CheckpointConfig} from "./checkpoint-config.js";
import {prepareFold, type FoldWeights, type Norm} from "./fold-rows.js";
import type {KeptPieces} from "./kept-pieces.js";
import type {ReadLog} from "./read-log.js";
import {requireFinite} from "./require-finite.js";
import {pieceName} from "./safetensors.js";
import type {Safetensors} from "./safetensors.js";

/** Progress of folding, in table rows. */
export interface FoldProgress {
  done: number;
  total: number;
}

/** How to fold. */
export interface FoldOptions {
  /** Folded blocks are kept there, and taken from there. */
  kept?: KeptPieces;
  log?: ReadLog;
  signal?: AbortSignal;
  onProgress?: (progress: FoldProgress) => void;
}

/** Name of the checkpoint's token table. */
const tableName = (prefix: string) => `${prefix}embedding_layer.embedding.weight`;

/**
 * Reads the input side of a checkpoint, but for the token table, of which it only says that it will be read. Throws for
 * missing and misshapen tensors.
 */
export async function readFoldWeights(
  file: Safetensors,
  prefix: string,
  {width, inputWidth, vocabularySize, inputLayerNorm}: CheckpointConfig,
  signal?: AbortSignal
): Promise<FoldWeights> {
  file.claim(tableName(prefix), [vocabularySize, inputWidth]);
  const projector = `${prefix}input_gene_embedding_projector`;
  const norm = `${prefix}embedding_layer.layer_norm`;
  return {
    inputWidth,
    width,
    inputNorm: inputLayerNorm ? await readNorm(file, norm, inputWidth, signal) : undefined,
    projection: await file.read(`${projector}.0.weight`, [width, inputWidth], signal),
    bias: await file.read(`${projector}.0.bias`, [width], signal),
    norm: await readNorm(file, `${projector}.1`, width, signal)
  };
}

/**
 * Folds the input side of a checkpoint into a table: row t is GELU(LayerNorm(W LayerNorm(E[token]) + b)), all of what
 * the model computes from a token before its position matters (docs/model.md, "Folding").
 *
 * Reads only the needed ranges of E, a few blocks at a time, so a 3 GB checkpoint needs some tens of megabytes. `tokens` are
 * rows of E, in the order of the table's rows; the result is tokens.length x config.width, row-major. Throws
 * "token-out-of-range" for a token that E does not hold and "not-finite" for a row with NaN.
 */
export async function foldTokens(
  file: Safetensors,
  prefix: string,
  config: CheckpointConfig,
  weights: FoldWeights,
  tokens: ArrayLike<number>,
  {kept, log, signal, onProgress}: FoldOptions = {}
): Promise<Float32Array<ArrayBuffer>> {
  const {width, inputWidth, vocabularySize} = config;
  const table = new Float32Array(tokens.length * width);
  const name = tableName(prefix);
  const fold = prepareFold(weights);

  async function foldBlock({first, count, rows}: Block): Promise<Float32Array> {
    const piece = pieceName(name, first, count);
    const key = `fold-${first}-${count}-${rows.length}`;
    const before = await kept?.read(key);
    if (before) {
      log?.note(piece, before.label, count * inputWidth * safetensorsTypes[file.tensors.get(name)!.type]);
      return new Float32Array(before.bytes.buffer, before.bytes.byteOffset, before.bytes.byteLength / 4);
    }
    const input = await file.readRows(name, [vocabularySize, inputWidth], first, count, signal);
    const picked = new Float32Array(rows.length * inputWidth);
    rows.forEach((row, i) => {
      const from = (tokens[row] - first) * inputWidth;
      const values = input.subarray(from, from + inputWidth);
      requireFinite(values, {file: file.name, tensor: name, rowLength: inputWidth, firstRow: tokens[row]});
      picked.set(values, i * inputWidth);
    });
    // Between two blocks Cancel is heard, and what was read meanwhile arrives.
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    const folded = fold(picked);
    await kept?.write(key, log?.hashOf(piece) ?? "0", bytesOf(folded) as Uint8Array<ArrayBuffer>);
    return folded;
  }

  let done = 0;
  await inParallel(blocks(tokens, vocabularySize), blocksAtATime, async (block) => {
    signal?.throwIfAborted();
    const folded = await foldBlock(block);
    block.rows.forEach((row, i) => table.set(folded.subarray(i * width, (i + 1) * width), row * width));
    onProgress?.({done: (done += block.rows.length), total: tokens.length});
  });
  return table;
}

/** Runs `work` on each item, at most `most` at a time; after a fault no further item is begun, and those begun are waited for. */
async function inParallel<T>(items: Iterable<T>, most: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done && !failed; next = waiting.next()) {
      await work(next.value).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const ended = await Promise.allSettled(Array.from({length: most}, lane));
  const fault = ended.find((result) => result.status === "rejected");
  if (fault !== undefined) throw fault.reason;
}

interface Block {
  /** First row of E, and how many are read. */
  first: number;
  count: number;
  /** Rows of the folded table that the block gives. */
  rows: number[];
}

/** Most rows of E in one read: 128 rows of 5120 are 2.6 MB. */
const blockRows = 128;
/** Blocks that are read, folded or kept at the same time. */
const blocksAtATime = 3;

/** Table rows in ascending order of token, cut into reads of neighboring rows of E. */
function* blocks(tokens: ArrayLike<number>, vocabularySize: number): Generator<Block> {
  const order = Array.from(tokens, (_, row) => row).sort((a, b) => tokens[a] - tokens[b]);
  for (const row of order) checkToken(tokens[row], vocabularySize);
  for (let at = 0; at < order.length;) {
    const first = tokens[order[at]];
    let end = at + 1;
    while (end < order.length && tokens[order[end]] - first < blockRows) ++end;
    yield {first, count: tokens[order[end - 1]] - first + 1, rows: order.slice(at, end)};
    at = end;
  }
}

function checkToken(token: number, vocabularySize: number): void {
  if (Number.isInteger(token) && token >= 0 && token < vocabularySize) return;
  throw new WorkbookError({
    domain: "checkpoint",
    code: "token-out-of-range",
    fault: `token ${token} is not a row of the checkpoint's token table, which has ${vocabularySize} rows`,
    remedy: "give the gene dictionary that belongs to this checkpoint"
  });
}

async function readNorm(file: Safetensors, name: string, width: number, signal?: AbortSignal): Promise<Norm> {
  return {
    weight: await file.read(`${name}.weight`, [width], signal),
    bias: await file.read(`${name}.bias`, [width], signal)
  };
}
