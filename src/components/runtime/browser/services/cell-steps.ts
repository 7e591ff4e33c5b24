import {streamRows} from "../../../core/anndata/stream-rows.js";
import {cellSteps as stepsOf, type CellSteps} from "../../../core/cells/cell-steps.js";
import {samplingSeeds} from "../../../core/cells/sampling-seeds.js";
import {WorkbookError} from "../../../core/errors.js";
import type {Sampling, SeedRule} from "../../../core/types.js";
import type {TaskOptions, WorkerContext} from "../worker-context.js";
import {alignedMatrix, type MatrixQuestion} from "./aligned-matrix.js";

/** A cell's way from counts to tokens, and how far each of its chromosomes reaches. */
export interface CellAnswer extends CellSteps {
  matrix: string;
  /** Largest start of a gene of the model, base pairs, by chromosome id: about the chromosome's length. */
  extents: Map<number, number>;
}

/** The steps of the cell at `row`, for the sentence of a run with this `sampling` and these seeds. Throws what the reader throws. */
export async function cellSteps(
  context: WorkerContext,
  {row, sampling, seeds, ...question}: MatrixQuestion & {row: number; sampling: Sampling; seeds: SeedRule},
  {signal}: TaskOptions
): Promise<CellAnswer> {
  const {anndata, matrix, alignment} = await alignedMatrix(context, question);
  const {manifest, genes} = await context.model();
  for await (const block of streamRows(anndata, matrix, {rows: Int32Array.of(row), signal})) {
    const seedOf = await samplingSeeds(seeds, block.rows, {nCells: anndata.nObs, names: () => anndata.obsNames()});
    const steps = stepsOf(block, alignment, {sampling, seed: seedOf(row, 0), constants: manifest.sentence});
    const extents = new Map<number, number>();
    for (const {chromosome, start} of genes) extents.set(chromosome, Math.max(start, extents.get(chromosome) ?? 0));
    const fault =
      steps.fault !== null && matrix.recovered !== undefined
        ? `The counts of this cell could not be had back from ${matrix.recovered.of}`
        : steps.fault;
    return {...steps, fault, matrix: matrix.name, extents};
  }
  throw new WorkbookError({
    domain: "cells",
    code: "bad-rows",
    fault: `${anndata.name} has no row ${row}`,
    remedy: `choose a row from 0 to ${anndata.nObs - 1}`
  });
}
