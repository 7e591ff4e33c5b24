import type {CsrBlock} from "../types.js";
import type {AnnData} from "./anndata.js";
import type {Features} from "./features.js";
import {geneBlock} from "./gene-block.js";
import {IndexPointers} from "./index-pointers.js";
import {EvidenceGatherer} from "./matrix-evidence.js";
import type {MatrixEvidence} from "./matrix-evidence.js";
import {lookAtTiles} from "./look-at-tiles.js";
import {asStored, type MatrixInfo} from "./matrix-info.js";
import {recoveredBlock} from "./recovered-matrix.js";
import {sampleRows} from "./sample-rows.js";
import {streamStored} from "./stream-stored.js";
import {takesTooMuch} from "./takes-too-much.js";
import {VectorWindow} from "./vector-window.js";

/** Matrices of up to this many stored values are looked at whole. */
export const wholeUpTo = 4_000_000;

/** How a matrix is looked at. */
export interface DescribeOptions {
  /**
   * Filled in with the sum of the positive, finite values of every gene over the rows looked at, by the matrix's name;
   * not of a large matrix stored gene by gene, of which whole rows are not looked at.
   */
  columnSums?: Map<string, Float64Array>;
  signal?: AbortSignal;
}

/** What a look at a matrix found; `sums` is null where they were not gathered. */
interface Look {
  evidence: MatrixEvidence;
  sums: Float64Array | null;
}

const known = new WeakMap<AnnData, Map<string, Look>>();

/**
 * Looks at the values of the matrix called `name` and says what they are: counts, logarithms of them, normalized,
 * scaled, empty or invalid (NaN, infinite). A small matrix is read whole, a large one as runs of rows (of a csc matrix:
 * of columns) spread evenly over it, about two million values; the same rows every time. What an open
 * file was found to hold is remembered, so that its values are looked at once. Throws what streamRows throws.
 */
export async function describeMatrix(
  anndata: AnnData,
  name: string,
  {columnSums, signal}: DescribeOptions = {}
): Promise<MatrixEvidence> {
  const info = anndata.matrix(name);
  const found = known.get(anndata)?.get(name) ?? (await look(anndata, info, signal));
  known.set(anndata, (known.get(anndata) ?? new Map<string, Look>()).set(name, found));
  if (found.sums !== null) columnSums?.set(name, found.sums);
  return found.evidence;
}

async function look(anndata: AnnData, info: MatrixInfo, signal?: AbortSignal): Promise<Look> {
  const features = anndata.features(info.genes);
  const gatherer = new EvidenceGatherer(features);
  const complete = info.stored <= wholeUpTo;
  if (info.encoding === "csc" && !complete && info.recovered === undefined) {
    lookAtColumns(anndata, info, gatherer, signal);
    return {evidence: gatherer.finish(info, false), sums: null};
  }
  if (!complete && info.recovered === undefined && takesTooMuch(anndata, info)) {
    lookAtTiles(anndata, info, gatherer, signal);
    return {evidence: gatherer.finish(info, false), sums: null};
  }
  const rows = complete ? undefined : sampleRows(anndata, info);
  const blocks = rows === undefined ? {blockBytes: 2 * 1024 * 1024} : {rows, blockRows: firstRun(rows)};
  const sums = new Float64Array(info.nCols);
  const stored = info.recovered === undefined ? info : anndata.matrix(info.recovered.of);
  for await (const block of streamStored(anndata, stored, {...blocks, signal})) {
    if (features.kindOf !== null) addLeftOut(gatherer, block, features.kindOf);
    const ofGenes = geneBlock(block, features);
    if (info.recovered === undefined) lookAtRows(ofGenes, features, gatherer, sums, false);
    else lookAtRows(recoveredBlock(ofGenes, info.recovered), features, gatherer, sums, true);
  }
  return {evidence: gatherer.finish(info, complete), sums};
}

function addLeftOut(gatherer: EvidenceGatherer, {indices, values}: CsrBlock, kindOf: Int32Array): void {
  for (let k = 0; k < indices.length; k++) {
    const kind = kindOf[indices[k]];
    if (kind >= 0) gatherer.addLeftOut(kind, values[k]);
  }
}

/** Adds the rows of a block of genes; `sums` gathers each gene's counts. A fault is told with its column in the file. */
function lookAtRows(
  block: CsrBlock,
  {genes}: Features,
  gatherer: EvidenceGatherer,
  sums: Float64Array,
  isRecovered: boolean
): void {
  for (let i = 0; i < block.rows.length; i++) {
    // Of a cell whose counts were not recovered, which is NaN throughout, whoever counts such cells tells.
    if (isRecovered && Number.isNaN(block.values[block.indptr[i]])) continue;
    let sum = 0;
    let expSum = 0;
    for (let k = block.indptr[i]; k < block.indptr[i + 1]; k++) {
      const value = block.values[k];
      const place = block.indices[k];
      gatherer.add(block.rows[i], genes === null ? place : genes[place], value);
      if (value > 0 && value < Infinity) sums[place] = sums[place] + value;
      sum += value;
      expSum += Math.expm1(value);
    }
    gatherer.addRowSums(sum, expSum);
  }
  gatherer.rowsExamined += block.rows.length;
  gatherer.addPlaces(block.rows.length * block.nCols);
}

/** Length of the first run of neighboring rows. A block of just a run reads each chunk that it touches once. */
function firstRun(rows: Int32Array): number {
  const end = rows.findIndex((row, i) => i > 0 && row !== rows[i - 1] + 1);
  return end < 0 ? rows.length : end;
}

/** Sixteen stretches of a csc matrix's entries, spread evenly over it. */
function lookAtColumns(anndata: AnnData, info: MatrixInfo, gatherer: EvidenceGatherer, signal?: AbortSignal): void {
  const stretches = 16;
  const pointers = new IndexPointers(anndata.reader, asStored(info));
  const stored = pointers.entries();
  const length = Math.min(stored, Math.floor(wholeUpTo / 2 / stretches));
  if (length === 0) return;
  const {kindOf} = anndata.features(info.genes);
  const indices = new VectorWindow(anndata.reader, `${info.place}/indices`);
  const data = new VectorWindow(anndata.reader, `${info.place}/data`);
  for (let s = 0; s < stretches; s++) {
    signal?.throwIfAborted();
    const from = Math.floor(((stored - length) / (stretches - 1)) * s);
    const values = data.range(from, from + length);
    const rowOf = indices.range(from, from + length);
    let column = columnAt(pointers, info.storedCols, from);
    const firstColumn = column;
    for (let k = 0; k < values.length; k++) {
      while (pointers.at(column + 1) <= from + k) column++;
      const value = Number(values[k]);
      const kind = kindOf?.[column] ?? -1;
      if (kind >= 0) gatherer.addLeftOut(kind, value);
      else if (value !== 0) gatherer.add(Number(rowOf[k]), column, value);
    }
    const spanned = pointers.at(column + 1) - pointers.at(firstColumn);
    gatherer.addPlaces((column + 1 - firstColumn) * info.nRows * (spanned === 0 ? 1 : length / spanned));
  }
  gatherer.rowsExamined = info.nRows;
}

/** The column that entry `at` belongs to. */
function columnAt(pointers: IndexPointers, nCols: number, at: number): number {
  let low = 0;
  let high = nCols - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pointers.at(middle + 1) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
