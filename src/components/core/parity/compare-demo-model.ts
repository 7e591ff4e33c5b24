import {controlSentences} from "../embed/control-sentences.js";
import {embedTokens} from "../embed/embed-tokens.js";
import type {Encoder} from "../embed/encoder.js";
import type {ExpressionHead} from "../embed/expression-head.js";
import type {LayerProbe} from "../embed/layer-probe.js";
import {bundlePaths} from "../model/bundle-paths.js";
import type {Bundle} from "../model/bundle.js";
import {widenStorage} from "../model/widen-storage.js";
import {dot} from "../vectors/dot.js";
import {relativeError} from "../vectors/relative-error.js";
import {arithmeticTolerance} from "./arithmetic-tolerance.js";
import {compareLayers} from "./compare-layers.js";
import {type ExpectedValues, type ExpectedVariant, unpack} from "./expected-values.js";
import {parityRow, type ParityRow} from "./parity-row.js";

/** The model's stored rows against what numpy reads in the same file. */
export async function compareTable(bundle: Bundle, {precision, rowTokens, rows}: ExpectedVariant): Promise<ParityRow> {
  const path = bundlePaths.table(precision);
  const table = widenStorage(path, await bundle.stored(path)).find(({name}) => name === "table")!.values;
  const width = bundle.manifest.architecture.width;
  const rowsOf = (tokens: readonly number[]) =>
    Float32Array.from(
      tokens.flatMap((token) => {
        const row = bundle.tableRow.get(token)!;
        return Array.from(table.subarray(row * width, (row + 1) * width));
      })
    );
  const error = (tokens: readonly number[]) => relativeError(rowsOf(tokens), unpack(rows), tokens.length, width);
  return parityRow({
    id: "table",
    stage: "model",
    title: "Token table",
    compared: `${rowTokens.length} rows of ${path}, widened here, with numpy's reading of the same bytes`,
    unit: "relative error",
    figure: error(rowTokens),
    tolerance: 1e-7,
    controls: {"ids off by one": error([...rowTokens.slice(1), rowTokens[0]])},
    phase: 3
  });
}

/** Every layer's output for the cells looked at. */
export async function compareDemoLayers(
  probe: LayerProbe,
  expected: ExpectedValues,
  {layers}: ExpectedVariant,
  sentences: readonly Int32Array[]
): Promise<ParityRow[]> {
  const [cells, count, rows, width] = layers.shape;
  const outputs: Float32Array[][] = [];
  for (const sentence of sentences.slice(0, cells)) outputs.push(await probe.run(sentence));
  const kept = unpack(layers);
  const expectedOf = (cell: number, layer: number) => {
    const from = (cell * count + layer) * rows * width;
    // The last layer knows the row of CLS alone.
    return Array.from(kept.subarray(from, from + (layer === count - 1 ? 1 : rows) * width));
  };
  const oursOf = (cell: number, layer: number) =>
    (layer === count - 1 ? [0] : expected.layerRows).flatMap((row) =>
      Array.from(outputs[cell][layer].subarray(row * width, (row + 1) * width))
    );
  const all = (of: (cell: number, layer: number) => number[], shift = 0) =>
    Array.from({length: count}, (_, layer) =>
      Float32Array.from(Array.from({length: cells}, (_, cell) => of((cell + shift) % cells, layer)).flat())
    );
  return compareLayers({
    ours: all(oursOf),
    anotherCell: all(oursOf, 1),
    expected: all(expectedOf),
    width,
    device: probe.name,
    backend: probe.backend,
    reference: "numpy's float64",
    of: `${rows} tokens of ${cells} cells`
  });
}

/** Cells whose sentences are spoilt in each way; an embedding takes most of the comparison's time, and few wrong ones are noticed as well as many. */
const spoiltCells = 8;

/** Sentences that `compareVectorsOfDemo` embeds of so many cells, for its progress: of three ways of spoiling (`controlSentences`) a few. */
export function vectorsToCompare(cells: number): number {
  return cells + 3 * Math.min(cells, spoiltCells);
}

/** The vectors of all cells, and of sentences of the first few that are wrong on purpose. */
export async function compareVectorsOfDemo(
  encoder: Encoder,
  bundle: Bundle,
  variant: ExpectedVariant,
  sentences: readonly Int32Array[],
  {signal, onCell}: {signal?: AbortSignal; onCell(): void}
): Promise<ParityRow> {
  const expected = unpack(variant.vectors);
  const [n, width] = variant.vectors.shape;
  const embed = async (of: readonly Int32Array[]) => {
    let before = 0;
    const onProgress = (done: number) => {
      for (; before < done; ++before) onCell();
    };
    return embedTokens(encoder, of, {signal, onProgress});
  };
  const vectors = await embed(sentences);
  const spoilt = controlSentences(
    sentences.slice(0, spoiltCells),
    bundle.manifest.sentence,
    bundle.genes.map(({token}) => token)
  );
  const controls: Record<string, number> = {
    "another cell": relativeError(
      vectors.map((_, i) => vectors[(i + width) % vectors.length]),
      expected,
      n,
      width
    )
  };
  for (const [name, wrong] of Object.entries(spoilt)) {
    controls[name] = relativeError(await embed(wrong), expected.subarray(0, wrong.length * width), wrong.length, width);
  }
  const cosines = Array.from({length: n}, (_, i) =>
    dot(vectors.subarray(i * width, (i + 1) * width), Float32Array.from(expected.subarray(i * width, (i + 1) * width)))
  );
  return parityRow({
    id: "vector",
    stage: "embed",
    title: "Cell vector",
    compared: `the vectors of ${n} cells, on ${encoder.name}, with numpy's float64; smallest cosine ${Math.min(...cosines).toFixed(6)}`,
    unit: "relative error",
    figure: relativeError(vectors, expected, n, width),
    tolerance: arithmeticTolerance(encoder.backend, encoder.compute),
    controls,
    phase: 6
  });
}

/** The expression head's logits for some genes of the cells looked at, of the reference's vectors: the head alone is compared. */
export async function compareLogits(
  head: ExpressionHead,
  {logits, logitGenes, vectors: reference}: ExpectedVariant
): Promise<ParityRow> {
  const [cells, genes] = logits.shape;
  const vectors = Float32Array.from(unpack(reference));
  const expected = unpack(logits);
  const asked = async (tokens: readonly number[], shift: number) => {
    const found: number[] = [];
    for (let cell = 0; cell < cells; ++cell) {
      const from = ((cell + shift) % cells) * head.width;
      const shares = await head.predict(vectors.slice(from, from + head.width), Int32Array.from(tokens));
      found.push(...Array.from(shares, (share) => Math.log(share / (1 - share))));
    }
    return relativeError(found, expected, cells, genes);
  };
  return parityRow({
    id: "logits",
    stage: "embed",
    title: "Expression head",
    compared: `logits of ${genes} genes in ${cells} cells, on ${head.name}, with numpy's float64`,
    unit: "relative error",
    figure: await asked(logitGenes, 0),
    tolerance: 1e-3,
    controls: {
      "another cell": await asked(logitGenes, 1),
      "ids off by one": await asked([...logitGenes.slice(1), logitGenes[0]], 0)
    }
  });
}
