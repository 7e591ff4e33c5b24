import type {ByteFile} from "./byte-file.js";

/**
 * Files that are read together: a folder, the content of a zip, several picked files, a folder on a server. Paths are relative, with
 * slashes ("obs/_index/.zarray").
 */
export interface FileSet {
  /** Name of the folder or archive, for messages. */
  readonly name: string;
  /** Size of all files in bytes, packed where they are packed; 0 where it is not known. */
  readonly byteLength: number;
  /** Paths of all files, in the order of their characters; null where they cannot be listed (a server), and each has to be asked for. */
  readonly paths: readonly string[] | null;
  /** The file at a path; null if there is none. Its `close` may be left uncalled. Throws a WorkbookError where it cannot be read. */
  open(path: string): ByteFile | null;
  /** The bytes of a file from the first to the last, in pieces of any size that are good until the next one; unpacked, where they are packed. */
  pieces(path: string): Iterable<Uint8Array<ArrayBuffer>>;
  close(): void;
}

const pieceBytes = 1 << 20;

/** The bytes of `file` in pieces of 1 MiB: what `FileSet.pieces` is for files that are not packed. */
export function* piecesOfFile(file: ByteFile): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < file.byteLength; at += pieceBytes) {
    yield file.read(at, Math.min(at + pieceBytes, file.byteLength));
  }
}

/** The files of `set` below `folder` ("sample/matrix.zarr"), paths relative to it. */
export function below(set: FileSet, folder: string): FileSet {
  if (folder === "") return set;
  const start = `${folder}/`;
  return {
    name: folder.split("/").at(-1)!,
    byteLength: set.byteLength,
    paths: set.paths?.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length)) ?? null,
    open: (path) => set.open(start + path),
    pieces: (path) => set.pieces(start + path),
    close: () => set.close()
  };
}
