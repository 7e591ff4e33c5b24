import {columnAsText} from "../anndata/column.js";
import {selectRows} from "../cells/select-rows.js";
import {WorkbookError} from "../errors.js";
import {geneMoments} from "../pipeline/gene-moments.js";
import {keepGenes} from "../pipeline/keep-genes.js";
import {classesOrNull} from "../pipeline/label-classes.js";
import {prepareCells} from "../pipeline/prepare-cells.js";
import {seedDraws, type SeedDraws} from "../pipeline/seed-draws.js";
import {filterEffect, type FilterEffect} from "../space/filter-effect.js";
import {labelAgreement} from "../space/label-agreement.js";
import {variableGenes} from "../space/variable-genes.js";
import {averageEmbeddings} from "../vectors/average-embeddings.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** What the measurement of filtering is asked for. */
export interface TrustFilterRequest {
  /** Cells to embed again, a random choice of the run's: 3 to 200. */
  cells: number;
  /** Sampling seeds a cell: 2 to 8. */
  seeds: number;
  /** Seed of the choice of cells. */
  choice: number;
  /** Most variable genes that are kept: 1 or more. */
  genes: number;
  /** obs column of the types; null for none. */
  labels: string | null;
}

/** Share of cells whose 5 nearest vote for their own label, leave one out, and its standard error. */
export interface FilteredAgreement {
  accuracy: number;
  accuracyError: number;
}

/** What keeping the most variable genes does to the vectors of some cells. */
export interface TrustFilter extends FilterEffect {
  labels: string | null;
  /** Rows of the cells measured, ascending. */
  rows: Int32Array;
  /** Cells whose counts decided which genes vary. */
  chosenOn: number;
  /** Genes of the matrix, genes kept, and how many of these the model knows; and how many it knows of all. */
  genes: {all: number; kept: number; keptKnown: number; allKnown: number};
  /** Of mean vectors; null without labels. */
  agreement: {all: FilteredAgreement; some: FilteredAgreement; cells: number} | null;
  device: string;
  notices: {code: string; message: string}[];
}

const mostForGenes = 5000;
const mostClasses = 50;

/**
 * Embeds a random choice of the chain's cells under several seeds twice: with all genes, and with the most variable ones alone (`variableGenes`, of at most 5,000 of the chain's cells), as if the file had been
 * filtered. Progress counts sentences. Throws a WorkbookError ("no-vectors", "bad-number", what reader and encoder throw), and the signal's reason.
 */
export async function trustFilter(
  context: QuestionContext,
  {cells, seeds, choice, genes: most, labels}: TrustFilterRequest,
  {signal, onProgress}: TaskOptions
): Promise<TrustFilter> {
  requireNumber("cells", cells, 3, 200);
  requireNumber("seeds", seeds, 2, 8);
  requireNumber("genes", most, 1, 1e6);
  const known = await context.vectors();
  const {anndata, model, chain} = context;
  const {species, geneColumn, repair, seeds: rule, sampling} = chain.parameters;
  const embedded = known.cells.index.map((place) => known.cells.rows[place]);
  const pick = (n: number, seed: number) =>
    (selectRows({mode: "random", n, seed}, embedded.length)?.map((i) => embedded[i]) ?? embedded).slice().sort();
  const forGenes = pick(mostForGenes, 0);
  const columns = variableGenes(await geneMoments(anndata, known.matrix, forGenes, {signal}), most);
  const load = {matrix: known.matrix, species, geneColumn, repair};
  const how = {model, aliases: context.aliases, signal};
  const whole = await prepareCells(anndata, model.genes, load, pick(cells, choice), how);
  const filtered = keepGenes(whole, columns, model.genes);
  const notices: TrustFilter["notices"] = [];
  const encoder = await context.openEncoder({onFallback: (notice) => void notices.push(notice), signal});
  try {
    const draws: SeedDraws[] = [];
    for (const [turn, prepared] of [whole, filtered].entries()) {
      const told = (done: number, total: number) => onProgress?.(turn * total + done, 2 * total);
      const constants = model.manifest.sentence;
      draws.push(
        await seedDraws(prepared, encoder, {
          sampling,
          seeds: rule,
          draws: seeds,
          constants,
          adapt: true,
          signal,
          onProgress: told
        })
      );
    }
    const rows = draws[0].rows.filter((row) => draws[1].rows.includes(row));
    const {width} = encoder;
    const [all, some] = draws.map(({rows: own, draws: vectors}) => {
      const places = Array.from(rows, (row) => own.indexOf(row));
      return vectors.map((one) => pickVectors(one, width, places));
    });
    const classes = labels === null ? null : classesOrNull(labels, valuesOf(context, labels, rows), mostClasses);
    return {
      ...filterEffect(all, some, width, classes?.codes),
      labels: classes === null ? null : labels,
      rows,
      chosenOn: forGenes.length,
      genes: {
        all: anndata.matrix(known.matrix).nCols,
        kept: columns.length,
        keptKnown: filtered.alignment.columns.length,
        allKnown: whole.alignment.columns.length
      },
      agreement: classes === null ? null : await agreementOf({all, some}, width, classes, signal),
      device: encoder.name,
      notices
    };
  } finally {
    await encoder.close();
  }
}

function valuesOf({anndata}: QuestionContext, column: string, rows: Int32Array): (string | null)[] {
  const values = columnAsText(anndata.column("obs", column));
  return Array.from(rows, (row) => values[row]);
}

async function agreementOf(
  draws: Record<"all" | "some", Float32Array[]>,
  width: number,
  {names, codes}: {names: string[]; codes: Int32Array},
  signal?: AbortSignal
): Promise<TrustFilter["agreement"]> {
  const scored = async (vectors: Float32Array[]) => {
    const means = new Float32Array(codes.length * width);
    codes.forEach((_, cell) => {
      const own = vectors.map((one) => one.subarray(cell * width, (cell + 1) * width));
      means.set(averageEmbeddings(own), cell * width);
    });
    const {accuracy, accuracyError} = await labelAgreement(means, width, codes, names.length, {signal});
    return {accuracy, accuracyError};
  };
  const cells = codes.reduce((sum, code) => sum + Number(code >= 0), 0);
  return {all: await scored(draws.all), some: await scored(draws.some), cells};
}

function requireNumber(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new WorkbookError({
    domain: "usage",
    code: "bad-number",
    fault: `${value} ${what} were asked for`,
    remedy: `choose ${least} to ${most}`
  });
}
