import {WorkbookError} from "../errors.js";
import type {RangeReader} from "../remote/range-reader.js";
import {readZipDirectory, type ZipEntry} from "../sources/zip-directory.js";
import type {TensorPart} from "./tensor-part.js";
import {torchTensors, type TorchTensor} from "./torch-tensors.js";

/** Bytes at the end of an archive in which its directory is looked for first: that of a thousand tensors takes 100 kB. */
const tailBytes = 2 ** 20;
/** Bytes at the end of an archive that its directory may lie in: that of half a million tensors. */
const largestTail = 2 ** 26;
/** Largest data.pkl that is read: that of 33 layers takes 60 kB. */
const largestPickle = 2 ** 26;
/** Bytes before an entry's data that are read along with it: header, name, and padding to a multiple of 64. */
const headRoom = 512;

/** True for the first bytes of a zip archive. */
export function beginsAsZip([p, k, three, four]: Uint8Array): boolean {
  return p === 0x50 && k === 0x4b && three === 3 && four === 4;
}

/**
 * Opens a PyTorch zip checkpoint (`torch.save` of a state dict): reads its directory and its pickle, as data, and tensors by range on demand. Throws a
 * WorkbookError of domain "checkpoint": "truncated", "not-torch", "compressed-member", "wrong-byte-order", and what `torchTensors` throws.
 */
export async function openTorchArchive(reader: RangeReader, signal?: AbortSignal): Promise<TensorPart> {
  const {name} = reader;
  const entries = await readDirectory(reader, signal);
  const pickles = [...entries.keys()].filter((path) => path === "data.pkl" || path.endsWith("/data.pkl"));
  if (pickles.length !== 1) throw notTorch(name, [...entries.keys()]);
  const folder = pickles[0].slice(0, -"data.pkl".length);
  const members = memberReader(reader, entries);
  const pickle = members.entry(pickles[0]);
  if (pickle.bytes > largestPickle)
    throw fault("not-torch", `${name} has a data.pkl of ${pickle.bytes} bytes, too large for one of weights`);
  await requireLittleEndian(name, members, `${folder}byteorder`, signal);
  const tensors = torchTensors(await members.read(pickle.path, 0, pickle.bytes, signal), name);
  for (const [tensor, {storage, first, bytes}] of tensors) {
    const entry = members.entry(`${folder}data/${storage}`, tensor);
    if (first + bytes > entry.bytes)
      throw fault("truncated", `${name} holds ${entry.bytes} bytes of a tensor that takes ${first + bytes}`, tensor);
  }
  return {
    name,
    tensors: new Map(Array.from(tensors, ([key, {type, shape, bytes}]) => [key, {type, shape, bytes}])),
    read: (tensor, from, to, signal) => {
      const {storage, first} = tensors.get(tensor) as TorchTensor;
      return members.read(`${folder}data/${storage}`, first + from, first + to, signal);
    }
  };
}

/** The directory of an archive of which only the end is read: further back where it begins before that. */
async function readDirectory(reader: RangeReader, signal?: AbortSignal): Promise<Map<string, ZipEntry>> {
  const {name, byteLength} = reader;
  let from = Math.max(0, byteLength - tailBytes);
  for (;;) {
    const tail = await reader.slice(from, byteLength, signal);
    let earliest = from;
    const read = (start: number, end: number) => {
      if (start < from) throw new RangeError(`byte ${(earliest = start)} was not read`);
      return tail.slice(start - from, end - from);
    };
    try {
      return readZipDirectory({name, byteLength, read, close: () => {}});
    } catch (cause) {
      if (earliest === from || byteLength - earliest > largestTail) throw truncated(reader, cause);
      from = earliest;
    }
  }
}

interface Members {
  /** An entry that lies as it is. Throws where it is missing, compressed or encrypted; `tensor` is whose numbers it holds. */
  entry(path: string, tensor?: string): ZipEntry;
  has(path: string): boolean;
  read(path: string, from: number, to: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

function memberReader(reader: RangeReader, entries: ReadonlyMap<string, ZipEntry>): Members {
  const {name, byteLength} = reader;
  const starts = new Map<string, number>();

  function entry(path: string, tensor?: string): ZipEntry {
    const found = entries.get(path);
    if (found === undefined) throw fault("truncated", `${name} has no file ${path}`, tensor);
    const {method, isEncrypted, bytes, packedBytes} = found;
    if (isEncrypted || method !== 0 || bytes !== packedBytes) {
      const what = isEncrypted ? "encrypted" : `packed with method ${method} of zip`;
      const why = `the file ${path} of ${name} is ${what}, so that no part of it can be read alone`;
      throw fault(
        "compressed-member",
        why,
        tensor,
        "save it again with torch.save, which packs nothing, and give that file"
      );
    }
    if (found.headerAt + 30 + bytes > byteLength) throw truncated(reader);
    return found;
  }

  /** Where an entry's bytes begin, by its own header in `head`, which are the bytes from there on. */
  function startOf({path, headerAt}: ZipEntry, head: Uint8Array): number {
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    if (head.byteLength < 30 || view.getUint32(0, true) !== 0x04034b50)
      throw fault("truncated", `${name} is damaged: the file ${path} is not where its directory says`);
    return headerAt + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  }

  return {
    entry,
    has: (path) => entries.has(path),
    async read(path, from, to, signal) {
      const found = entry(path);
      const known = starts.get(path);
      if (known !== undefined) return reader.slice(known + from, known + to, signal);
      // The header is read along with what is asked for, where that begins behind it: one request instead of two.
      const end = Math.min(byteLength, found.headerAt + headRoom + (from === 0 ? to : 0));
      const bytes = await reader.slice(found.headerAt, end, signal);
      const start = startOf(found, bytes);
      if (start + found.bytes > byteLength) throw truncated(reader);
      starts.set(path, start);
      const at = start - found.headerAt;
      if (from === 0 && at + to <= bytes.byteLength) return bytes.slice(at, at + to);
      return reader.slice(start + from, start + to, signal);
    }
  };
}

async function requireLittleEndian(name: string, members: Members, path: string, signal?: AbortSignal): Promise<void> {
  if (!members.has(path)) return;
  const order = new TextDecoder().decode(await members.read(path, 0, Math.min(16, members.entry(path).bytes), signal));
  if (order === "little") return;
  throw fault(
    "wrong-byte-order",
    `${name} holds numbers in the byte order "${order}"`,
    undefined,
    "save it again on a little-endian machine"
  );
}

function notTorch(name: string, paths: readonly string[]): WorkbookError {
  const shown = paths.slice(0, 3).join(", ");
  return fault(
    "not-torch",
    `${name} is a zip archive and no checkpoint of PyTorch: it holds ${paths.length === 0 ? "nothing" : shown}${paths.length > 3 ? ` and ${paths.length - 3} more` : ""}, and not one data.pkl`,
    undefined,
    "give the .torch or .pt file that torch.save wrote"
  );
}

function truncated({name, byteLength}: RangeReader, cause?: unknown): WorkbookError {
  const what = `${name} is cut short or damaged: its ${byteLength} bytes are a zip archive without a whole directory at its end`;
  return fault("truncated", what, undefined, "download the file again", cause);
}

function fault(
  code: string,
  text: string,
  place?: string,
  remedy = "download the file again",
  cause?: unknown
): WorkbookError {
  return new WorkbookError({domain: "checkpoint", code, fault: text, place, remedy}, {cause});
}
