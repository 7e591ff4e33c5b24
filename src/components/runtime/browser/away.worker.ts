import {expose} from "comlink";
import {openH5, type OpenH5Options} from "../../adapters/h5wasm.js";
import {mountSyncFile} from "../../adapters/h5wasm-sync-file.js";
import {partColumns} from "../../core/away/away-order.js";
import {h5adAdditions, type MatchedResults} from "../../core/away/h5ad-additions.js";
import {addedNames, h5adPlace, notH5ad} from "../../core/away/h5ad-place.js";
import {pickResults} from "../../core/away/pick-results.js";
import {requireThisFile} from "../../core/away/require-this-file.js";
import type {Results} from "../../core/away/results.js";
import type {SyncFile} from "../../core/away/sync-file.js";
import type {H5Reader} from "../../core/anndata/h5-reader.js";
import {isWorkbookError} from "../../core/errors.js";
import {fileChanged} from "../../core/stages/usage-errors.js";
import {tableFromBytes} from "../../core/tables/file.js";
import {fileIdentity} from "../../core/tables/identity.js";
import {joinedTable} from "../../core/tables/joined.js";
import type {ObsColumn} from "../../core/tables/cells.js";
import {pickObs} from "../../core/tables/pick-obs.js";
import {readFullText, readInt32} from "../../core/tables/read-columns.js";
import {addToCopy} from "../add-to-copy.js";
import {tablePieces} from "../table-pieces.js";
import {awayPlace} from "./away-place.js";
import type {AwayFile, AwayOrder, AwayProgress, AwayWorker} from "./away-protocol.js";
import {installErrorTransfer} from "./error-transfer.js";
import {loadPlugin} from "./h5-plugins.js";
import {holdLock} from "./hold-lock.js";
import {loadH5wasm} from "./load-h5wasm.js";
import {software} from "./software.js";

/** Bytes that are copied at a time. */
const piece = 1 << 23;
/** Rows after which progress of a table is told. */
const told = 1000;

const worker: AwayWorker = {
  hold: holdLock,
  async write(order, onProgress) {
    const whole: Results = {
      name: "the vectors",
      embeddings: tableFromBytes(order.embeddings, "embeddings"),
      made: order.made,
      ...(order.map === null ? {} : {map: tableFromBytes(order.map, "umap")})
    };
    const results = order.rows === null ? whole : pickResults(whole, order.rows);
    return order.as.format === "h5ad"
      ? writeH5ad(order, results, order.as.key, onProgress)
      : writeTable(results, order.as, onProgress);
  }
};

function writeTable(
  {embeddings, map, made = {columns: [], texts: {}}}: Results,
  {format, part, obs}: Exclude<AwayOrder["as"], {format: "h5ad"}>,
  onProgress: AwayProgress
): AwayFile {
  const rows = readInt32(embeddings, "row");
  const pick = (columns: readonly ObsColumn[]) => columns.map((column) => pickObs(column, rows));
  const parts = {embeddings, map, obs: pick(obs), made: pick(made.columns), texts: made.texts};
  const columns = joinedTable(parts).schema.fields.map(({name}) => String(name));
  const madeNames = made.columns.map(({name}) => name);
  const table = joinedTable({...parts, columns: partColumns(part, columns, madeNames)});
  const blobs: Blob[] = [];
  let pieces: (Uint8Array<ArrayBuffer> | string)[] = [];
  for (const made of tablePieces(table, format)) {
    pieces.push(made);
    if (pieces.length < 16) continue;
    // A blob's bytes are the browser's to keep, on disk where they are many.
    blobs.push(new Blob(pieces));
    pieces = [];
    onProgress(Math.min(table.numRows, blobs.length * 16 * told), table.numRows);
  }
  const without = embeddings.getChild("embedding")!.nullCount;
  return {blob: new Blob([...blobs, ...pieces]), cells: table.numRows, without, notes: []};
}

async function writeH5ad(
  {name, source, rows}: AwayOrder,
  results: Results,
  key: string,
  onProgress: AwayProgress
): Promise<AwayFile> {
  const names = addedNames(key, results.map !== undefined);
  const {embeddings, map} = results;
  const vectors = [embeddings, ...(map === undefined ? [] : [map])].reduce((sum, table) => sum + bytesIn(table), 0);
  const command = `node src/cli.js export embeddings.arrow --into ${source.name} --out ${name}`;
  const bytes = rows === null ? source.blob.size + 2 * vectors : 4 * vectors;
  const {file, done} = await awayPlace(bytes, command);
  const {module, File} = await loadH5wasm();
  let matched: MatchedResults;
  let obsNames: string[] = [];
  if (rows === null) {
    await copyInto(file, source.blob, source.name, onProgress);
    requireThisFile(results, {name: source.name, identity: await identityOf(file)});
    const {path, unmount} = mountSyncFile(module, file);
    const load = (plugin: string) => loadPlugin(module, plugin);
    try {
      const reader = openCopy({module, path, name: source.name, byteLength: file.size(), loadPlugin: load});
      try {
        matched = h5adAdditions(results, {...h5adPlace(reader, names), name: source.name}, names, software);
      } finally {
        reader.close();
      }
    } finally {
      unmount();
    }
  } else {
    obsNames = readFullText(embeddings, "cell_id");
    matched = h5adAdditions(results, {root: "", obsNames, obsColumns: [], name}, names, software);
  }
  const remedy = `free room under Storage, or use the command line: ${command}`;
  await addToCopy({module, File}, file, matched.additions, {name, remedy, obsNames});
  return {blob: await done(), cells: matched.additions.nObs, without: matched.without, notes: matched.notes};
}

/** The copy, opened; a source that is no HDF5 at all (a zip, a folder) is told as one of another format. */
function openCopy(options: OpenH5Options): H5Reader {
  try {
    return openH5(options);
  } catch (error) {
    if (!isWorkbookError(error) || error.domain !== "file") throw error;
    throw notH5ad(options.name, "no HDF5 file");
  }
}

function bytesIn(table: Results["embeddings"]): number {
  return table.batches.reduce((sum, {data}) => sum + data.byteLength, 0);
}

async function copyInto(file: SyncFile, blob: Blob, name: string, onProgress: AwayProgress): Promise<void> {
  for (let from = 0; from < blob.size; from += piece) {
    const bytes = await blob
      .slice(from, from + piece)
      .arrayBuffer()
      .catch((cause: unknown) => {
        throw fileChanged(name, cause);
      });
    file.write(new Uint8Array(bytes), from);
    onProgress(Math.min(blob.size, from + piece), blob.size);
  }
}

function identityOf(file: SyncFile): Promise<string> {
  return fileIdentity({
    byteLength: file.size(),
    slice(from, to) {
      const bytes = new Uint8Array(to - from);
      file.read(bytes, from);
      return bytes;
    }
  });
}

installErrorTransfer();
expose(worker);
