import type {Encoder} from "./encoder.js";
import {createBatcher} from "./batcher.js";

/**
 * Embeds a few sentences, whatever their lengths, and returns the vectors in their order (sentences x width). For
 * self-tests and tests; `embedSentences` is for data sets.
 */
export async function embedTokens(
  encoder: Encoder,
  sentences: readonly Int32Array[],
  {
    batch = encoder.limits.preferredBatch,
    signal,
    onProgress
  }: {batch?: number; signal?: AbortSignal; onProgress?: (done: number, total: number) => void} = {}
): Promise<Float32Array> {
  const {width} = encoder;
  const batcher = createBatcher<number>(batch);
  const batches = sentences.map((tokens, i) => batcher.push(i, tokens.length)).filter((full) => full !== null);
  const vectors = new Float32Array(sentences.length * width);
  let done = 0;
  for (const {length, items} of [...batches, ...batcher.flush()]) {
    signal?.throwIfAborted();
    const tokens = new Int32Array(items.length * length);
    items.forEach((i, place) => tokens.set(sentences[i], place * length));
    const result = await encoder.embed(tokens, items.length, length, signal);
    items.forEach((i, place) => vectors.set(result.subarray(place * width, (place + 1) * width), i * width));
    onProgress?.((done += items.length), sentences.length);
  }
  return vectors;
}
