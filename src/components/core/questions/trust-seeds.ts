import {columnAsText} from "../anndata/column.js";
import {selectRows} from "../cells/select-rows.js";
import {classesOrNull} from "../pipeline/label-classes.js";
import {prepareCells} from "../pipeline/prepare-cells.js";
import {seedDraws} from "../pipeline/seed-draws.js";
import {requireWithin} from "../require-within.js";
import {seedNoise, type SeedNoise} from "../space/seed-noise.js";
import type {Sampling} from "../types.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** What the measurement of seed noise is asked for. */
export interface TrustSeedsRequest {
  /** Cells to embed again, a random choice of the run's: 3 to 200. */
  cells: number;
  /** Sampling seeds a cell: 2 to 8. */
  seeds: number;
  /** Seed of the choice of cells. */
  choice: number;
  /** obs column of the types; null for none. */
  labels: string | null;
}

/** Seed noise under one way of sampling. */
export interface SamplingNoise extends SeedNoise {
  sampling: Sampling;
  /** Milliseconds that the model took for a sentence. */
  msPerSentence: number;
}

/** Seed noise under both ways of sampling, on the same cells. */
export interface TrustSeeds {
  labels: string | null;
  samplings: SamplingNoise[];
  /** Cells of the run with a vector. */
  embedded: number;
  /** Rows of the cells measured, ascending. */
  rows: Int32Array;
  device: string;
  notices: {code: string; message: string}[];
}

const samplings: readonly Sampling[] = ["reference", "low-variance"];
const mostClasses = 50;

/**
 * Embeds a random choice of the chain's cells under several sampling seeds and both ways of sampling, and measures how
 * far a cell's vector moves. Progress counts sentences. Stops between calls of the model. A labels column without groups
 * among these cells counts as none. Throws a WorkbookError ("no-vectors", "bad-number", what reader and encoder throw) and
 * the signal's reason.
 */
export async function trustSeeds(
  context: QuestionContext,
  {cells, seeds, choice, labels}: TrustSeedsRequest,
  {signal, onProgress}: TaskOptions
): Promise<TrustSeeds> {
  requireWithin("cells", cells, 3, 200);
  requireWithin("seeds", seeds, 2, 8);
  const known = await context.vectors();
  const {anndata, model: bundle, chain} = context;
  const {species, geneColumn, repair, filter, seeds: rule} = chain.parameters;
  const {rows: all, index} = known.cells;
  const places = selectRows({mode: "random", n: cells, seed: choice}, index.length) ?? Int32Array.from(index.keys());
  const prepared = await prepareCells(
    anndata,
    bundle.genes,
    {matrix: known.matrix, species, geneColumn, repair, filter},
    places.map((place) => all[index[place]]),
    {model: bundle, aliases: context.aliases, signal}
  );
  const notices: TrustSeeds["notices"] = [];
  const encoder = await context.openEncoder({onFallback: (notice) => void notices.push(notice), signal});
  try {
    const found: SamplingNoise[] = [];
    let rows = prepared.rows;
    for (const [turn, sampling] of samplings.entries()) {
      const drawn = await seedDraws(prepared, encoder, {
        sampling,
        seeds: rule,
        draws: seeds,
        constants: bundle.manifest.sentence,
        adapt: true,
        signal,
        onProgress: (done, total) => onProgress?.(turn * total + done, samplings.length * total)
      });
      rows = drawn.rows;
      const types = labels === null ? undefined : typesOf(labels, columnAsText(anndata.column("obs", labels)), rows);
      found.push({...seedNoise(drawn.draws, drawn.width, types), sampling, msPerSentence: drawn.ms / drawn.sentences});
    }
    return {labels, samplings: found, embedded: index.length, rows, device: encoder.name, notices};
  } finally {
    await encoder.close();
  }
}

/** Types of the cells; undefined where the column does not group them. */
function typesOf(column: string, values: (string | null)[], rows: Int32Array): Int32Array | undefined {
  const own = Array.from(rows, (row) => values[row]);
  return classesOrNull(column, own, mostClasses)?.codes;
}
