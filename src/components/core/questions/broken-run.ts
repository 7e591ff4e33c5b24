import {columnAsText} from "../anndata/column.js";
import {selectRows} from "../cells/select-rows.js";
import type {Encoder} from "../embed/encoder.js";
import {embedTokens} from "../embed/embed-tokens.js";
import {withRandomWeights} from "../model/random-weights.js";
import {brokenCells, type BreakName} from "../pipeline/broken-cells.js";
import {compareVectors, type VectorComparison} from "../pipeline/compare-vectors.js";
import {labelClasses} from "../pipeline/label-classes.js";
import {prepareCells} from "../pipeline/prepare-cells.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** What is to be broken, and on which cells it is tried. */
export interface BrokenRunRequest {
  broken: BreakName;
  /** obs column whose classes the neighbors are asked for. */
  column: string;
  /** Cells to try it on, spread over the classes. */
  cells: number;
}

/** What became of the scores. */
export interface BrokenRunScores extends VectorComparison {
  name: BreakName;
  column: string;
}

const mostClasses = 50;
const weightSeed = 20240612;

/** Vectors of the whole model for the last cells that were asked for: the next break is compared with the same ones. */
let kept: {key: string; of: object; vectors: Float32Array} | null = null;

/**
 * Embeds a sample of the chain's cells twice, as it should be and with something broken on purpose, and scores both. `onProgress` counts sentences. Rejects with a WorkbookError ("no-labeling" if the column groups nothing).
 */
export async function brokenRun(
  context: QuestionContext,
  {broken, column, cells}: BrokenRunRequest,
  {signal, onProgress}: TaskOptions
): Promise<BrokenRunScores> {
  const known = await context.vectors();
  const {anndata, model: bundle, chain} = context;
  const {sampling, seeds, species, geneColumn, repair, filter} = chain.parameters;
  const texts = columnAsText(anndata.column("obs", column));
  const embedded = known.cells.index.map((place) => known.cells.rows[place]);
  const {names, codes} = labelClasses(
    column,
    Array.from(embedded, (row) => texts[row]),
    mostClasses
  );
  const labeled = Int32Array.from(codes.keys()).filter((i) => codes[i] >= 0);
  const chosen = selectRows(
    {mode: "stratified", n: cells, seed: 0, column},
    labeled.length,
    labeled.map((i) => codes[i])
  );
  const places = chosen === null ? labeled : chosen.map((i) => labeled[i]);
  const rows = places.map((i) => embedded[i]);
  const prepared = await prepareCells(
    anndata,
    bundle.genes,
    {matrix: known.matrix, species, geneColumn, repair, filter},
    rows,
    {
      model: bundle,
      aliases: context.aliases,
      signal
    }
  );
  const whole = await brokenCells(prepared, null, {sampling, seeds, bundle, signal});
  const spoilt = await brokenCells(prepared, broken, {sampling, seeds, bundle, signal});
  const usable = [...rows.keys()].filter((i) => whole[i] !== null && spoilt[i] !== null);
  const sentences = (all: (Int32Array | null)[]) => usable.map((i) => all[i]!);

  const key = JSON.stringify([
    bundle.hash,
    sampling,
    seeds,
    geneColumn,
    repair,
    chain.backend,
    usable.map((i) => rows[i])
  ]);
  const known0 = kept !== null && kept.key === key && kept.of === known.cells ? kept.vectors : null;
  const total = usable.length * (known0 === null ? 2 : 1);
  let before = 0;
  const embed = async (encoder: Encoder, tokens: Int32Array[]) => {
    const vectors = await embedTokens(encoder, tokens, {
      signal,
      onProgress: (done) => onProgress?.(before + done, total)
    });
    before += tokens.length;
    return vectors;
  };
  const using = async (open: () => Promise<Encoder>, work: (encoder: Encoder) => Promise<void>) => {
    const encoder = await open();
    try {
      await work(encoder);
    } finally {
      await encoder.close();
    }
  };
  onProgress?.(0, total);
  let [wholeVectors, brokenVectors] = [known0, null as Float32Array | null];
  if (wholeVectors === null || broken !== "random weights") {
    await using(
      () => context.openEncoder({signal}),
      async (encoder) => {
        wholeVectors ??= await embed(encoder, sentences(whole));
        kept = {key, of: known.cells, vectors: wholeVectors};
        if (broken !== "random weights") brokenVectors = await embed(encoder, sentences(spoilt));
      }
    );
  }
  if (brokenVectors === null) {
    const model = withRandomWeights(bundle, weightSeed);
    await using(
      () => context.openEncoder({model, signal}),
      async (encoder) => void (brokenVectors = await embed(encoder, sentences(spoilt)))
    );
  }
  const labels = Int32Array.from(usable, (i) => codes[places[i]]);
  const width = known.cells.width;
  const comparison = await compareVectors(wholeVectors!, brokenVectors!, width, labels, names.length, signal);
  return {...comparison, name: broken, column};
}
