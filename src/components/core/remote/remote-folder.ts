import {sha256} from "../sha256.js";
import {bytesInMemory, type ByteFile} from "../sources/byte-file.js";
import {piecesOfFile, type FileSet} from "../sources/file-set.js";
import {checkRange} from "./check-range.js";
import {dataAddress, nameOfAddress} from "./data-address.js";
import {backoff} from "./retry.js";
import {waitingReader, type WaitingDeps} from "./waiting-reader.js";

/** Bytes that the first request for a file asks for: most chunks whole. */
const firstBytes = 1 << 20;
/** Most bytes of files that are kept. */
const mostKept = 1 << 26;

/** A folder on a host, whose files can be asked for but not listed. */
export interface RemoteFolder {
  files: FileSet;
  /** Of its address and of the files that say what is in it; known once they were read. */
  identity(): Promise<string>;
  traffic(): {requests: number; bytes: number};
}

/** True of an address that names a folder: a Zarr store, or anything that ends with a slash. */
export function isFolderAddress({pathname}: URL): boolean {
  return /\/$|\.zarr$/i.test(pathname);
}

/** What a Zarr store says of itself, in v3 and v2. */
const marks = ["zarr.json", ".zmetadata"];

/**
 * The folder at an address, of which files are read whole when they are asked for, and kept up to 64 MiB. One that the host does not have (404, or 403 as object
 * stores answer) is null. A file that is read again must be of the same version. Throws as `waitingReader` does.
 */
export function remoteFolder(text: string, deps: WaitingDeps): RemoteFolder {
  const base = dataAddress(text);
  base.pathname = base.pathname.replace(/\/*$/, "/");
  const name = nameOfAddress(base);
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const versions = new Map<string, string>();
  const told = {requests: 0, bytes: 0};

  function fetchFile(path: string): Uint8Array<ArrayBuffer> | null {
    const url = new URL(base);
    url.pathname += path.split("/").map(encodeURIComponent).join("/");
    const {href: address} = url;
    const {request, sleep, patience, faults} = deps;
    for (let failed = 1; ; ++failed) {
      const answer = request(address, 0, firstBytes, patience.stall);
      const {status} = answer;
      told.requests += 1;
      if (status === 404 || status === 403 || status === 410) return null;
      if (status === 416) return new Uint8Array(0);
      if (status === 200) throw faults.noRanges(answer);
      const isBusy = status === 408 || status === 425 || status === 429 || status >= 500;
      if (status !== 0 && !isBusy) {
        if (status !== 206) throw faults.unexpected(address, status);
        const {byteLength, version} = checkRange(answer, {at: 0, end: firstBytes, address, known: undefined, faults});
        const before = versions.get(path);
        if (before !== undefined && before !== version) throw faults.changed(address, "ETag", before, version);
        versions.set(path, version);
        const bytes = new Uint8Array(byteLength);
        bytes.set(answer.bytes);
        const {length} = answer.bytes;
        if (length < byteLength) {
          told.requests += 1;
          bytes.set(waitingReader({byteLength, version, answered: address}, address, deps)(length, byteLength), length);
        }
        told.bytes += byteLength;
        return bytes;
      }
      if (failed >= patience.attempts) {
        throw isBusy ? faults.busy(address, status, failed) : faults.dropped(address, 0, failed, answer.fault);
      }
      sleep(backoff(patience, failed, answer.header("retry-after")));
    }
  }

  function bytesOf(path: string): Uint8Array<ArrayBuffer> | null {
    const bytes = kept.get(path) ?? fetchFile(path);
    if (bytes === null) return null;
    kept.delete(path);
    kept.set(path, bytes);
    let sum = [...kept.values()].reduce((total, one) => total + one.length, 0);
    for (const [old, one] of kept) {
      if (sum <= mostKept || old === path) break;
      kept.delete(old);
      sum -= one.length;
    }
    return bytes;
  }

  const open = (path: string): ByteFile | null => {
    const bytes = bytesOf(path);
    return bytes === null ? null : bytesInMemory(path, bytes);
  };
  return {
    files: {
      name,
      byteLength: 0,
      paths: null,
      open,
      pieces: (path) => piecesOfFile(open(path)!),
      close: () => kept.clear()
    },
    async identity() {
      const parts = marks.map((mark) => [mark, versions.get(mark) ?? "", bytesOf(mark)] as const);
      const texts = parts.flatMap(([mark, version, bytes]) =>
        bytes === null ? [] : [`${mark}\n${version}\n${new TextDecoder().decode(bytes)}\n`]
      );
      const size = parts.reduce((sum, [, , bytes]) => sum + (bytes?.length ?? 0), 0);
      const whole = `${base.origin}${base.pathname}\n${texts.join("")}`;
      return `${size}-${await sha256(new TextEncoder().encode(whole))}`;
    },
    traffic: () => ({...told})
  };
}
