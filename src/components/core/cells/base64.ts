import {WorkbookError} from "../errors.js";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes as base64 with padding (RFC 4648, 4). */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const four = [18, 12, 6, 0].map((shift) => alphabet[(three >> shift) & 63]);
    const left = bytes.length - i;
    parts.push(
      left >= 3
        ? four.join("")
        : four
            .slice(0, left + 1)
            .join("")
            .padEnd(4, "=")
    );
  }
  return parts.join("");
}

/** The bytes that base64 text stands for. Throws a WorkbookError of domain "file" ("bad-base64") for other text. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replace(/=+$/, "");
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    const value = alphabet.indexOf(digit);
    if (value < 0) {
      throw new WorkbookError({
        domain: "file",
        code: "bad-base64",
        fault: `base64 text holds "${digit}"`,
        remedy: "load the file again"
      });
    }
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) bytes[at++] = (bits >> (held -= 8)) & 255;
  }
  return bytes;
}
