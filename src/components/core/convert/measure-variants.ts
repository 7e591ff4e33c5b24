import {controlSentences} from "../embed/control-sentences.js";
import type {ControlName} from "../embed/control-sentences.js";
import {neighborRecall} from "../vectors/neighbor-recall.js";
import {relativeError} from "../vectors/relative-error.js";
import {createRandom} from "../random.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {Precision} from "../types.js";
import type {Bundle} from "../model/bundle.js";
import {clearlyMisses} from "./clearly-misses.js";
import type {Calibration, MeasureOptions, VariantMeasurement} from "./measurement.js";
import {sentenceEmbedder} from "./sentence-embedder.js";

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
