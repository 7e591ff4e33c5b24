import {WorkbookError} from "../errors.js";

/** What the head of a Matrix Market file says. */
export interface MtxHead {
  /** The field: whole numbers, any numbers, or places alone, which are read as 1. */
  field: "integer" | "real" | "pattern";
  nRows: number;
  nCols: number;
  entries: number;
}

/** Entries as they are parsed: row and column from 0 and values, of which the first `length` count. Good until the next. */
export interface MtxBatch {
  length: number;
  rows: Int32Array;
  cols: Int32Array;
  values: Float64Array;
}

const batchEntries = 1 << 15;
const [newline, space, tab, percent, zero, nine] = [10, 32, 9, 37, 48, 57];
const isSpace = (byte: number) => byte === space || byte === tab || byte === 13;
/** Longest head, comments included (64 KiB), and longest line. */
const longestHead = 1 << 16;

/**
 * The entries of a Matrix Market file (coordinate, general; integer, real or pattern) from its bytes, piece by piece: first the head, then
 * batches. Throws a WorkbookError of domain "file", code "matrix-market", that names the line: another kind of matrix, an entry that is no entry or stands
 * outside the matrix, more or fewer entries than the head says.
 * Source: Boisvert, Pozo, Remington, "The Matrix Market Exchange Formats", NISTIR 5935.
 */
export function* mtxEntries(
  pieces: Iterable<Uint8Array>,
  name: string
): Generator<{head: MtxHead; batch: null} | {head: MtxHead; batch: MtxBatch}> {
  let head: MtxHead | null = null;
  let rest: Uint8Array = new Uint8Array(0);
  let line = 0;
  let seen = 0;
  const batch: MtxBatch = {
    length: 0,
    rows: new Int32Array(batchEntries),
    cols: new Int32Array(batchEntries),
    values: new Float64Array(batchEntries)
  };
  for (const piece of withEnd(pieces)) {
    let bytes = rest.length === 0 ? piece : join(rest, piece);
    if (head === null) {
      const found = readHead(bytes, name);
      if (found === null) {
        if (bytes.length > longestHead) throw badMtx(name, 1, "its head does not end");
        rest = bytes.slice();
        continue;
      }
      head = found.head;
      line = found.lines;
      bytes = bytes.subarray(found.end);
      yield {head, batch: null};
    }
    const end = bytes.lastIndexOf(newline) + 1;
    for (let at = 0; at < end;) {
      batch.length = 0;
      const next = parseLines(bytes, at, end, head, batch, line, name);
      at = next.at;
      line = next.line;
      seen += batch.length;
      if (seen > head.entries) throw badMtx(name, line, `it has more entries than the ${head.entries} of its head`);
      if (batch.length > 0) yield {head, batch};
    }
    rest = bytes.slice(end);
    if (rest.length > longestHead) throw badMtx(name, line + 1, "a line without an end");
  }
  if (head === null) throw badMtx(name, 1, "its head does not end");
  if (seen < head.entries) {
    throw badMtx(name, line, `it has ${seen} entries of the ${head.entries} of its head: it is cut short`);
  }
}

/** The pieces, and an end of line after the last. */
function* withEnd(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield* pieces;
  yield Uint8Array.of(newline);
}

/** The WorkbookError (domain "file", code "matrix-market") for line `line` of the Matrix Market file `name`. */
export function badMtx(name: string, line: number, why: string): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "matrix-market",
    fault: `${name} is no Matrix Market file that can be read: line ${line}: ${why}`,
    remedy:
      "copy or download it again; if it stays so, write the counts as .h5ad in Python: scanpy.read_10x_mtx(FOLDER)"
  });
}

function readHead(bytes: Uint8Array, name: string): {head: MtxHead; end: number; lines: number} | null {
  const last = bytes.subarray(0, longestHead).lastIndexOf(newline);
  if (last < 0) return null;
  const lines = new TextDecoder().decode(bytes.subarray(0, last)).split("\n");
  const at = lines.findIndex((line) => line.trim() !== "" && !line.startsWith("%"));
  if (at < 0) return null;
  const banner = lines[0].trim().toLowerCase().split(/\s+/);
  if (banner[0] !== "%%matrixmarket") throw badMtx(name, 1, `it begins with "${lines[0].slice(0, 40)}"`);
  const [, object, format, field, symmetry] = banner;
  const isRead = field === "integer" || field === "real" || field === "pattern";
  if (object !== "matrix" || format !== "coordinate" || !isRead || symmetry !== "general") {
    throw badMtx(name, 1, `it is "${banner.slice(1).join(" ")}", and "matrix coordinate integer general" is read`);
  }
  const sizes = lines[at].trim().split(/\s+/);
  if (sizes.length !== 3 || !sizes.every((size) => /^\d{1,15}$/.test(size))) {
    throw badMtx(name, at + 1, `"${lines[at].slice(0, 40)}" is not its rows, columns and entries`);
  }
  const [nRows, nCols, entries] = sizes.map(Number);
  const before = lines.slice(0, at + 1).join("\n");
  return {head: {field, nRows, nCols, entries}, end: new TextEncoder().encode(before).length + 1, lines: at + 1};
}

/** Parses whole lines from `at`, at most a batch. */
function parseLines(
  bytes: Uint8Array,
  at: number,
  end: number,
  head: MtxHead,
  batch: MtxBatch,
  line: number,
  name: string
): {at: number; line: number} {
  const {nRows, nCols, field} = head;
  let {length} = batch;
  let i = at;
  while (i < end && length < batchEntries) {
    line++;
    const start = i;
    while (isSpace(bytes[i])) i++;
    if (bytes[i] === newline || bytes[i] === percent) {
      i = bytes.indexOf(newline, i) + 1;
      continue;
    }
    let row = 0;
    let col = 0;
    let value = 0;
    let byte = bytes[i];
    while (byte >= zero && byte <= nine) ((row = row * 10 + byte - zero), (byte = bytes[++i]));
    while (isSpace(byte)) byte = bytes[++i];
    while (byte >= zero && byte <= nine) ((col = col * 10 + byte - zero), (byte = bytes[++i]));
    let isGood = row >= 1 && row <= nRows && col >= 1 && col <= nCols;
    if (field === "pattern") value = 1;
    else {
      isGood &&= isSpace(byte);
      while (isSpace(byte)) byte = bytes[++i];
      const first = i;
      while (byte >= zero && byte <= nine) ((value = value * 10 + byte - zero), (byte = bytes[++i]));
      if (i === first || i - first > 15 || (byte !== newline && !isSpace(byte))) {
        while (byte !== newline && !isSpace(byte)) byte = bytes[++i];
        value = numberOf(bytes, first, i);
        isGood &&= !Number.isNaN(value) || isNan(bytes, first, i);
      }
    }
    while (isSpace(byte)) byte = bytes[++i];
    if (!isGood || byte !== newline) {
      const text = new TextDecoder().decode(bytes.subarray(start, bytes.indexOf(newline, start)));
      throw badMtx(name, line, `"${text.slice(0, 40)}" is no entry of a matrix of ${nRows} x ${nCols}`);
    }
    i++;
    batch.rows[length] = row - 1;
    batch.cols[length] = col - 1;
    batch.values[length++] = value;
  }
  batch.length = length;
  return {at: i, line};
}

const textOf = (bytes: Uint8Array, start: number, end: number) => new TextDecoder().decode(bytes.subarray(start, end));

/** A number with a sign, a fraction or an exponent; NaN where it is none. */
function numberOf(bytes: Uint8Array, start: number, end: number): number {
  const text = textOf(bytes, start, end);
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  return infinite === null ? NaN : infinite[1] === "-" ? -Infinity : Infinity;
}

const isNan = (bytes: Uint8Array, start: number, end: number) => /^[+-]?nan$/i.test(textOf(bytes, start, end));

function join(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const out = new Uint8Array(head.length + tail.length);
  out.set(head);
  out.set(tail, head.length);
  return out;
}
