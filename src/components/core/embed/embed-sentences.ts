import {WorkbookError} from "../errors.js";
import type {CellStatus, Sentence} from "../types.js";
import {averageEmbeddings} from "../vectors/average-embeddings.js";
import {createBatcher} from "./batcher.js";
import type {Encoder} from "./encoder.js";
import {nextBatchSize} from "./next-batch-size.js";

/** What became of one cell. */
export interface EmbeddedCell {
  row: number;
  status: CellStatus;
  /** Tokens of its sentence (of the first one where several are averaged); null where status is not "ok". */
  nTokens: number | null;
  /** Unit vector; null where status is not "ok". */
  embedding: Float32Array | null;
}

/** Cells that were finished together, in the order of their sentences within the batch, not of their rows. */
export interface EmbeddedBatch {
  cells: EmbeddedCell[];
  /** Sentences in the encoder's call, 0 where cells without a sentence were passed on. */
  batch: number;
  /** Tokens of each of them. */
  length: number;
  /** Duration of the encoder's call. */
  milliseconds: number;
}

/** Choices of an embedding run. */
export interface EmbedOptions {
  /** Sentences a call; by default what the encoder prefers. */
  batch?: number;
  /** Adapt the batch size to about half a second a call; off by default, since it can change a result's last bit. */
  adapt?: boolean;
  /** Consecutive sentences that belong to one cell and are averaged; 1 by default. */
  average?: number;
  signal?: AbortSignal;
  /** Called after each batch with the number of cells finished so far. */
  onProgress?: (done: number) => void;
}

/**
 * Embeds sentences as they come, in equal-length batches, holding no more than a batch of each length. Cells without a
 * sentence keep their status; a vector that is not finite makes its cell "failed". Which sentences share a call depends
 * on their order and `batch` only (unless `adapt`), so the same input gives the same bytes. While calls are under way (as many as the encoder takes at once) the
 * sentences of the next are taken, and it begins before what the first of them gave is handed out, so that a device does not wait for those around it.
 *
 * Throws what `sentences` and the encoder throw, the signal's reason, and a WorkbookError of domain "encoder" if the
 * encoder returns a finite vector that is not of unit length: then nothing it computes can be trusted.
 */
export async function* embedSentences(
  sentences: AsyncIterable<Sentence> | Iterable<Sentence>,
  encoder: Encoder,
  {batch = encoder.limits.preferredBatch, adapt = false, average = 1, signal, onProgress}: EmbedOptions = {}
): AsyncGenerator<EmbeddedBatch, void, undefined> {
  let size = Math.min(batch, encoder.limits.maxBatch);
  const batcher = createBatcher<Draw>(size);
  let finished: EmbeddedCell[] = [];
  let done = 0;

  const take = (length: number, batch: number, milliseconds: number): EmbeddedBatch => {
    const cells = finished;
    finished = [];
    onProgress?.((done += cells.length));
    return {cells, batch, length, milliseconds};
  };

  /** When the last call was answered: until then the device was busy with it. */
  let answered = 0;
  async function run(length: number, draws: Draw[]): Promise<EmbeddedBatch> {
    signal?.throwIfAborted();
    const tokens = new Int32Array(draws.length * length);
    draws.forEach((draw, i) => tokens.set(draw.tokens, i * length));
    const start = performance.now();
    const vectors = await encoder.embed(tokens, draws.length, length, signal);
    const now = performance.now();
    const milliseconds = now - Math.max(start, answered);
    answered = now;
    draws.forEach(({cell, place}, i) => {
      const vector = vectors.slice(i * encoder.width, (i + 1) * encoder.width);
      cell.vectors[place] = isUnit(vector, encoder.name) ? vector : null;
      if (--cell.missing === 0) finished.push(finish(cell));
    });
    if (adapt) {
      const {maxBatch, sideBySide} = encoder.limits;
      batcher.resize((size = nextBatchSize(draws.length, milliseconds, maxBatch, {sideBySide})));
    }
    return take(length, draws.length, milliseconds);
  }

  const isApart = encoder.inCaller !== true;
  const running: Promise<EmbeddedBatch>[] = [];
  /** Begins a call once no more are under way than the encoder takes beside it, and gives the batches of those that were waited for. */
  async function* begin(length: number, draws: Draw[]): AsyncGenerator<EmbeddedBatch> {
    if (!isApart) return yield await run(length, draws);
    const over: EmbeddedBatch[] = [];
    while (running.length >= (encoder.limits.atOnce ?? 1)) over.push(await running.shift()!);
    const call = run(length, draws);
    // Awaited later: until then nobody hears of a failure.
    call.catch(() => {});
    running.push(call);
    yield* over;
  }

  let cell: Cell | undefined;
  try {
    for await (const sentence of sentences) {
      signal?.throwIfAborted();
      cell = nextCell(cell, sentence, average);
      const {tokens, status} = sentence;
      if (tokens === null || status !== "ok") {
        if (status !== "ok") cell.status = cell.status === "failed" ? "failed" : status;
        if (--cell.missing === 0) finished.push(finish(cell));
        if (finished.length >= size) yield take(0, 0, 0);
        continue;
      }
      cell.nTokens ??= tokens.length;
      const full = batcher.push({cell, place: average - cell.remaining - 1, tokens}, tokens.length);
      if (full === null) continue;
      yield* begin(full.length, full.items);
    }
    if (cell !== undefined && cell.remaining > 0) throw uneven(cell.row, average);
    for (const {length, items} of batcher.flush()) {
      // A run may change `size`, so what it took is what counts.
      for (let at = 0; at < items.length;) {
        const part = items.slice(at, at + size);
        at += part.length;
        yield* begin(length, part);
      }
    }
    while (running.length > 0) yield await running.shift()!;
    if (finished.length > 0) yield take(0, 0, 0);
  } finally {
    // Whoever stops early, or fails, leaves no call behind that still uses the encoder.
    await Promise.allSettled(running);
  }
}

/** A cell on its way; `remaining` of its sentences are still to be read, `missing` still to be embedded. */
interface Cell {
  row: number;
  status: CellStatus;
  nTokens: number | null;
  remaining: number;
  missing: number;
  vectors: (Float32Array | null)[];
}

/** One sentence of a cell, `place` among its `average` sentences. */
interface Draw {
  cell: Cell;
  place: number;
  tokens: Int32Array;
}

function nextCell(cell: Cell | undefined, {row}: Sentence, average: number): Cell {
  if (cell === undefined || cell.remaining === 0) {
    return {row, status: "ok", nTokens: null, remaining: average - 1, missing: average, vectors: []};
  }
  if (cell.row !== row) throw uneven(cell.row, average);
  --cell.remaining;
  return cell;
}

function finish({row, status, nTokens, vectors}: Cell): EmbeddedCell {
  if (status !== "ok") return {row, status, nTokens: null, embedding: null};
  const good = vectors.filter((vector) => vector !== null);
  if (good.length < vectors.length) return {row, status: "failed", nTokens: null, embedding: null};
  return {row, status, nTokens, embedding: good.length === 1 ? good[0] : averageEmbeddings(good)};
}

/** False for a vector that is not finite; throws for one that is finite and not of unit length. */
function isUnit(vector: Float32Array, encoder: string): boolean {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!Number.isFinite(squares)) return false;
  const norm = Math.sqrt(squares);
  if (Math.abs(norm - 1) <= 1e-3) return true;
  throw new WorkbookError({
    domain: "encoder",
    code: "not-unit",
    fault: `${encoder} returned a vector of length ${norm.toPrecision(4)} where every embedding has length 1`,
    remedy: "choose another backend or precision"
  });
}

function uneven(row: number, average: number): WorkbookError {
  return new WorkbookError({
    domain: "cells",
    code: "uneven-sentences",
    fault: `row ${row} does not have the ${average} consecutive sentences that are to be averaged`,
    remedy: "give every cell the same number of sentences, one after the other"
  });
}
