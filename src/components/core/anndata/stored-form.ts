import type {FloatFormat} from "./float-format.js";
import {standardFloats} from "./float-format.js";
import {messageTypes, readObjectHeader} from "./object-header.js";
import type {HeaderMessage} from "./object-header.js";
import {unsigned} from "./superblock.js";
import type {ReadBytes, Superblock} from "./superblock.js";

/** What a dataset's header says of how its values are kept, beyond what HDF5's library tells through h5wasm. */
export interface StoredForm {
  /** Name of the first file that holds its values in this one's stead (external storage); null if they are here. */
  externalFile: string | null;
  /** A virtual dataset of open length: its size alone would be looked up in the files that it is made of. */
  openVirtual: boolean;
  /** How numbers are laid out: null where they are as every machine has them, or are not numbers. */
  numbers: FloatFormat | "unknown" | null;
}

/**
 * Reads the header at `address` of a dataset; null where it is not to be understood. Nothing is looked up in another file.
 * Source: HDF5 file format specification 3.0, IV.A.2 (messages 1, 3, 7 and 8).
 */
export function storedForm(readBytes: ReadBytes, superblock: Superblock, address: number): StoredForm | null {
  const messages = readObjectHeader(readBytes, superblock, address);
  if (messages === null) return null;
  const of = (type: number) => messages.find((message) => message.type === type) ?? null;
  const external = of(messageTypes.externalFiles);
  const layout = of(messageTypes.layout);
  const datatype = of(messageTypes.datatype);
  if (layout === null || datatype === null) return null;
  const {body} = layout;
  return {
    externalFile: external === null ? null : firstExternalFile(readBytes, superblock, external.body),
    openVirtual: body[0] >= 3 && body[1] === 3 && isOpen(of(messageTypes.dataspace), superblock.lengthSize),
    numbers: numbersOf(committed(readBytes, superblock, datatype))
  };
}

function firstExternalFile(
  readBytes: ReadBytes,
  {start, offsetSize, lengthSize}: Superblock,
  body: Uint8Array
): string {
  const heap = readBytes(start + unsigned(body, 8, offsetSize), 8 + 2 * lengthSize + offsetSize);
  const nameAt = unsigned(body, 8 + offsetSize, lengthSize);
  if (heap.length < 8 + 2 * lengthSize + offsetSize) return "unnamed";
  const bytes = readBytes(start + unsigned(heap, 8 + 2 * lengthSize, offsetSize) + nameAt, 1024);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.subarray(0, end < 0 ? bytes.length : end));
}

/** True if a dimension may grow without end. */
function isOpen(dataspace: HeaderMessage | null, lengthSize: number): boolean {
  if (dataspace === null) return false;
  const [version, rank, flags] = dataspace.body;
  if ((flags & 1) === 0) return false;
  const most = dataspace.body.subarray((version === 1 ? 8 : 4) + rank * lengthSize);
  for (let d = 0; d < rank; d++) {
    if (most.subarray(d * lengthSize, (d + 1) * lengthSize).every((byte) => byte === 255)) return true;
  }
  return false;
}

/** The datatype itself: of one that has a name of its own in the file, what stands there; null where it is not found. */
function committed(readBytes: ReadBytes, superblock: Superblock, message: HeaderMessage): Uint8Array | null {
  if (!message.shared) return message.body;
  const [version, kind] = message.body;
  if (version === 3 && kind !== 2) return null;
  const address = unsigned(message.body, version === 1 ? 8 : 2, superblock.offsetSize);
  const messages = readObjectHeader(readBytes, superblock, address);
  const found = messages?.find(({type}) => type === messageTypes.datatype);
  return found === undefined || found.shared ? null : found.body;
}

function numbersOf(datatype: Uint8Array | null): StoredForm["numbers"] {
  if (datatype === null) return "unknown";
  const size = unsigned(datatype, 4, 4);
  const kind = datatype[0] & 15;
  if (kind === 0) {
    const whole = unsigned(datatype, 8, 2) === 0 && unsigned(datatype, 10, 2) === 8 * size;
    return whole ? null : "unknown";
  }
  if (kind !== 1) return null;
  const format: FloatFormat = {
    size,
    sign: datatype[2],
    exponentAt: datatype[12],
    exponentBits: datatype[13],
    fractionAt: datatype[14],
    fractionBits: datatype[15],
    bias: unsigned(datatype, 16, 4)
  };
  const normalized = ((datatype[1] >> 4) & 3) === 2;
  const vax = (datatype[1] & 0x41) === 0x41;
  const whole = unsigned(datatype, 8, 2) === 0 && unsigned(datatype, 10, 2) === 8 * size;
  if (vax || !normalized || !whole) return "unknown";
  return standardFloats.some((standard) => same(standard, format)) ? null : format;
}

function same(a: FloatFormat, b: FloatFormat): boolean {
  return (Object.keys(a) as (keyof FloatFormat)[]).every((key) => a[key] === b[key]);
}
