import type {AnnData} from "../anndata/anndata.js";
import {IndexPointers} from "../anndata/index-pointers.js";
import {hasRoundedCounts} from "../anndata/has-rounded-counts.js";
import {asStored, type MatrixInfo} from "../anndata/matrix-info.js";
import {roundedCount} from "../anndata/rounded-block.js";
import {streamRows} from "../anndata/stream-rows.js";
import {readNumbers} from "../anndata/values.js";
import {WorkbookError} from "../errors.js";
import {createBreath, type WorkOptions} from "../vectors/work.js";

/** The counts of one gene. */
export interface GeneCounts {
  gene: string;
  matrix: string;
  /** Value of each row asked for, as the file holds it. */
  counts: Float32Array;
}

/** Entries of a csc column that are read at a time. */
const window = 1 << 20;
const blockBytes = 4 * 1024 * 1024;

/**
 * Counts of `gene` in `matrix`, whose columns are called `names`, for `rows` (ascending; null: all cells), as 32-bit floats; where several columns have that
 * name, their sum. A csc matrix is read for that gene alone; any other is gone through once, since it is stored,
 * or its counts are recovered, cell by cell. `onProgress` has the share done. Throws the WorkbookError "no-gene", what the reader throws, and the
 * signal's reason.
 */
export async function geneCounts(
  anndata: AnnData,
  matrix: string,
  gene: string,
  rows: Int32Array | null,
  names: readonly string[],
  options: WorkOptions = {}
): Promise<GeneCounts> {
  const info = anndata.matrix(matrix);
  const columns = names.flatMap((name, column) => (name === gene ? [column] : []));
  if (columns.length === 0) throw noGene(gene, anndata.name);
  const wanted = rows ?? Int32Array.from({length: info.nRows}, (_, row) => row);
  const slots = new Int32Array(info.nRows).fill(-1);
  wanted.forEach((row, slot) => (slots[row] = slot));
  const counts = new Float32Array(wanted.length);
  if (info.encoding === "csc" && info.recovered === undefined)
    await readColumns(anndata, info, columns, slots, counts, options);
  else await goThroughRows(anndata, info, columns, wanted, counts, options);
  return {gene, matrix, counts};
}

async function readColumns(
  anndata: AnnData,
  info: MatrixInfo,
  columns: number[],
  slots: Int32Array,
  counts: Float32Array,
  options: WorkOptions
): Promise<void> {
  const {reader} = anndata;
  const pointers = new IndexPointers(reader, asStored(info));
  const {genes} = anndata.features(info.genes);
  const rounded = await hasRoundedCounts(anndata, info, options.signal);
  const breathe = createBreath(options);
  for (const place of columns) {
    const column = genes?.[place] ?? place;
    const [start, stop] = [pointers.at(column), pointers.at(column + 1)];
    for (let from = start; from < stop; from += window) {
      const range: [number, number][] = [[from, Math.min(stop, from + window)]];
      const rowOf = readNumbers(reader, `${info.place}/indices`, range);
      const values = readNumbers(reader, `${info.place}/data`, range);
      for (let k = 0; k < rowOf.length; k += 1) {
        const slot = slots[Number(rowOf[k])] ?? -1;
        if (slot >= 0) counts[slot] += rounded ? roundedCount(Number(values[k])) : Number(values[k]);
      }
      await breathe((from - start) / (stop - start));
    }
  }
}

async function goThroughRows(
  anndata: AnnData,
  info: MatrixInfo,
  columns: number[],
  rows: Int32Array,
  counts: Float32Array,
  options: WorkOptions
): Promise<void> {
  const breathe = createBreath(options);
  let done = 0;
  let share = 0;
  const onProgress = (read: number, all: number) => options.onProgress?.((share = read / all));
  for await (const {
    rows: {length},
    indptr,
    indices,
    values
  } of streamRows(anndata, info, {rows, blockBytes, signal: options.signal, onProgress})) {
    for (let i = 0; i < length; i += 1) {
      for (const column of columns) {
        const at = findColumn(indices, column, indptr[i], indptr[i + 1]);
        if (at >= 0) counts[done + i] += values[at];
      }
    }
    done += length;
    await breathe(share);
  }
}

/** Place of `column` among the ascending `indices` from `low` to `high`; -1 if it is not there. */
function findColumn(indices: Int32Array, column: number, low: number, high: number): number {
  const end = high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (indices[middle] < column) low = middle + 1;
    else high = middle;
  }
  return low < end && indices[low] === column ? low : -1;
}

function noGene(gene: string, file: string): WorkbookError {
  return new WorkbookError({
    domain: "genes",
    code: "no-gene",
    fault: `${file} has no gene called ${gene}`,
    remedy: "choose one of the names that the field offers; capitals and small letters differ"
  });
}
