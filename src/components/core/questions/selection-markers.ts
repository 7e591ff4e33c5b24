import {columnAsText} from "../anndata/column.js";
import {streamRows} from "../anndata/stream-rows.js";
import {findMarkers} from "../markers/find-markers.js";
import {labelClasses} from "../pipeline/label-classes.js";
import {markerOrder} from "../tables/markers.js";
import {alignedMatrix} from "./aligned-matrix.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** A gene as the rank-sum test of a selection has it (`findMarkers`). */
export interface TestedGene {
  gene: string;
  /** Area under the curve, 0 to 1: how often a cell of the selection is above another. */
  auc: number;
  p: number;
  /** False discovery rate over all genes. */
  q: number;
  log2FoldChange: number;
  shareIn: number;
  shareOut: number;
  /** In how many donors the selection's mean is the higher; null without donors. */
  donorsHigher: number | null;
}

/** What sets a selection of cells apart. */
export interface SelectionMarkers {
  /** Cells of the selection and cells that they were compared with; cells with values that are no counts are in neither. */
  cells: number;
  others: number;
  /** Donors with 5 cells on both sides; null where no column was named. */
  donors: number | null;
  /** The highest scores first. */
  genes: TestedGene[];
}

/** A selection, and what it is compared with. */
export interface MarkerRequest {
  /** Rows of the selection in the file. */
  rows: Int32Array;
  /** Rows to compare with; null: all other cells of the chain. A row that is in both is of the selection. */
  against: Int32Array | null;
  /** obs column of donors; null: none. */
  donors?: string | null;
  /** Most genes in the answer (100). */
  most?: number;
}

const mostDonors = 500;

/**
 * Markers of a selection against the chain's other cells, or against other rows: a rank-sum test of every gene. Throws the WorkbookError "too-few-cells" (domain "space") if one side has no
 * cell, "no-labeling" for a column of donors that groups nothing, what the reader throws, and the signal's reason.
 */
export async function selectionMarkers(
  context: QuestionContext,
  {rows: selected, against, donors = null, most = 100}: MarkerRequest,
  {signal, onProgress}: TaskOptions
): Promise<SelectionMarkers> {
  const {anndata, matrix, names} = await alignedMatrix(context);
  const others = against ?? (await context.rows()) ?? Int32Array.from({length: anndata.nObs}, (_, row) => row);
  const groupOfRow = new Int32Array(anndata.nObs).fill(-1);
  for (const row of others) groupOfRow[row] = 1;
  for (const row of selected) groupOfRow[row] = 0;
  const rows = Int32Array.from(groupOfRow.keys()).filter((row) => groupOfRow[row] >= 0);
  const donorOfRow =
    donors === null ? undefined : labelClasses(donors, columnAsText(anndata.column("obs", donors)), mostDonors).codes;
  const [found] = await findMarkers(
    {
      blocks: () => streamRows(anndata, matrix, {rows, signal}),
      stored: (matrix.stored * rows.length) / Math.max(1, anndata.nObs),
      genes: names.names.length,
      groupOfRow,
      groups: 2,
      tested: [0],
      donorOfRow
    },
    {signal, onProgress: (share) => onProgress?.(Math.floor(share * rows.length), rows.length)}
  );
  const {auc, p, q, log2FoldChange, shareIn, shareOut} = found;
  return {
    cells: found.cells,
    others: found.others,
    donors: found.donors?.asked ?? null,
    genes: Array.from(markerOrder(found).subarray(0, most), (gene) => ({
      gene: names.names[gene],
      auc: auc[gene],
      p: p[gene],
      q: q[gene],
      log2FoldChange: log2FoldChange[gene],
      shareIn: shareIn[gene],
      shareOut: shareOut[gene],
      donorsHigher: found.donors?.higher[gene] ?? null
    }))
  };
}
