import {embedSentences} from "../embed/embed-sentences.js";
import type {Encoder} from "../embed/encoder.js";
import type {Sampling, SeedRule, Sentence, SentenceConstants} from "../types.js";
import {createCellRecords} from "./cell-records.js";
import type {PreparedCells} from "./prepare-cells.js";
import {streamSentences} from "./stream-sentences.js";

/** Vectors of the same cells under several sampling seeds. */
export interface SeedDraws {
  /** Rows in the file of the cells that have a vector for every seed. */
  rows: Int32Array;
  width: number;
  /** For each seed the vectors of `rows`, row-major. Seed k of a cell is as in a run that averages (`samplingSeeds`). */
  draws: Float32Array[];
  /** Sentences embedded, and the milliseconds of the model's calls for them. */
  sentences: number;
  ms: number;
}

/** How cells are drawn and embedded. */
export interface SeedDrawOptions {
  sampling: Sampling;
  /** Where seeds come from. */
  seeds: SeedRule;
  /** Seeds a cell, 1 or more. */
  draws: number;
  constants: SentenceConstants;
  /** Sentences in one call of the model; by default what the encoder prefers. */
  batch?: number;
  /** Adapt that to about half a second a call. */
  adapt?: boolean;
  signal?: AbortSignal;
  /** Called after each call of the model: sentences embedded so far, of how many. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Embeds every cell of `prepared` once for each of `draws` sampling seeds, without averaging. A cell without a vector for
 * every seed is left out. Between calls of the model the event loop gets a turn, so that it can be aborted.
 * Throws what the reader and the encoder throw, and the signal's reason.
 */
export async function seedDraws(
  prepared: PreparedCells,
  encoder: Encoder,
  options: SeedDrawOptions
): Promise<SeedDraws> {
  const {sampling, seeds, draws, constants, batch, adapt, signal, onProgress} = options;
  const {rows: asked} = prepared;
  const {width} = encoder;
  const total = asked.length * draws;
  const found = new Float32Array(total * width);
  const has = new Uint8Array(total);
  let [done, sentences, ms] = [0, 0, 0];
  const stream = streamSentences(prepared, {
    sampling,
    seeds,
    average: draws,
    constants,
    records: createCellRecords(asked),
    signal
  });
  for await (const group of embedSentences(numbered(stream), encoder, {batch, adapt, signal})) {
    for (const {row: sentence, embedding} of group.cells) {
      if (embedding === null) continue;
      found.set(embedding, sentence * width);
      has[sentence] = 1;
    }
    done += group.cells.length;
    sentences += group.batch;
    ms += group.milliseconds;
    onProgress?.(done, total);
    await new Promise<void>((resolve) => void setTimeout(resolve, 0));
    signal?.throwIfAborted();
  }
  const kept = Int32Array.from(asked.keys()).filter((cell) =>
    has.subarray(cell * draws, (cell + 1) * draws).every((one) => one === 1)
  );
  return {
    rows: kept.map((cell) => asked[cell]),
    width,
    draws: Array.from({length: draws}, (_, draw) => {
      const vectors = new Float32Array(kept.length * width);
      kept.forEach((cell, i) => {
        const at = (cell * draws + draw) * width;
        vectors.set(found.subarray(at, at + width), i * width);
      });
      return vectors;
    }),
    sentences,
    ms
  };
}

/** Numbers the sentences in the order in which they come, in place of the cell's row: cell by cell, seed by seed. */
async function* numbered(sentences: AsyncIterable<Sentence>): AsyncGenerator<Sentence> {
  let number = 0;
  for await (const sentence of sentences) yield {...sentence, row: number++};
}
