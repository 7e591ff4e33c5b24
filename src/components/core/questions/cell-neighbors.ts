import {nearestInSpace} from "../vectors/nearest-in-space.js";
import type {QuestionContext} from "./context.js";

/** The nearest cells of one cell among the chain's vectors, nearest first. */
export interface CellNeighbors {
  /** Rows of the neighbors in their file. */
  rows: Int32Array;
  /** Cosine of each with the cell. */
  cosines: Float64Array;
}

/** The `k` cells whose vectors are nearest to that of the cell of row `row`, all cells compared. Null if it has no vector. */
export async function cellNeighbors(
  context: QuestionContext,
  {row, k}: {row: number; k: number}
): Promise<CellNeighbors | null> {
  const known = await context.vectors();
  const {rows: all, index, vectors, width} = known.cells;
  const cell = index.findIndex((place) => all[place] === row);
  if (cell < 0) return null;
  const {cells, cosines} = nearestInSpace(vectors, width, cell, k);
  return {rows: cells.map((i) => all[index[i]]), cosines};
}
