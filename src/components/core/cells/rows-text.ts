import {fromBase64, toBase64} from "./base64.js";

/**
 * Ascending rows as a short text for an address: runs of neighboring rows as gap and length, each a variable-length number of 7 bits a byte, in
 * base64url.
 */
export function rowsToText(rows: Int32Array): string {
  const bytes: number[] = [];
  const put = (value: number): void => {
    for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
    bytes.push(value);
  };
  let next = 0;
  for (let i = 0; i < rows.length;) {
    const first = rows[i];
    let length = 1;
    while (rows[i + length] === first + length) length += 1;
    put(first - next);
    put(length - 1);
    next = first + length + 1;
    i += length;
  }
  return toBase64(Uint8Array.from(bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The rows of such a text, of a file of `cells` cells; null for a text that is none, or names rows that the file lacks. */
export function rowsFromText(text: string, cells: number): Int32Array | null {
  if (!/^[\w-]+$/.test(text)) return null;
  const padded = text
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .padEnd(4 * Math.ceil(text.length / 4), "=");
  const numbers = numbersIn(padded);
  if (numbers === null || numbers.length === 0 || numbers.length % 2 === 1) return null;
  const rows: number[] = [];
  let next = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    const first = next + numbers[i];
    const end = first + numbers[i + 1] + 1;
    // Also what is no number at all, as endless digits are.
    if (!(end <= cells)) return null;
    for (let row = first; row < end; ++row) rows.push(row);
    next = end + 1;
  }
  return Int32Array.from(rows);
}

function numbersIn(base64: string): number[] | null {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(base64);
  } catch {
    return null;
  }
  const numbers: number[] = [];
  let [value, scale] = [0, 1];
  for (const byte of bytes) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte > 127) continue;
    numbers.push(value);
    [value, scale] = [0, 1];
  }
  return scale === 1 ? numbers : null;
}
