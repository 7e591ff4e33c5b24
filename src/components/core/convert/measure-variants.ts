import {controlSentences} from "../embed/control-sentences.js";
import type {ControlName} from "../embed/control-sentences.js";
import {embedTokens} from "../embed/embed-tokens.js";
import type {Encoder} from "../embed/encoder.js";
import {neighborRecall} from "../vectors/neighbor-recall.js";
import {relativeError} from "../vectors/relative-error.js";
import {WorkbookError} from "../errors.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {Precision} from "../types.js";
import type {Bundle} from "../model/bundle.js";

/** Sentences of different cells to measure variants on, and what they are ("600 cells of lung.h5ad"). */
export interface Calibration {
  origin: string;
  sentences: readonly Int32Array[];
}

/** Opens one storage precision of a bundle, always on the same backend. */
export type OpenVariant = (bundle: Bundle, precision: Precision, signal?: AbortSignal) => Promise<Encoder>;

/** How near a variant is to float32 (docs/model.md, "Fidelity"). */
export interface VariantFigures {
  relativeError: number;
  recall15: number;
}

/** What measuring variants showed. */
export interface VariantMeasurement {
  origin: string;
  cells: number;
  backend: string;
  /** By storage precision, float32 left out. */
  variants: Partial<Record<Precision, VariantFigures>>;
  /** Relative error of embeddings that are wrong on purpose; all must be far above every limit. */
  controls: Partial<Record<ControlName | "another cell", number>>;
}

/** How to measure. */
export interface MeasureOptions {
  openEncoder: OpenVariant;
  /** Float32 embeddings of the sentences (cells x width), where they are known already. */
  reference?: Float32Array;
  /** Sentences, spread over all, that the controls are embedded of (96); 0 leaves those controls out. */
  controlCells?: number;
  signal?: AbortSignal;
  /** Sentences embedded so far, of all that will be. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Embeds the sentences with float32 and with each of `precisions` on the same backend and measures relative error and
 * 15-NN recall of each variant; beside them negative controls, made with float32. Needs a bundle with an fp32 variant and
 * more than 15 sentences. Throws a WorkbookError of domain "encoder" or "model".
 */
export async function measureVariants(
  bundle: Bundle,
  precisions: readonly Precision[],
  {origin, sentences}: Calibration,
  {openEncoder, reference, controlCells = 96, signal, onProgress}: MeasureOptions
): Promise<VariantMeasurement> {
  const measured = precisions.filter((precision) => precision !== "fp32");
  const n = sentences.length;
  const stride = Math.max(1, Math.floor(n / Math.max(1, controlCells)));
  const chosen = sentences.map((_, i) => i).filter((i) => i % stride === 0 && i / stride < controlCells);
  const genes = bundle.genes.map(({token}) => token);
  const kinds = controlSentences(
    chosen.map((i) => sentences[i]),
    bundle.manifest.sentence,
    genes
  );
  const spoilt = Object.entries(kinds) as [ControlName, Int32Array[]][];
  const total = n * (measured.length + Number(reference === undefined)) + chosen.length * spoilt.length;
  let before = 0;
  const embed = async (encoder: Encoder, cells: readonly Int32Array[]): Promise<Float32Array> => {
    // One at a time: attention between all tokens of four long sentences takes 300 MB at the published size.
    const vectors = await embedTokens(encoder, cells, {
      batch: 1,
      signal,
      onProgress: (done) => onProgress?.(before + done, total)
    });
    before += cells.length;
    return vectors;
  };

  const controls: VariantMeasurement["controls"] = {};
  const variants: VariantMeasurement["variants"] = {};
  const {width, backend, exact} = await withEncoder(openEncoder, bundle, "fp32", signal, async (encoder) => {
    const exact = reference ?? (await embed(encoder, sentences));
    const {width} = encoder;
    if (chosen.length < 2) return {width, backend: encoder.backend, exact};
    const expected = pickVectors(exact, width, chosen);
    const other = Float32Array.from(expected, (_, i) => expected[(i + width) % expected.length]);
    controls["another cell"] = relativeError(other, expected, chosen.length, width);
    for (const [name, cells] of spoilt) {
      controls[name] = relativeError(await embed(encoder, cells), expected, chosen.length, width);
    }
    return {width, backend: encoder.backend, exact};
  });
  for (const precision of measured) {
    const ours = await withEncoder(openEncoder, bundle, precision, signal, (encoder) => embed(encoder, sentences));
    variants[precision] = {
      relativeError: relativeError(ours, exact, n, width),
      recall15: neighborRecall(ours, exact, n, width)
    };
  }
  return {origin, cells: n, backend, variants, controls};
}

async function withEncoder<T>(
  openEncoder: OpenVariant,
  bundle: Bundle,
  precision: Precision,
  signal: AbortSignal | undefined,
  use: (encoder: Encoder) => Promise<T>
): Promise<T> {
  const encoder = await openEncoder(bundle, precision, signal);
  try {
    if (encoder.storage === precision) return await use(encoder);
    throw new WorkbookError({
      domain: "encoder",
      code: "wrong-variant",
      fault: `the ${precision} variant was to be measured but ${encoder.name} opened ${encoder.storage}`,
      remedy: "open the precision that is asked for"
    });
  } finally {
    await encoder.close();
  }
}
