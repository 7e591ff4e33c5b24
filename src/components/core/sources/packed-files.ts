import {partOf, type ByteFile} from "./byte-file.js";
import {piecesOfFile, type FileSet} from "./file-set.js";
import {damagedPart} from "./source-errors.js";

/** A file of a folder, as it is packed. */
export interface PackedEntry {
  path: string;
  byteLength: number;
}

const magic = "uce-workbook files 1\n";

/**
 * The head of a file that holds a folder's files one after the other, in the order of their paths: a line that says what it is, the number of bytes of the
 * list in ten digits, the list as JSON. What follows is their content. So a folder is one file wherever files are hashed, kept and opened: in
 * a browser a Blob of the head and the files, which copies none of them.
 */
export function packHead(files: readonly PackedEntry[]): {head: Uint8Array<ArrayBuffer>; order: number[]} {
  const order = [...files.keys()].sort((a, b) => (files[a].path < files[b].path ? -1 : 1));
  const list = new TextEncoder().encode(JSON.stringify(order.map((i) => [files[i].path, files[i].byteLength])));
  const start = new TextEncoder().encode(`${magic}${String(list.length).padStart(10, "0")}\n`);
  const head = new Uint8Array(start.length + list.length);
  head.set(start);
  head.set(list, start.length);
  return {head, order};
}

/** True of the first bytes of such a file. */
export function isPacked(head: Uint8Array): boolean {
  return new TextDecoder().decode(head.subarray(0, magic.length)) === magic;
}

/** The files of such a file. Throws a WorkbookError of domain "file", code "damaged", where it is cut short. */
export function packedFiles(file: ByteFile): FileSet {
  const listAt = magic.length + 11;
  const bytes = Number(new TextDecoder().decode(file.read(magic.length, Math.min(listAt, file.byteLength))));
  if (!(listAt + bytes <= file.byteLength)) throw cutShort(file);
  const list = JSON.parse(new TextDecoder().decode(file.read(listAt, listAt + bytes))) as [string, number][];
  const parts = new Map<string, ByteFile>();
  let at = listAt + bytes;
  for (const [path, length] of list) {
    parts.set(path, partOf(file, path, at, at + length));
    at += length;
  }
  if (at !== file.byteLength) throw cutShort(file);
  return {
    name: file.name,
    byteLength: file.byteLength,
    paths: [...parts.keys()],
    open: (path) => parts.get(path) ?? null,
    pieces: (path) => piecesOfFile(parts.get(path)!),
    close: () => file.close()
  };
}

const cutShort = ({name}: ByteFile) => damagedPart(name, name, "the folder that was kept is not whole");
