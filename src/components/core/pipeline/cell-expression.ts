import type {AnnData} from "../anndata/anndata.js";
import {streamRows} from "../anndata/stream-rows.js";
import type {Alignment} from "../cells/align.js";
import type {ExpressionHead} from "../embed/expression-head.js";
import {areaUnderRoc} from "../space/area-under-roc.js";
import {rocCurve, type RocCurve} from "../space/roc-curve.js";
import type {DetectionCounts} from "./detection-counts.js";

/** What the model expects of one cell beside what was counted; every array has one entry an aligned gene, in file order. */
export interface CellExpression {
  row: number;
  symbols: string[];
  /** The head's probability that the gene is expressed, 0 to 1 (`ExpressionHead.predict` says of what kind). */
  probabilities: Float32Array;
  counts: Float32Array;
  /** Share of the other cells in which the gene was detected, 0 to 1; NaN where there is no other cell. */
  detection: Float32Array;
  /** Number of those other cells. */
  otherCells: number;
  /** Area under the ROC curve: genes counted in this cell against genes not counted, by the head. NaN if all or none are counted. */
  auroc: number;
  /** The same by `detection`: what one would guess without looking at the cell. NaN where there is no other cell. */
  baselineAuroc: number;
  curve: RocCurve;
  baselineCurve: RocCurve;
}

/** One cell of a run. */
export interface ExpressedCell {
  row: number;
  /** Its unit vector, as the encoder of the same model gave it. */
  embedding: Float32Array;
  /** Detection over the run's cells, this one among them or not. */
  detection: DetectionCounts;
}

/**
 * Asks the expression head about every aligned gene of one cell, and compares with the cell's counts; the gene's detection
 * rate over the run's other cells stands beside it as the guess that needs no model. Throws what the reader and the head
 * throw, and the signal's reason.
 */
export async function cellExpression(
  anndata: AnnData,
  matrix: string,
  alignment: Alignment,
  head: ExpressionHead,
  {row, embedding, detection: {rows, detected}}: ExpressedCell,
  signal?: AbortSignal
): Promise<CellExpression> {
  const counts = await countsOf(anndata, matrix, alignment, row, signal);
  const probabilities = await head.predict(embedding, alignment.tokens, signal);
  const within = rows.includes(row);
  const otherCells = rows.length - Number(within);
  const detection = Float32Array.from(
    detected,
    (cells, gene) => (cells - Number(within && counts[gene] > 0)) / otherCells
  );
  const counted = Uint8Array.from(counts, (count) => Number(count > 0));
  const none: RocCurve = {falsePositiveRate: new Float32Array(0), truePositiveRate: new Float32Array(0)};
  return {
    row,
    symbols: alignment.symbols,
    probabilities,
    counts,
    detection,
    otherCells,
    auroc: areaUnderRoc(probabilities, counted),
    baselineAuroc: otherCells > 0 ? areaUnderRoc(detection, counted) : NaN,
    curve: rocCurve(probabilities, counted),
    baselineCurve: otherCells > 0 ? rocCurve(detection, counted) : none
  };
}

async function countsOf(
  anndata: AnnData,
  matrix: string,
  {columns, alignedOfColumn}: Alignment,
  row: number,
  signal?: AbortSignal
): Promise<Float32Array> {
  const counts = new Float32Array(columns.length);
  for await (const {indices, values} of streamRows(anndata, matrix, {rows: Int32Array.of(row), signal})) {
    for (let entry = 0; entry < indices.length; ++entry) {
      const gene = alignedOfColumn[indices[entry]];
      if (gene >= 0) counts[gene] = values[entry];
    }
  }
  return counts;
}
