import * as h5wasm from "npm:h5wasm";
import {openH5} from "../../adapters/h5wasm.js";
import type {H5Reader} from "../../core/anndata/h5-reader.js";
import {WorkbookError} from "../../core/errors.js";
import type {ByteSource} from "../../core/tables/identity.js";
import {loadPlugin} from "./h5-plugins.js";

interface WorkerFileSystem {
  mkdir(path: string): void;
  rmdir(path: string): void;
  mount(type: unknown, options: {blobs: {name: string; data: Blob}[]}, path: string): void;
  unmount(path: string): void;
  filesystems: {WORKERFS: {stream_ops: {read: WorkerRead}}};
}

type WorkerRead = (
  stream: {node: {contents: Blob}}, buffer: Int8Array, offset: number, length: number, position: number
) => number;

/** Of workers only, so that the types of pages lack it. */
declare const FileReaderSync: new () => {readAsArrayBuffer(blob: Blob): ArrayBuffer};

let mounts = 0;

/** The bytes of a picked file, read at once: a worker may, and a wait for each piece would cost more than the piece. */
export function pickedBytes(file: Blob): ByteSource {
  const reader = new FileReaderSync();
  return {
    byteLength: file.size,
    slice: (start, end) => new Uint8Array(reader.readAsArrayBuffer(file.slice(start, end)))
  };
}

/**
 * Opens a picked or dropped file in a worker where it lies: WORKERFS reads the pieces asked for and copies nothing.
 * Throws a WorkbookError as `openH5` does. Closing the reader unmounts the file.
 */
export async function openPickedFile(file: Blob, name: string): Promise<H5Reader> {
  const module = await h5wasm.ready;
  const files = module.FS as unknown as WorkerFileSystem;
  files.filesystems.WORKERFS.stream_ops.read = readPiece(name);
  const folder = `/picked-${++mounts}`;
  files.mkdir(folder);
  files.mount(files.filesystems.WORKERFS, {blobs: [{name: "file.h5ad", data: file}]}, folder);
  const unmount = () => {
    files.unmount(folder);
    files.rmdir(folder);
  };
  try {
    const reader = openH5({module, path: `${folder}/file.h5ad`, name, byteLength: file.size, loadPlugin: (plugin) => loadPlugin(module, plugin)});
    return {...reader, close: () => (reader.close(), unmount())};
  } catch (error) {
    unmount();
    throw error;
  }
}

/** WORKERFS's own read, except that a file which cannot be read any more is told as that. */
function readPiece(name: string): WorkerRead {
  const reader = new FileReaderSync();
  return ({node: {contents}}, buffer, offset, length, position) => {
    if (position >= contents.size) return 0;
    let piece: ArrayBuffer;
    try {
      piece = reader.readAsArrayBuffer(contents.slice(position, position + length));
    } catch (cause) {
      throw new WorkbookError({
        domain: "file", code: "unreadable", remedy: "choose the file again",
        fault: `${name} can no longer be read: it was changed, moved or removed since it was chosen`
      }, {cause});
    }
    buffer.set(new Int8Array(piece), offset);
    return piece.byteLength;
  };
}
