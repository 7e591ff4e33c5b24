import {columnAsText} from "../../../core/anndata/column.js";
import {selectRows} from "../../../core/cells/select-rows.js";
import {WorkbookError} from "../../../core/errors.js";
import {labelClasses} from "../../../core/pipeline/label-classes.js";
import {prepareCells} from "../../../core/pipeline/prepare-cells.js";
import {seedDraws} from "../../../core/pipeline/seed-draws.js";
import {seedNoise, type SeedNoise} from "../../../core/space/seed-noise.js";
import type {Sampling, SeedRule} from "../../../core/types.js";
import type {BackendChoice} from "../protocol.js";
import {noVectors} from "../usage-errors.js";
import type {TaskOptions, WorkerContext} from "../worker-context.js";

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
  /** var column of gene symbols, as the run was asked. */
  geneColumn: string | null;
  /** Repairs of gene names, as the run was asked; the certain ones unless told. */
  repair?: readonly string[];
  /** Where the run's seeds come from. */
  rule: SeedRule;
  backend: BackendChoice;
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
 * Embeds a random choice of the last run's cells under several sampling seeds and both ways of sampling, and measures how
 * far a cell's vector moves. Progress counts sentences. Stops between calls of the model. A labels column without groups
 * among these cells counts as none. Throws a WorkbookError ("no-vectors", "bad-number", what reader and encoder throw) and
 * the signal's reason.
 */
export async function trustSeeds(
  context: WorkerContext,
  {cells, seeds, choice, labels, geneColumn, repair, rule, backend}: TrustSeedsRequest,
  {signal, onProgress}: TaskOptions
): Promise<TrustSeeds> {
  requireWithin("cells", cells, 3, 200);
  requireWithin("seeds", seeds, 2, 8);
  const known = context.vectors();
  if (known === null) throw noVectors();
  const {anndata} = context.file();
  const {rows: all, index} = known.cells;
  const places = selectRows({mode: "random", n: cells, seed: choice}, index.length) ?? Int32Array.from(index.keys());
  const bundle = await context.model();
  const prepared = await prepareCells(
    anndata,
    bundle.genes,
    {matrix: known.matrix, geneColumn, repair},
    places.map((place) => all[index[place]]),
    {aliases: context.aliases, signal}
  );
  const notices: TrustSeeds["notices"] = [];
  const encoder = await context.openEncoder(backend, (notice) => void notices.push(notice), signal);
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
        onProgress: (done, total) => onProgress(turn * total + done, samplings.length * total)
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
  try {
    return labelClasses(
      column,
      Array.from(rows, (row) => values[row]),
      mostClasses
    ).codes;
  } catch {
    return undefined;
  }
}

function requireWithin(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new WorkbookError({
    domain: "usage",
    code: "bad-number",
    fault: `${value} ${what} were asked for`,
    remedy: `choose ${least} to ${most}`
  });
}
