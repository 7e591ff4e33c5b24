import {controlSentences} from "../embed/control-sentences.js";
import {embedTokens} from "../embed/embed-tokens.js";
import type {Encoder} from "../embed/encoder.js";
import type {LayerProbe} from "../embed/layer-probe.js";
import type {Bundle} from "../model/bundle.js";
import {relativeError} from "../vectors/relative-error.js";
import type {Precision} from "../types.js";
import {arithmeticTolerance} from "./arithmetic-tolerance.js";
import {compareLayers} from "./compare-layers.js";
import {forwardFloat64, type ForwardResult} from "./forward-float64.js";
import {parityRow, type ParityRow} from "./parity-row.js";

/** Sentences that a plain computation is asked for, and the tokens of each: attention costs their square. */
const [cells, tokens] = [3, 48];

/** Short sentences of a model without committed figures: the first tokens of `sentences`. */
export function shortSentences(sentences: readonly Int32Array[]): Int32Array[] {
  return sentences.slice(0, cells).map((sentence) => sentence.slice(0, tokens));
}

/**
 * Layers and vectors of a model whose reference is our own plain computation in float64 (`forwardFloat64`) from the same stored
 * numbers, on short sentences. It shows that graph, runtime and device compute the model that the files hold.
 */
export async function compareOtherModel(
  bundle: Bundle,
  precision: Precision,
  sentences: readonly Int32Array[],
  {probe, encoder, signal}: {probe: LayerProbe; encoder: Encoder; signal?: AbortSignal}
): Promise<ParityRow[]> {
  const {layers, width} = bundle.manifest.architecture;
  const short = shortSentences(sentences);
  const expected: ForwardResult[] = [];
  for (const sentence of short) {
    signal?.throwIfAborted();
    expected.push(await forwardFloat64(bundle, precision, sentence));
  }
  const outputs: Float32Array[][] = [];
  for (const sentence of short) outputs.push(await probe.run(sentence));
  const joined = (of: (cell: number, layer: number) => ArrayLike<number>, shift = 0) =>
    Array.from({length: layers}, (_, layer) =>
      Float32Array.from(
        short.flatMap((_, cell) =>
          Array.from(of((cell + shift) % cells, layer)).slice(0, layer === layers - 1 ? width : undefined)
        )
      )
    );
  const oursOf = (cell: number, layer: number) => outputs[cell][layer];
  const rows = compareLayers({
    ours: joined(oursOf),
    anotherCell: joined(oursOf, 1),
    expected: joined((cell, layer) => expected[cell].layers[layer]),
    width,
    device: probe.name,
    backend: probe.backend,
    reference: "a plain computation in float64 here",
    of: `${tokens} tokens of ${cells} cells`
  });
  const reference = Float64Array.from(expected.flatMap(({vector}) => Array.from(vector)));
  const embed = (of: readonly Int32Array[]) => embedTokens(encoder, of, {signal});
  const vectors = await embed(short);
  const size = encoder.width;
  const error = (of: Float32Array) => relativeError(of, reference, cells, size);
  const spoilt = controlSentences(
    short,
    bundle.manifest.sentence,
    bundle.genes.map(({token}) => token)
  );
  const controls: Record<string, number> = {
    "another cell": error(vectors.map((_, i) => vectors[(i + size) % vectors.length]))
  };
  for (const name of ["shuffled order", "gene ids off by one"] as const)
    controls[name] = error(await embed(spoilt[name]));
  const row = parityRow({
    id: "vector",
    stage: "embed",
    title: "Cell vector",
    compared: `the vectors of ${cells} sentences of ${tokens} tokens, on ${encoder.name}, with a plain computation in float64 here`,
    unit: "relative error",
    figure: error(vectors),
    tolerance: arithmeticTolerance(encoder.backend, encoder.compute),
    controls,
    phase: 6
  });
  return [...rows, row];
}
