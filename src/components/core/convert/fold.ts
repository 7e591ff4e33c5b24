import {bytesOf} from "../bytes-of.js";
import {WorkbookError} from "../errors.js";
import {safetensorsTypes} from "../model/safetensors-header.js";
import type {CheckpointSizes, FoldLayout} from "./checkpoint-layout.js";
import {prepareFold, type FoldWeights, type Norm} from "./fold-rows.js";
import type {KeptPieces} from "./kept-pieces.js";
import type {ReadLog} from "./read-log.js";
import {requireFinite} from "./require-finite.js";
import {pieceName} from "./tensor-file.js";
import type {TensorFile} from "./tensor-file.js";

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

/** The token table of a checkpoint. */
export interface TokenTable {
  name: string;
  /** Rows and width. */
  rows: number;
  width: number;
}

/** Reads what folds the rows of a token table, `inputWidth` to `width` numbers wide. Throws for missing and misshapen tensors. */
export async function readFoldWeights(
  file: TensorFile,
  {recipe, inputNorm, linear, norm}: FoldLayout,
  {width, inputWidth}: Pick<CheckpointSizes, "width" | "inputWidth">,
  signal?: AbortSignal
): Promise<FoldWeights> {
  return {
    inputWidth,
    width,
    recipe,
    inputNorm: inputNorm === null ? undefined : await readNorm(file, inputNorm, inputWidth, signal),
    projection: await file.read(`${linear}.weight`, [width, inputWidth], signal),
    bias: await file.read(`${linear}.bias`, [width], signal),
    norm: await readNorm(file, norm, width, signal)
  };
}

/**
 * Folds the input side of a checkpoint into tables, one for each of `ways`: row t is what the model computes from token t before its position matters
 * (docs/model.md, "Folding").
 *
 * Reads only the needed ranges of the token table E, a few blocks at a time and once for all ways, so a 3 GB checkpoint needs some tens of megabytes.
 * `tokens` are rows of E, in the order of the tables' rows; a result is tokens.length x width, row-major. Throws
 * "token-out-of-range" for a token that E does not hold and "not-finite" for a row with NaN.
 */
export async function foldTokens(
  file: TensorFile,
  {name, rows: vocabularySize, width: inputWidth}: TokenTable,
  ways: readonly FoldWeights[],
  tokens: ArrayLike<number>,
  {kept, log, signal, onProgress}: FoldOptions = {}
): Promise<Float32Array<ArrayBuffer>[]> {
  requireRows(tokens, vocabularySize);
  const tables = ways.map(({width}) => new Float32Array(tokens.length * width));
  const folds = ways.map(prepareFold);
  // Of all ways, one after the other.
  const widths = ways.map(({width}) => width);
  const wide = widths.reduce((sum, width) => sum + width, 0);

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
    const folded = new Float32Array(rows.length * wide);
    let at = 0;
    for (const fold of folds) {
      const values = fold(picked);
      folded.set(values, at);
      at += values.length;
    }
    await kept?.write(key, log?.hashOf(piece) ?? "0", bytesOf(folded) as Uint8Array<ArrayBuffer>);
    return folded;
  }

  let done = 0;
  await inParallel(blocks(tokens), blocksAtATime, async (block) => {
    signal?.throwIfAborted();
    const folded = await foldBlock(block);
    let at = 0;
    widths.forEach((width, way) => {
      for (const row of block.rows) tables[way].set(folded.subarray(at, (at += width)), row * width);
    });
    onProgress?.({done: (done += block.rows.length), total: tokens.length});
  });
  return tables;
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
function* blocks(tokens: ArrayLike<number>): Generator<Block> {
  const order = Array.from(tokens, (_, row) => row).sort((a, b) => tokens[a] - tokens[b]);
  for (let at = 0; at < order.length;) {
    const first = tokens[order[at]];
    let end = at + 1;
    while (end < order.length && tokens[order[end]] - first < blockRows) ++end;
    yield {first, count: tokens[order[end - 1]] - first + 1, rows: order.slice(at, end)};
    at = end;
  }
}

/** Throws "token-out-of-range" for the first of `tokens` that is no row of a table of so many. */
export function requireRows(tokens: ArrayLike<number>, vocabularySize: number): void {
  const token = Array.from(tokens).find((one) => !(Number.isInteger(one) && one >= 0 && one < vocabularySize));
  if (token === undefined) return;
  throw new WorkbookError({
    domain: "checkpoint",
    code: "token-out-of-range",
    fault: `token ${token} is not a row of the checkpoint's token table, which has ${vocabularySize} rows`,
    remedy: "give the gene dictionary that belongs to this checkpoint"
  });
}

async function readNorm(file: TensorFile, name: string, width: number, signal?: AbortSignal): Promise<Norm> {
  return {
    weight: await file.read(`${name}.weight`, [width], signal),
    bias: await file.read(`${name}.bias`, [width], signal)
  };
}
