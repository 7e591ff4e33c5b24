import {join} from "node:path";
import {writeAnnData} from "../../adapters/h5wasm-write.js";
import {openFileReader} from "../../adapters/node-files.js";
import {openAnnData} from "../../core/anndata/anndata.js";
import {streamRows} from "../../core/anndata/stream-rows.js";
import {fileIdentity} from "../../core/tables/identity.js";
import type {CsrBlock} from "../../core/types.js";
import {obsText} from "../../views/cell-descriptions.js";
import {loadH5wasmFile} from "../node-h5wasm.js";
import {openData} from "../open-data.js";
import type {ReportData} from "./report-data.js";

/** A file of the live workbook: its name, its identity by which a link names it, and its size. */
export interface LiveFile {
  name: string;
  identity: string;
  bytes: number;
}

/**
 * Writes `folder`/NAME.h5ad: counts of the report's cells with the gene names that were used, the published columns, and no more; cells are
 * called by their names only if these are published. `path` is the file that the report is of. Throws what reading it throws.
 */
export async function writeLiveData(
  folder: string,
  name: string,
  path: string,
  data: ReportData,
  signal: AbortSignal
): Promise<LiveFile> {
  const {rows} = data.cells;
  const counts = await countsOf(path, data, signal);
  const obs = Object.fromEntries(
    data.columns.map((column) => [column.name, Array.from(rows, (_, i) => obsText(column, i))])
  );
  const obsNames = data.cellIds ?? Array.from(rows, (row) => `row ${row}`);
  const file = `${name}.h5ad`;
  const File = await loadH5wasmFile();
  const h5 = new File(join(folder, file), "w");
  try {
    writeAnnData(h5, {counts, obsNames: [...obsNames], varNames: data.alignment.names, obs});
    h5.flush();
  } finally {
    h5.close();
  }
  const reader = await openFileReader(join(folder, file));
  try {
    return {name: file, identity: await fileIdentity(reader, signal), bytes: reader.byteLength};
  } finally {
    await reader.close();
  }
}

async function countsOf(path: string, {cells: {rows}, alignment}: ReportData, signal: AbortSignal): Promise<CsrBlock> {
  const {reader, source, close} = await openData(path, {signal});
  try {
    const blocks: CsrBlock[] = [];
    const stream = streamRows(openAnnData(reader), alignment.matrix, {rows, signal});
    for await (const block of stream) blocks.push(block);
    await source.requireUnchanged();
    return joined(rows, alignment.names.length, blocks);
  } finally {
    await close();
  }
}

function joined(rows: Int32Array, nCols: number, blocks: readonly CsrBlock[]): CsrBlock {
  const stored = blocks.reduce((sum, {values}) => sum + values.length, 0);
  const [indices, values, indptr] = [new Int32Array(stored), new Float64Array(stored), new Int32Array(rows.length + 1)];
  let [row, at] = [0, 0];
  for (const block of blocks) {
    indices.set(block.indices, at);
    values.set(block.values, at);
    for (let i = 0; i < block.rows.length; ++i) indptr[++row] = at + block.indptr[i + 1];
    at += block.values.length;
  }
  return {rows, nCols, indptr, indices, values};
}
