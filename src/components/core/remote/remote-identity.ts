import {sha256} from "../sha256.js";
import type {ByteFile} from "../sources/byte-file.js";
import {fileIdentity} from "../tables/identity.js";

const endBytes = 1 << 16;

/**
 * Identity of a file on a host, as `SIZE-HEX`: of its address without the query, of what the host says changes with the file (`version`) and of
 * its first and last 64 KiB. Where the host says nothing of the kind, the identity of the same file on a disk (`fileIdentity`), which reads
 * 4 MiB of it. Throws what reading throws.
 */
export async function remoteIdentity(
  file: Pick<ByteFile, "byteLength" | "read">,
  {address, version}: {address: string; version: string},
  signal?: AbortSignal
): Promise<string> {
  const {byteLength} = file;
  if (version === "") {
    return fileIdentity({byteLength, slice: (start, end) => file.read(start, end)}, signal);
  }
  const {origin, pathname} = new URL(address);
  const head = new TextEncoder().encode(`${origin}${pathname}\n${version}\n`);
  const first = file.read(0, Math.min(endBytes, byteLength));
  const last = file.read(Math.max(0, byteLength - endBytes), byteLength);
  const bytes = new Uint8Array(head.length + first.length + last.length);
  bytes.set(head, 0);
  bytes.set(first, head.length);
  bytes.set(last, head.length + first.length);
  return `${byteLength}-${await sha256(bytes)}`;
}
