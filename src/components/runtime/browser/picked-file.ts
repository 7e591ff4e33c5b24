import {gunzipHead} from "../../adapters/gunzip.js";
import {openH5} from "../../adapters/h5wasm.js";
import type {H5Reader} from "../../core/anndata/h5-reader.js";
import {insideGzip} from "../../core/anndata/look-alikes.js";
import {isWorkbookError} from "../../core/errors.js";
import type {ByteFile} from "../../core/sources/byte-file.js";
import type {MtxOptions} from "../../core/sources/mtx-to-rows.js";
import {openFileSet} from "../../core/sources/open-file-set.js";
import {isPacked, packedFiles} from "../../core/sources/packed-files.js";
import {isZip, zipFiles} from "../../core/sources/zip-files.js";
import type {ByteSource} from "../../core/tables/identity.js";
import {codecs} from "../codecs.js";
import {browserRows} from "./browser-rows.js";
import {loadPlugin} from "./h5-plugins.js";
import {loadH5wasm} from "./load-h5wasm.js";
import {pickedBlocks, pieceReader} from "./picked-blocks.js";

interface WorkerFileSystem {
  mkdir(path: string): void;
  rmdir(path: string): void;
  mount(type: unknown, options: {blobs: {name: string; data: Blob}[]}, path: string): void;
  unmount(path: string): void;
  filesystems: {WORKERFS: {stream_ops: {read: WorkerRead}}};
}

type WorkerRead = (
  stream: {node: {contents: Blob; size: number}},
  buffer: Int8Array,
  offset: number,
  length: number,
  position: number
) => number;

let mounts = 0;

/**
 * The bytes of a picked file, read at once: a worker may, and a wait for each piece would cost more than the piece. Throws the
 * WorkbookError "file-changed" if the file is not as it was when it was picked.
 */
export function pickedBytes(file: Blob, name: string): ByteSource {
  return {byteLength: file.size, slice: pieceReader(file, name)};
}

/** The same as a file of bytes, for readers of archives. */
export function pickedByteFile(file: Blob, name: string): ByteFile {
  return {name, byteLength: file.size, read: pieceReader(file, name), close: () => {}};
}

/**
 * Opens picked or dropped counts of any format in a worker, where they lie: HDF5, a zip archive, or files that `packHead` put together. `identity`
 * is asked for where a matrix has to be turned into rows. Rejects as `openPickedFile` and `openFileSet` do.
 */
export async function openPickedCounts(
  blob: Blob,
  name: string,
  {identity, ...options}: MtxOptions & {identity(): Promise<string>}
): Promise<H5Reader> {
  const file = pickedByteFile(blob, name);
  const set = isZip(file)
    ? zipFiles(file, codecs)
    : isPacked(file.read(0, Math.min(64, file.byteLength)))
      ? packedFiles(file)
      : null;
  if (set === null) return openPickedFile(blob, name);
  return openFileSet(set, codecs, async () => ({
    ...options,
    codecs,
    rows: browserRows(pickedByteFile),
    name: await identity()
  }));
}

const oneFile = /\.(h5ad|h5mu|h5|hdf5)$/i;

/** The HDF5 files that were picked or dropped together, to be read as one; null for anything else. */
export function pickedFiles(blob: Blob, name: string): ByteFile[] | null {
  const file = pickedBlocks(blob, name);
  if (!isPacked(file.read(0, Math.min(64, file.byteLength)))) return null;
  const set = packedFiles(file);
  const paths = set.paths ?? [];
  if (paths.length < 2 || !paths.every((path) => oneFile.test(path) && !path.includes("/"))) return null;
  return paths.map((path) => set.open(path)!);
}

/** True if a picked file can be read no more: it changed or went. */
export function isLost(file: Blob, name: string): boolean {
  try {
    pieceReader(file, name)(0, Math.min(1, file.size));
    return false;
  } catch {
    return true;
  }
}

/**
 * Opens a picked or dropped file in a worker where it lies: WORKERFS reads the pieces asked for and copies nothing.
 * Throws a WorkbookError as `openH5` does; reading throws "file-changed" once the file is not as it was when it was picked.
 * Closing the reader unmounts the file.
 */
export async function openPickedFile(file: Blob, name: string): Promise<H5Reader> {
  const {module} = await loadH5wasm();
  const files = module.FS as unknown as WorkerFileSystem;
  files.filesystems.WORKERFS.stream_ops.read = readPiece;
  let lost: unknown = null;
  const {read: piece} = pickedBlocks(file, name);
  readers.set(file, (start, end) => {
    try {
      return piece(start, end);
    } catch (error) {
      throw (lost = error);
    }
  });
  // The fault flies through HDF5, whose own faults from then on say nothing of the file.
  const unlessLost =
    <Arguments extends unknown[], Answer>(call: (...args: Arguments) => Answer) =>
    (...args: Arguments): Answer => {
      if (lost !== null) throw lost;
      try {
        return call(...args);
      } catch (error) {
        throw lost ?? error;
      }
    };
  const folder = `/picked-${++mounts}`;
  files.mkdir(folder);
  files.mount(files.filesystems.WORKERFS, {blobs: [{name: "file.h5ad", data: file}]}, folder);
  const unmount = () => {
    files.unmount(folder);
    files.rmdir(folder);
  };
  try {
    const reader = openH5({
      module,
      path: `${folder}/file.h5ad`,
      name,
      byteLength: file.size,
      loadPlugin: (plugin) => loadPlugin(module, plugin)
    });
    return {
      ...reader,
      node: unlessLost(reader.node),
      attributes: unlessLost(reader.attributes),
      read: unlessLost(reader.read),
      close: () => (reader.close(), unmount())
    };
  } catch (error) {
    unmount();
    if (lost !== null || !isWorkbookError(error) || error.code !== "gzip-compressed") throw lost ?? error;
    throw insideGzip(await gunzipHead(piece, file.size), name);
  }
}

const readers = new WeakMap<Blob, ByteFile["read"]>();

/** In place of WORKERFS's own read, which would take a file that is gone for an empty one. */
const readPiece: WorkerRead = ({node: {contents, size}}, buffer, offset, length, position) => {
  if (position >= size) return 0;
  const piece = readers.get(contents)!(position, Math.min(size, position + length));
  buffer.set(piece, offset);
  return piece.length;
};
