import {streamRows} from "../anndata/stream-rows.js";
import {cellSteps as stepsOf, type CellSteps} from "../cells/cell-steps.js";
import {samplingSeeds} from "../cells/sampling-seeds.js";
import {WorkbookError} from "../errors.js";
import type {TaskOptions, QuestionContext} from "./context.js";
import {alignedMatrix} from "./aligned-matrix.js";

/** A cell's way from counts to tokens, and how far each of its chromosomes reaches. */
export interface CellAnswer extends CellSteps {
  matrix: string;
  /** Largest start of a gene of the model, base pairs, by chromosome id: about the chromosome's length. */
  extents: Map<number, number>;
}

/** The steps of the cell at `row`, as the chain has them. Throws what the reader throws. */
export async function cellSteps(
  context: QuestionContext,
  {row}: {row: number},
  {signal}: TaskOptions
): Promise<CellAnswer> {
  const file = context.anndata.files?.findLast(({first}) => first <= row);
  // Of several files the cell's own, in which it has its place among the genes, its row and its seed.
  if (file !== undefined) {
    const own = await cellSteps({...context, anndata: file.anndata}, {row: row - file.first}, {signal});
    return {...own, row};
  }
  const {anndata, matrix, alignment} = await alignedMatrix(context);
  const {manifest, genes} = context.model;
  const {sampling, seeds} = context.chain.parameters;
  for await (const block of streamRows(anndata, matrix, {rows: Int32Array.of(row), signal})) {
    const seedOf = await samplingSeeds(seeds, block.rows, {nCells: anndata.nObs, names: () => anndata.obsNames()});
    const steps = stepsOf(block, alignment, {sampling, seed: seedOf(row, 0), constants: manifest.sentence});
    const extents = new Map<number, number>();
    for (const {chromosome, start} of genes) extents.set(chromosome, Math.max(start, extents.get(chromosome) ?? 0));
    const fault =
      steps.fault !== null && matrix.recovered !== undefined
        ? `The counts of this cell could not be recovered from ${matrix.recovered.of}`
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
