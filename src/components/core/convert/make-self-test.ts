import {embedTokens} from "../embed/embed-tokens.js";
import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import type {Bundle} from "../model/bundle.js";
import {measureVariants} from "./measure-variants.js";
import type {Calibration, OpenVariant} from "./measurement.js";
import {encodeSelfTest} from "../model/self-test-table.js";
import {syntheticSentences} from "./synthetic-sentences.js";

/** A self-test, and how far each variant is from it where nothing but its storage is inexact. */
export interface MadeSelfTest {
  /** Content of selftest.arrow. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Relative error of each other variant of the bundle on these sentences. */
  errors: Partial<Record<Precision, number>>;
  /** The self-test of 4-bit weights, whose vectors are those of the stored numbers; null where they are no variant. */
  ofNibbles: Uint8Array<ArrayBuffer> | null;
}

/**
 * Embeds the self-test's sentences (`cases`, by default made-up ones) with the bundle's fp32 variant, and with its others
 * to see what a device may be expected to reach. Throws what opening and running the model throws, and a WorkbookError of
 * domain "checkpoint", code "not-finite", where the model gives NaN or infinite numbers.
 */
export async function makeSelfTest(
  bundle: Bundle,
  cases: Calibration | undefined,
  {
    openEncoder,
    signal,
    onProgress
  }: {openEncoder: OpenVariant; signal?: AbortSignal; onProgress?: (done: number, total: number) => void}
): Promise<MadeSelfTest> {
  const {variants, sentence, architecture} = bundle.manifest;
  const {origin, sentences} = cases ?? {
    origin: "synthetic",
    sentences: syntheticSentences(bundle.genes, sentence, architecture.maxLength)
  };
  const total = sentences.length * variants.length;
  onProgress?.(0, total);
  const encoder = await openEncoder(bundle, "fp32", signal);
  const {width} = encoder;
  const embeddings = await embedTokens(encoder, sentences, {
    batch: 1,
    signal,
    onProgress: (done) => onProgress?.(done, total)
  }).finally(() => encoder.close());
  if (!embeddings.every(Number.isFinite)) {
    throw new WorkbookError({
      domain: "checkpoint",
      code: "not-finite",
      fault: "the model's embeddings hold NaN or infinite numbers, so its weights do",
      place: "model.safetensors",
      remedy: "download the checkpoint again, or convert another"
    });
  }
  const rows = Int32Array.from(sentences, (_, row) => row);
  const bytes = encodeSelfTest({origin, rows, sentences: [...sentences], embeddings, width});
  const others = variants.map(({precision}) => precision).filter((precision) => precision !== "fp32");
  if (others.length === 0) return {bytes, errors: {}, ofNibbles: null};
  const {variants: figures} = await measureVariants(
    bundle,
    others,
    {origin, sentences},
    {
      openEncoder,
      reference: embeddings,
      controlCells: 0,
      signal,
      onProgress: (done) => onProgress?.(sentences.length + done, total)
    }
  );
  const errors = Object.entries(figures).map(([precision, {relativeError}]) => [precision, relativeError]);
  let ofNibbles: MadeSelfTest["ofNibbles"] = null;
  if (others.includes("int4")) {
    const small = await openEncoder(bundle, "int4", signal);
    const own = await embedTokens(small, sentences, {batch: 1, signal}).finally(() => small.close());
    ofNibbles = encodeSelfTest({origin, rows, sentences: [...sentences], embeddings: own, width});
  }
  return {bytes, errors: Object.fromEntries(errors) as MadeSelfTest["errors"], ofNibbles};
}
