import {bytesOf} from "../bytes-of.js";
import {embedTokens} from "../embed/embed-tokens.js";
import type {Encoder} from "../embed/encoder.js";
import {WorkbookError} from "../errors.js";
import type {Bundle} from "../model/bundle.js";
import {sha256} from "../sha256.js";
import type {Precision} from "../types.js";
import type {MeasureOptions, OpenVariant} from "./measurement.js";

/** Sentences that are kept together: what Cancel loses at most. */
const pieceLength = 24;

/** Embeds sentences with the variants of a bundle, one open at a time, and keeps what it embedded. */
export interface SentenceEmbedder {
  /** Embeds those of `sentences` whose places are given, each into its own row of `vectors`. */
  (
    precision: Precision,
    sentences: readonly Int32Array[],
    places: readonly number[],
    vectors: Float32Array
  ): Promise<void>;
  /** Says how many sentences are still to come, for progress and estimate. */
  expect(...counts: number[]): void;
  /** Backend that embedded; "" where all was kept. */
  backend(): string;
  close(): Promise<void>;
}

/** Makes an embedder for one measurement. */
export async function sentenceEmbedder(
  bundle: Bundle,
  {openEncoder, kept, signal, onProgress, onEstimate}: MeasureOptions
): Promise<SentenceEmbedder> {
  const width = bundle.manifest.architecture.outputWidth;
  let encoder: Encoder | undefined;
  let backend = "";
  let done = 0;
  let total = 0;
  let estimated = false;

  async function opened(precision: Precision): Promise<Encoder> {
    if (encoder?.storage === precision) return encoder;
    await encoder?.close();
    encoder = undefined;
    encoder = await openVariant(openEncoder, bundle, precision, signal);
    ({backend} = encoder);
    return encoder;
  }

  async function embedPiece(precision: Precision, piece: readonly Int32Array[]): Promise<Float32Array> {
    const key = `measure-${precision}-${await hashOf(piece)}`;
    const before = await kept?.read(key);
    if (before) {
      backend ||= before.label;
      done += piece.length;
      onProgress?.(done, total);
      return new Float32Array(before.bytes.buffer, before.bytes.byteOffset, before.bytes.byteLength / 4);
    }
    const open = await opened(precision);
    const started = performance.now();
    // One at a time: attention between all tokens of four long sentences takes 300 MB at the published size.
    const vectors = await embedTokens(open, piece, {
      batch: 1,
      signal,
      onProgress: (count) => onProgress?.(done + count, total)
    });
    if (!estimated && piece.length >= 8) {
      estimated = true;
      onEstimate?.(((performance.now() - started) / 1000 / piece.length) * (total - done));
    }
    done += piece.length;
    await kept?.write(key, backend, bytesOf(vectors) as Uint8Array<ArrayBuffer>);
    return vectors;
  }

  const embed = async (
    precision: Precision,
    sentences: readonly Int32Array[],
    places: readonly number[],
    vectors: Float32Array
  ): Promise<void> => {
    for (let from = 0; from < places.length; from += pieceLength) {
      const piece = places.slice(from, from + pieceLength);
      const rows = await embedPiece(
        precision,
        piece.map((place) => sentences[place])
      );
      piece.forEach((place, i) => vectors.set(rows.subarray(i * width, (i + 1) * width), place * width));
    }
  };
  return Object.assign(embed, {
    expect: (...counts: number[]) => void (total = done + counts.reduce((sum, count) => sum + count, 0)),
    backend: () => backend,
    close: async () => {
      if (done > 0) onProgress?.(done, done);
      await encoder?.close();
    }
  });
}

async function openVariant(
  openEncoder: OpenVariant,
  bundle: Bundle,
  precision: Precision,
  signal?: AbortSignal
): Promise<Encoder> {
  const encoder = await openEncoder(bundle, precision, signal);
  if (encoder.storage === precision) return encoder;
  await encoder.close();
  throw new WorkbookError({
    domain: "encoder",
    code: "wrong-variant",
    fault: `the ${precision} variant was to be measured but ${encoder.name} opened ${encoder.storage}`,
    remedy: "open the precision that is asked for"
  });
}

async function hashOf(sentences: readonly Int32Array[]): Promise<string> {
  const text = sentences.map((tokens) => tokens.join(" ")).join("\n");
  return (await sha256(new TextEncoder().encode(text))).slice(0, 24);
}
