import {type Table, tableFromIPC, tableToIPC} from "apache-arrow";
import {WorkbookError} from "../errors.js";
import {footerFits} from "./footer-fits.js";

/** The table as an Arrow IPC file ("Feather 2"), uncompressed. Equal tables give equal bytes. */
export function tableToFileBytes(table: Table): Uint8Array<ArrayBuffer> {
  return tableToIPC(table, "file") as Uint8Array<ArrayBuffer>;
}

/** The table as an Arrow IPC stream, as stages send it across a wire. */
export function tableToStreamBytes(table: Table): Uint8Array<ArrayBuffer> {
  return tableToIPC(table, "stream") as Uint8Array<ArrayBuffer>;
}

/**
 * The table in `bytes`, an Arrow IPC file or stream. Its columns are views of `bytes`. `name` is for messages (a file
 * name). Throws a WorkbookError of domain "table" if the bytes are not Arrow, end early, are damaged, or compressed.
 */
export function tableFromBytes(bytes: Uint8Array, name = "the table"): Table {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const isFile = startsWith(aligned, fileMagic);
  if (!isFile && !startsWith(aligned, continuation)) throw notArrow(aligned, name);
  const whole = isFile
    ? aligned.length >= 24 && endsWith(aligned, fileMagic) && footerOf(aligned) !== null
    : aligned.length >= 16 && endsWith(aligned, endOfStream);
  if (!whole) throw truncated(aligned.length, name);
  const isDamaged = isFile && !footerFits(footerOf(aligned)!, aligned);
  if (isDamaged || !messageFits(aligned, isFile ? 8 : 0)) throw damagedTable(name, undefined);
  try {
    return tableFromIPC(aligned);
  } catch (cause) {
    throw damagedTable(name, cause);
  }
}

const fileMagic = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]; // ARROW1
const continuation = [0xff, 0xff, 0xff, 0xff];
const endOfStream = [...continuation, 0, 0, 0, 0];

function startsWith(bytes: Uint8Array, pattern: readonly number[]): boolean {
  return pattern.every((byte, i) => bytes[i] === byte);
}

function endsWith(bytes: Uint8Array, pattern: readonly number[]): boolean {
  return pattern.every((byte, i) => bytes[bytes.length - pattern.length + i] === byte);
}

/** The last ten bytes of a file are the length of its footer and the magic; null for a length that the file does not have. */
function footerOf(bytes: Uint8Array): Uint8Array | null {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(bytes.length - 10, true);
  return length > 0 && length <= bytes.length - 18 ? bytes.subarray(-10 - length, -10) : null;
}

/** The library's reader can go round for ever where the first message is not framed: marker, length, root offset. */
function messageFits(bytes: Uint8Array, at: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  const length = view.getInt32(4, true);
  const root = view.getUint32(8, true);
  const fits = length >= 8 && length <= view.byteLength - 8 && root >= 4 && root < length;
  return fits && startsWith(bytes.subarray(at), continuation);
}

function notArrow(bytes: Uint8Array, name: string): WorkbookError {
  const printable = (byte: number) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".");
  const begin = Array.from(bytes.subarray(0, 8), printable).join("");
  const what = bytes.length === 0 ? "is empty" : `is not an Arrow file: it begins with "${begin}"`;
  return new WorkbookError({
    domain: "table",
    code: "not-arrow",
    fault: `${sentenceCase(name)} ${what}`,
    remedy: "give a file that this workbook wrote, or any Arrow IPC file or stream"
  });
}

function truncated(length: number, name: string): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "truncated",
    fault: `${sentenceCase(name)} ends too early: its ${length} bytes have no Arrow end mark`,
    remedy: "copy or download it again, or make it again"
  });
}

/** The WorkbookError (domain "table") for Arrow bytes that cannot be read, by what the library said: "compressed" or "damaged". */
export function damagedTable(name: string, cause: unknown): WorkbookError {
  if (cause instanceof Error && cause.message.includes("compressed")) {
    return new WorkbookError(
      {
        domain: "table",
        code: "compressed",
        fault: `${sentenceCase(name)} is compressed inside`,
        remedy: 'write it uncompressed (compression="uncompressed" in pyarrow and polars)'
      },
      {cause}
    );
  }
  return new WorkbookError(
    {
      domain: "table",
      code: "damaged",
      fault: `${sentenceCase(name)} is a damaged Arrow file`,
      remedy: "copy or download it again, or make it again"
    },
    {cause}
  );
}

function sentenceCase(name: string): string {
  return name.startsWith("the ") ? `The ${name.slice(4)}` : name;
}
