import {embedSentences} from "../embed/embed-sentences.js";
import type {Encoder} from "../embed/encoder.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import {embeddingsTable} from "../tables/embeddings.js";
import type {Sentence} from "../types.js";
import type {MappableCells} from "./map-embeddings.js";
import {provenanceOf, type PipelineRun} from "./run-context.js";
import {takeAhead} from "./take-ahead.js";
import {WorkbookError} from "../errors.js";

/** Sentences made ahead of the model: about 9 MB of tokens, so that memory does not grow with the file. */
const sentencesAhead = 2048;

/** Milliseconds of the model's work that may be told of before they are kept, where a card takes several calls at once: such a one would wait for the store. */
const mostUnkept = 40;

/** How sentences are embedded. */
export interface EmbedStageOptions {
  /** Sentences in one call of the model; by default what the encoder prefers. */
  batch?: number;
  /** Adapt that to about half a second a call. */
  adapt?: boolean;
  /** Vectors of an interrupted run by row: these cells are not embedded again. */
  finished?: ReadonlyMap<number, Float32Array>;
  /** Awaited before each batch: other work that should not wait for the model takes its turn then. */
  between?: () => Promise<void>;
  /** Keeps a batch (`vectors`: rows.length x width); it is told of after that, but for short ones of a card that takes several calls at once. Never rejects. */
  keepBatch?: (rows: Int32Array, vectors: Float32Array, width: number) => Promise<void>;
}

/**
 * The embed stage: once the model is open (`opening`; it is closed at the end) it embeds every sentence that has no vector yet and hands out the embeddings table, in the
 * order of rows whatever order batches finish in. Throws what the encoder throws, and the signal's reason.
 */
export async function embedStage(
  run: PipelineRun,
  sentences: AsyncIterable<Sentence>,
  opening: Promise<Encoder>,
  {batch, adapt, finished, keepBatch, between}: EmbedStageOptions
): Promise<{cells: MappableCells; encoder: Encoder}> {
  const {
    parameters: {average},
    rows,
    records,
    signal,
    onEvent
  } = run;
  // Cells are read while the model is fetched, and while it computes.
  const read = takeAhead(sentences, sentencesAhead);
  const encoder = await opening.catch((error: unknown) => {
    read.stop();
    throw error;
  });
  try {
    const {width} = encoder;
    const place = new Map(Array.from(rows, (row, i) => [row, i]));
    const vectors = new Float32Array(rows.length * width);
    let done = 0;
    let ms = 0;
    const keeping: {kept: Promise<void> | undefined; ms: number}[] = [];
    const progress = () => {
      onEvent({
        type: "progress",
        stage: "embed",
        state: done === rows.length ? "done" : "running",
        done,
        total: rows.length,
        ms
      });
    };
    for (const [row, vector] of finished ?? []) {
      const at = place.get(row);
      if (at === undefined) continue;
      vectors.set(vector, at * width);
      ++done;
    }
    const missing = withoutRows(read, finished);
    progress();
    await read.begun;
    await between?.();
    for await (const group of embedSentences(missing, encoder, {batch, adapt, average, signal})) {
      const embedded = group.cells.filter(({embedding}) => embedding !== null);
      const found = new Float32Array(embedded.length * width);
      embedded.forEach(({row, embedding}, i) => {
        found.set(embedding!, i * width);
        vectors.set(embedding!, place.get(row)! * width);
      });
      for (const {row, status} of group.cells) records.status[place.get(row)!] = status;
      done += group.cells.length;
      ms += group.milliseconds;
      const batchRows = Int32Array.from(embedded, ({row}) => row);
      if (embedded.length > 0) keeping.push({kept: keepBatch?.(batchRows, found, width), ms: group.milliseconds});
      // What others tell of is kept. On a quick one the table is whole with the last batch, and nothing is computed meanwhile.
      const isQuick = encoder.backend === "webgpu" && (encoder.limits.atOnce ?? 1) > 1;
      const unkept = () => keeping.reduce((sum, one) => sum + one.ms, 0);
      while (keeping.length > 0 && !(isQuick && (done === rows.length || unkept() <= mostUnkept)))
        await keeping.shift()!.kept;
      onEvent({type: "batch", rows: batchRows, vectors: found, width, length: group.length, ms: group.milliseconds});
      progress();
      // The table comes first, once it is whole.
      if (done < rows.length) await between?.();
    }
    requireAll(done, rows.length);
    return {cells: handOut(run, encoder, vectors), encoder};
  } finally {
    await encoder.close();
  }
}

/** The sentences of cells that have no vector yet. */
async function* withoutRows(
  sentences: AsyncIterable<Sentence>,
  finished: EmbedStageOptions["finished"]
): AsyncGenerator<Sentence> {
  for await (const sentence of sentences) if (!finished?.has(sentence.row)) yield sentence;
}

/** Tells of the embeddings table; `vectors` has a row for each of the run's cells. Returns the cells that have a vector. */
function handOut(run: PipelineRun, encoder: Encoder, vectors: Float32Array): MappableCells {
  const {rows, cellIds, onEvent} = run;
  const {status, nTokens: tokens} = run.records;
  const {width} = encoder;
  const nTokens = tokens.map((n, i) => (status[i] === "ok" ? n : 0));
  const provenance = provenanceOf(run, "embed", encoder);
  const table = embeddingsTable({rows, cellIds, status, nTokens, vectors, width}, provenance);
  onEvent({type: "table", stage: "embed", name: "embeddings", table});
  const index = Int32Array.from(status.keys()).filter((i) => status[i] === "ok");
  return {rows, cellIds, vectors: compact(vectors, index, width), width, index};
}

/** A cell that is lost on the way would get a vector of zeros and a status that says it is whole. */
function requireAll(done: number, total: number): void {
  if (done === total) return;
  throw new WorkbookError({
    domain: "encoder",
    code: "cells-lost",
    fault: `${done} of ${total} cells came back from the model`,
    remedy: "run again; this is a defect of the workbook, and a report of it helps"
  });
}

/** The vectors of `index`, one after the other; the same array if that is all of them. */
function compact(vectors: Float32Array, index: Int32Array, width: number): Float32Array {
  return index.length * width === vectors.length ? vectors : pickVectors(vectors, width, index);
}
