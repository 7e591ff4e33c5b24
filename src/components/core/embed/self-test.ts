import {embedTokens} from "./embed-tokens.js";
import type {Encoder} from "./encoder.js";
import {relativeError} from "../vectors/relative-error.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import {bundlePaths} from "../model/bundle-paths.js";
import type {Bundle} from "../model/bundle.js";
import {selfTestLimit} from "./self-test-limit.js";
import {decodeSelfTest} from "../model/self-test-table.js";

/** What running a bundle's self-test on a device showed. */
export interface SelfTestResult {
  passed: boolean;
  /** Relative error against the self-test's embeddings (docs/model.md, "Fidelity"). */
  relativeError: number;
  /** Largest relative error that passes. */
  limit: number;
  /** Relative error of the same vectors, each compared with the next cell's: must be far above the limit. */
  control: number;
  /** Sentences that were run. */
  cells: number;
  milliseconds: number;
}

/**
 * Runs the bundle's self-test on an open encoder: its vectors must be those of the float32 model (at 4 bits: of the stored weights), by centered relative
 * error (raw cosine does not tell a right vector from a wrong one), and the same comparison must fail by far when each
 * vector is held against another cell's. Null where the bundle has no self-test. Of `most` sentences the first are
 * taken, or with `shortest` those, for slow devices. `limit` is by default `selfTestLimit`'s.
 */
export async function runSelfTest(
  bundle: Bundle,
  encoder: Encoder,
  {
    most = Infinity,
    shortest = false,
    limit,
    signal
  }: {most?: number; shortest?: boolean; limit?: number; signal?: AbortSignal} = {}
): Promise<SelfTestResult | null> {
  const variant = bundle.manifest.variants.find(({precision}) => precision === encoder.storage);
  const path = bundlePaths.selfTest(encoder.storage);
  if (variant?.files.some((file) => file.path === path) !== true) return null;
  const {sentences, embeddings, width} = decodeSelfTest(await bundle.file(path, signal));
  const all = sentences.map((_, i) => i);
  const chosen = (shortest ? all.toSorted((a, b) => sentences[a].length - sentences[b].length) : all).slice(0, most);
  const start = performance.now();
  const ours = await embedTokens(
    encoder,
    chosen.map((i) => sentences[i]),
    {signal}
  );
  const milliseconds = performance.now() - start;
  const n = chosen.length;
  const expected = pickVectors(embeddings, width, chosen);
  const shifted = Float32Array.from(ours, (_, i) => ours[(i + width) % ours.length]);
  const error = relativeError(ours, expected, n, width);
  const control = relativeError(shifted, expected, n, width);
  const largest = limit ?? selfTestLimit(encoder, variant);
  const passed = error <= largest && control > Math.max(0.5, 5 * largest);
  return {passed, relativeError: error, limit: largest, control, cells: n, milliseconds};
}
