import {WorkbookError} from "./errors.js";

/**
 * SHA-256 of bytes, lower-case hex. Throws a WorkbookError of domain "file" where hashing is not available: a browser offers
 * it to secure contexts only.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = (crypto as {subtle?: typeof crypto.subtle}).subtle;
  if (subtle === undefined) {
    throw new WorkbookError({
      domain: "file",
      code: "no-hashing",
      fault: "this page is not a secure context, so the browser offers no hashing",
      remedy: "open the workbook over https or from localhost"
    });
  }
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
