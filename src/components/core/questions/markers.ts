import {columnAsText} from "../anndata/column.js";
import {streamRows} from "../anndata/stream-rows.js";
import {findMarkers} from "../markers/find-markers.js";
import {labelClasses} from "../pipeline/label-classes.js";
import {withAnswerFacts} from "../tables/answer-facts.js";
import {tableToStreamBytes} from "../tables/file.js";
import {markersTable} from "../tables/markers.js";
import {alignedMatrix} from "./aligned-matrix.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** Cells, and what they are compared with; see `markers` (core/stages). */
export interface MarkerRequest {
  rows: readonly number[];
  against: readonly number[] | null;
  donors: string | null;
}

/** What is known of markers beside the genes' own. */
export interface MarkerFacts {
  /** Cells of the selection and cells that they were compared with; cells with values that are no counts are in neither. */
  cells: number;
  others: number;
  /** Donors with 5 cells on both sides; null where no column was named. */
  donors: number | null;
}

const mostDonors = 500;

/**
 * What sets cells apart: a rank-sum test of every gene, as the bytes of a markers table with `MarkerFacts`. Progress counts per cent. Throws the WorkbookErrors "too-few-cells" (domain "space")
 * if one side has no cell and "no-labeling" for a column of donors that groups nothing, what the reader throws, and the signal's reason.
 */
export async function markers(
  context: QuestionContext,
  {rows: selected, against, donors}: MarkerRequest,
  {signal, onProgress}: TaskOptions
): Promise<Uint8Array> {
  const {anndata, software, source} = context;
  const {matrix, names} = await alignedMatrix(context);
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
      genes: names.names.length,
      groupOfRow,
      groups: 2,
      tested: [0],
      donorOfRow
    },
    {signal, onProgress: (share) => onProgress?.(Math.floor(100 * share), 100)}
  );
  const facts: MarkerFacts = {cells: found.cells, others: found.others, donors: found.donors?.asked ?? null};
  const table = markersTable([found], ["selection", "others"], names.names, {
    format: 1,
    stage: "markers",
    software,
    source,
    matrix: matrix.name,
    parameters: {
      group: "selection",
      against: "others",
      donors,
      test: "rank-sum, normal approximation, tie correction, no continuity correction",
      values: "log1p(counts per 10,000)"
    }
  });
  return tableToStreamBytes(withAnswerFacts(table, facts));
}
