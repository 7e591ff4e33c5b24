import {hasThresholds, rowsOfView} from "./session-rows.js";
import type {Session} from "./session.js";

/** What is asked of a matrix: as a run on it would be. */
export interface MatrixQuestion {
  matrix: string | null;
  geneColumn: string | null;
}

/** The matrix and gene names that the view means: the one asked for, else the one found. */
export function questionOf({view, file}: Session): MatrixQuestion {
  return {matrix: view.matrix ?? file?.inspection.matrix.name ?? null, geneColumn: view.geneColumn};
}

/** Why a cell of the open file has no probabilities and no sentence: no matrix was found, and none was chosen; null if there is one. */
export function lacksMatrix(session: Session): string | null {
  return questionOf(session).matrix === null ? "No matrix of this file holds counts." : null;
}

/** Rows of the cells that the view means, ascending; null for all. Its quality thresholds are measured first, if it has any. */
export async function rowsNow(session: Session, signal: AbortSignal): Promise<Int32Array | null> {
  const quality = hasThresholds(session.view) ? await session.quality({signal}) : null;
  signal.throwIfAborted();
  return rowsOfView(session.file!, session.view, quality);
}

/** Row of the cell that is looked at: the view's, if the file has it, else the first of those chosen. */
export function cellOfView({view, file}: Session, rows: Int32Array | null): number {
  return view.cell !== null && view.cell < file!.cellIds.length ? view.cell : (rows?.[0] ?? 0);
}

/** Fields of a view that change which cells and counts are looked at. */
export const choosesCounts = ["matrix", "geneColumn", "cells", "minCounts", "minGenes", "maxMito"] as const;
