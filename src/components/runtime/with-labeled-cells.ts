import {readFile} from "node:fs/promises";
import {basename} from "node:path";
import type {Table} from "apache-arrow";
import {parquetColumns} from "../adapters/hyparquet.js";
import {openAnnData} from "../core/anndata/anndata.js";
import {WorkbookError} from "../core/errors.js";
import {cellsOfAnnData} from "../core/pipeline/cells-of-anndata.js";
import {cellsOfColumns} from "../core/pipeline/cells-of-columns.js";
import {cellsOfTable} from "../core/pipeline/cells-of-table.js";
import type {LabeledCells} from "../core/pipeline/labeled-cells.js";
import {systemWords} from "../core/system-words.js";
import {tableFromBytes} from "../core/tables/file.js";
import {openH5File} from "./node-h5.js";

/**
 * Has `work` done with the embedded cells of a file: an h5ad with X_uce in obsm, a table of Arrow (read by `readTable`) or Parquet. The file is open meanwhile. Rejects with a
 * WorkbookError for one that holds none, or cannot be read.
 */
export async function withLabeledCells<Result>(
  path: string,
  work: (cells: LabeledCells) => Result | Promise<Result>,
  readTable = async (from: string): Promise<Table> => tableFromBytes(await bytesAt(from), basename(from))
): Promise<Result> {
  const name = basename(path);
  if (/\.parquet$/i.test(path)) return work(cellsOfColumns(await parquetColumns(await bytesAt(path), name), name));
  if (!/\.(h5ad|h5mu|h5)$/i.test(path)) return work(cellsOfTable(await readTable(path), name));
  const reader = await openH5File(path);
  try {
    return await work(cellsOfAnnData(openAnnData(reader)));
  } finally {
    reader.close();
  }
}

async function bytesAt(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const fault = `${path} cannot be read: ${systemWords(cause)}`;
    const remedy = "check its name and that you may read it";
    throw new WorkbookError({domain: "file", code: "unreadable", fault, remedy}, {cause});
  });
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
