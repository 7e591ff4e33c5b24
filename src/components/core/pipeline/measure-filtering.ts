import type {AnnData} from "../anndata/anndata.js";
import {columnAsText} from "../anndata/column.js";
import type {AliasTable} from "../cells/alias-table.js";
import {selectRows} from "../cells/select-rows.js";
import type {Encoder} from "../embed/encoder.js";
import type {Bundle} from "../model/bundle.js";
import {requireWithin} from "../require-within.js";
import {filterEffect, type FilterEffect} from "../space/filter-effect.js";
import {labelAgreement} from "../space/label-agreement.js";
import {variableGenes} from "../space/variable-genes.js";
import type {Sampling, SeedRule} from "../types.js";
import {averageEmbeddings} from "../vectors/average-embeddings.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import {geneMoments} from "./gene-moments.js";
import {keepGenes} from "./keep-genes.js";
import {classesOrNull} from "./label-classes.js";
import {prepareCells, type LoadParameters} from "./prepare-cells.js";
import {seedDraws, type SeedDraws} from "./seed-draws.js";

/** What the measurement of filtering is asked for. */
export interface FilteringRequest {
  /** Cells to embed again, a random choice: 3 to 200. */
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

/** Cells that may be taken, and how they become sentences. */
export interface FilteredCells {
  anndata: AnnData;
  model: Bundle;
  aliases: () => Promise<AliasTable>;
  load: LoadParameters;
  /** Rows of the cells, ascending. */
  rows: Int32Array;
  sampling: Sampling;
  seeds: SeedRule;
}

/** How the measurement runs. */
export interface MeasureFilteringOptions {
  signal?: AbortSignal;
  /** Batches grow with the device; false where bytes must repeat. */
  adapt?: boolean;
  /** Sentences embedded, of how many. */
  onProgress?(done: number, total: number): void;
}

/** Share of cells whose 5 nearest vote for their own label, leave one out, and its standard error. */
export interface FilteredAgreement {
  accuracy: number;
  accuracyError: number;
}

/** What keeping the most variable genes does to the vectors of some cells. */
export interface MeasuredFiltering extends FilterEffect {
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
}

const mostForGenes = 5000;
const mostClasses = 50;

/**
 * Embeds a random choice of cells under several seeds twice: with all genes, and with the most variable ones alone (`variableGenes`, of at most 5,000 of the cells), as if the file had been
 * filtered. Throws a WorkbookError ("bad-number", what reader and encoder throw), and the signal's reason.
 */
export async function measureFiltering(
  {anndata, model, aliases, load, rows: candidates, sampling, seeds: rule}: FilteredCells,
  encoder: Encoder,
  {cells, seeds, choice, genes: most, labels}: FilteringRequest,
  {signal, adapt = false, onProgress}: MeasureFilteringOptions = {}
): Promise<MeasuredFiltering> {
  requireWithin("cells", cells, 3, 200);
  requireWithin("seeds", seeds, 2, 8);
  requireWithin("genes", most, 1, 1e6);
  const pick = (n: number, seed: number) =>
    (selectRows({mode: "random", n, seed}, candidates.length)?.map((i) => candidates[i]) ?? candidates).slice().sort();
  const whole = await prepareCells(anndata, model.genes, load, pick(cells, choice), {model, aliases, signal});
  const matrix = whole.matrix.name;
  const forGenes = pick(mostForGenes, 0);
  const columns = variableGenes(await geneMoments(anndata, matrix, forGenes, {signal}), most);
  const filtered = keepGenes(whole, columns, model.genes);
  const draws: SeedDraws[] = [];
  for (const [turn, prepared] of [whole, filtered].entries()) {
    const how = {sampling, seeds: rule, draws: seeds, constants: model.manifest.sentence, adapt, signal};
    const told = (done: number, total: number) => onProgress?.(turn * total + done, 2 * total);
    draws.push(await seedDraws(prepared, encoder, {...how, onProgress: told}));
  }
  const rows = draws[0].rows.filter((row) => draws[1].rows.includes(row));
  const {width} = encoder;
  const [all, some] = draws.map(({rows: own, draws: vectors}) => {
    const places = Array.from(rows, (row) => own.indexOf(row));
    return vectors.map((one) => pickVectors(one, width, places));
  });
  const classes = labels === null ? null : classesOrNull(labels, valuesOf(anndata, labels, rows), mostClasses);
  return {
    ...filterEffect(all, some, width, classes?.codes),
    labels: classes === null ? null : labels,
    rows,
    chosenOn: forGenes.length,
    genes: {
      all: anndata.matrix(matrix).nCols,
      kept: columns.length,
      keptKnown: filtered.alignment.columns.length,
      allKnown: whole.alignment.columns.length
    },
    agreement: classes === null ? null : await agreementOf({all, some}, width, classes, signal),
    device: encoder.name
  };
}

function valuesOf(anndata: AnnData, column: string, rows: Int32Array): (string | null)[] {
  const values = columnAsText(anndata.column("obs", column));
  return Array.from(rows, (row) => values[row]);
}

async function agreementOf(
  draws: Record<"all" | "some", Float32Array[]>,
  width: number,
  {names, codes}: {names: string[]; codes: Int32Array},
  signal?: AbortSignal
): Promise<MeasuredFiltering["agreement"]> {
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
