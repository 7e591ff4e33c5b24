import {controlSentences} from "../embed/control-sentences.js";
import type {ControlName} from "../embed/control-sentences.js";
import type {Encoder} from "../embed/encoder.js";
import {neighborRecall} from "../vectors/neighbor-recall.js";
import {relativeError} from "../vectors/relative-error.js";
import {createRandom} from "../random.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {Precision} from "../types.js";
import type {Bundle} from "../model/bundle.js";
import type {VariantLimits} from "../model/variant-limits.js";
import {clearlyMisses} from "./clearly-misses.js";
import type {KeptPieces} from "./kept-pieces.js";
import {sentenceEmbedder} from "./sentence-embedder.js";

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
  /** Cells that the figures are of: all, unless they were clearly beyond the limits before. */
  cells: number;
}

/** What measuring variants showed. */
export interface VariantMeasurement {
  origin: string;
  cells: number;
  backend: string;
  /** By storage precision, float32 left out. */
  variants: Partial<Record<Precision, VariantFigures>>;
  /** Relative error of embeddings that are wrong on purpose; all must be far above every limit. None where no variant is left. */
  controls: Partial<Record<ControlName | "another cell", number>>;
}

/** How to measure. */
export interface MeasureOptions {
  openEncoder: OpenVariant;
  /** Float32 embeddings of the sentences (cells x width), where they are known already. */
  reference?: Float32Array;
  /** Sentences, spread over all, that the controls are embedded of (96); 0 leaves those controls out. */
  controlCells?: number;
  /** Limits by precision: a variant that clearly misses its own is not measured any further. Without, all cells are. */
  limits?: Partial<Record<Precision, VariantLimits>>;
  /** Embeddings are kept there, and taken from there. */
  kept?: KeptPieces;
  signal?: AbortSignal;
  /** Sentences embedded so far, of all that will be. */
  onProgress?: (done: number, total: number) => void;
  /** Seconds that all of it will take at most, known after the first sentences. */
  onEstimate?: (seconds: number) => void;
}

/** Sentences after which it is looked whether a variant clearly misses; then all. */
const steps = [48, 144, 336];

/**
 * Embeds the sentences with float32 and with each of `precisions` on the same backend and measures relative error and
 * 15-NN recall of each variant; beside them negative controls, made with float32. Goes in steps of sentences spread over all, so
 * that a variant that clearly misses its limits is dropped early. Needs a bundle with an fp32 variant and more than 15
 * sentences. Throws a WorkbookError of domain "encoder" or "model".
 */
export async function measureVariants(
  bundle: Bundle,
  precisions: readonly Precision[],
  {origin, sentences}: Calibration,
  options: MeasureOptions
): Promise<VariantMeasurement> {
  const {reference, controlCells = 96, limits, signal} = options;
  const n = sentences.length;
  const width = bundle.manifest.architecture.outputWidth;
  let alive = precisions.filter((precision) => precision !== "fp32");
  const {chosen, spoilt} = controlsOf(bundle, sentences, controlCells);
  const embed = await sentenceEmbedder(bundle, options);
  const exact = reference ?? new Float32Array(n * width);
  const ours = new Map(alive.map((precision) => [precision, new Float32Array(n * width)]));
  const variants: VariantMeasurement["variants"] = {};
  const order = spreadOrder(n);
  const ends = limits === undefined ? [n] : [...steps.filter((step) => step < n), n];

  const controls: VariantMeasurement["controls"] = {};
  try {
    for (let at = 0, end = 0; at < ends.length && alive.length > 0; ++at) {
      const next = order.slice(end, ends[at]);
      end = ends[at];
      embed.expect(
        alive.length * (n - end + next.length) + Number(!reference) * (n - end + next.length),
        chosen.length * spoilt.length
      );
      if (reference === undefined) await embed("fp32", sentences, next, exact);
      const known = order.slice(0, end).sort((a, b) => a - b);
      const right = pickVectors(exact, width, known);
      for (const precision of alive) {
        await embed(precision, sentences, next, ours.get(precision)!);
        const vectors = pickVectors(ours.get(precision)!, width, known);
        const limit = limits?.[precision];
        if (end < n && (limit === undefined || !clearlyMisses(vectors, right, {cells: end, width, limit}))) continue;
        variants[precision] = {
          relativeError: relativeError(vectors, right, end, width),
          recall15: neighborRecall(vectors, right, end, width),
          cells: end
        };
      }
      if (end < n) alive = alive.filter((precision) => variants[precision] === undefined);
    }

    if (chosen.length > 1 && alive.length > 0) {
      embed.expect(0, chosen.length * spoilt.length);
      const expected = pickVectors(exact, width, chosen);
      const other = Float32Array.from(expected, (_, i) => expected[(i + width) % expected.length]);
      controls["another cell"] = relativeError(other, expected, chosen.length, width);
      for (const [name, cells] of spoilt) {
        signal?.throwIfAborted();
        const vectors = new Float32Array(cells.length * width);
        await embed("fp32", cells, Array.from(cells.keys()), vectors);
        controls[name] = relativeError(vectors, expected, chosen.length, width);
      }
    }
  } finally {
    await embed.close();
  }
  return {origin, cells: n, backend: embed.backend(), variants, controls};
}

function controlsOf(
  bundle: Bundle,
  sentences: readonly Int32Array[],
  controlCells: number
): {chosen: number[]; spoilt: [ControlName, Int32Array[]][]} {
  const stride = Math.max(1, Math.floor(sentences.length / Math.max(1, controlCells)));
  const chosen = Array.from(sentences.keys()).filter((i) => i % stride === 0 && i / stride < controlCells);
  const kinds = controlSentences(
    chosen.map((i) => sentences[i]),
    bundle.manifest.sentence,
    bundle.genes.map(({token}) => token)
  );
  return {chosen, spoilt: Object.entries(kinds) as [ControlName, Int32Array[]][]};
}

/** 0 to n - 1 in a seeded random order, so that the first of them are of all parts of a file. */
function spreadOrder(n: number): number[] {
  const {next} = createRandom(7);
  return Array.from({length: n}, (_, i) => ({i, key: next()}))
    .sort((a, b) => a.key - b.key)
    .map(({i}) => i);
}
