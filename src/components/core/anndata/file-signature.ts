import {WorkbookError} from "../errors.js";

/** How many bytes from the start of a file `checkSignature` wants to see (fewer if the file is shorter). */
export const signatureBytes = 4096;

const hdf5Signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Kinds of file that come in the place of an h5ad: first bytes, what they are, the way out. */
const lookAlikes: {magic: number[] | string; code: string; what: string; remedy: string}[] = [
  {
    magic: "version https://git-lfs",
    code: "lfs-pointer",
    what: "a Git LFS pointer, not the data itself",
    remedy: "fetch the data with `git lfs pull` in the repository that it came from, or download it again"
  },
  {
    magic: [0x1f, 0x8b],
    code: "gzip-compressed",
    what: "gzip-compressed as a whole",
    remedy: "unpack it first (gunzip), then open the .h5ad inside"
  },
  {
    magic: [0x50, 0x4b, 0x03, 0x04],
    code: "zip-archive",
    what: "a zip archive (perhaps zipped zarr)",
    remedy: "unpack it; of zarr, write an .h5ad: anndata.read_zarr(...).write_h5ad(...)"
  },
  {
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    code: "zstd-compressed",
    what: "Zstandard-compressed as a whole",
    remedy: "unpack it first (zstd -d), then open the .h5ad inside"
  },
  {
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    code: "xz-compressed",
    what: "xz-compressed as a whole",
    remedy: "unpack it first (xz -d), then open the .h5ad inside"
  },
  {
    magic: "BZh",
    code: "bzip2-compressed",
    what: "bzip2-compressed as a whole",
    remedy: "unpack it first (bunzip2), then open the .h5ad inside"
  },
  {magic: "ARROW1", code: "arrow-file", what: "an Arrow file", remedy: "open the .h5ad that it was made from"},
  {magic: "PAR1", code: "parquet-file", what: "a Parquet file", remedy: "open the .h5ad that it was made from"},
  {
    magic: "%%MatrixMarket",
    code: "matrix-market",
    what: "a Matrix Market text file",
    remedy: "read it with scanpy.read_10x_mtx and save it with write_h5ad"
  },
  {magic: "CDF", code: "netcdf-classic", what: "a classic netCDF file", remedy: "convert it to .h5ad"},
  {
    magic: "RDX",
    code: "r-data",
    what: "an R data file",
    remedy: "convert it in R, for instance with zellkonverter::writeH5AD"
  },
  {
    magic: "<",
    code: "web-page",
    what: "a web page or XML, perhaps a download that went wrong",
    remedy: "download the file again and look at its size"
  }
];

/**
 * Checks that a file which begins with `head` (its first `signatureBytes` bytes) and is `byteLength` bytes long is a
 * whole HDF5 file, as far as signature and superblock tell. Throws a WorkbookError of domain "file" with code "empty",
 * "not-hdf5", "truncated" or one of the look-alikes' ("lfs-pointer", "gzip-compressed", ...).
 * Source: HDF5 file format specification 3.0, II.A (superblock).
 */
export function checkSignature(head: Uint8Array, byteLength: number, name: string): void {
  if (byteLength === 0) {
    throw fileError("empty", `${name} is empty (0 bytes)`, "download or copy it again");
  }
  const start = findSuperblock(head);
  if (start === null) {
    for (const {magic, code, what, remedy} of lookAlikes) {
      const bytes = typeof magic === "string" ? new TextEncoder().encode(magic) : magic;
      if (startsWith(head, bytes)) throw fileError(code, `${name} is ${what}`, remedy);
    }
    if (byteLength < 8 && startsWith(new Uint8Array(hdf5Signature), head)) {
      throw truncated(name, byteLength, null);
    }
    const code = "not-hdf5";
    throw fileError(
      code,
      `${name} is not an HDF5 file: its first bytes are ${quoteBytes(head)}`,
      "open an .h5ad file, as anndata writes it"
    );
  }
  const expected = endOfFile(head, start);
  if (expected === null || expected > byteLength) throw truncated(name, byteLength, expected);
}

/** Offset of the superblock: 0, 512, 1024, ... (a user block may stand before it); null if there is none in `head`. */
function findSuperblock(head: Uint8Array): number | null {
  for (let offset = 0; offset + 8 <= head.length; offset = offset === 0 ? 512 : offset * 2) {
    if (startsWith(head.subarray(offset), hdf5Signature)) return offset;
  }
  return null;
}

/** Length that the file should have, from the superblock at `start`; null if the superblock itself is cut off. */
function endOfFile(head: Uint8Array, start: number): number | null {
  if (head.length < start + 14) return null;
  const version = head[start + 8];
  const offsetSize = version < 2 ? head[start + 13] : head[start + 9];
  if (offsetSize !== 8 && offsetSize !== 4) return 0;
  const addresses = start + (version === 0 ? 24 : version === 1 ? 28 : 12);
  const at = addresses + 2 * offsetSize;
  if (head.length < at + offsetSize) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const end = offsetSize === 8 ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true);
  return end + start;
}

function truncated(name: string, byteLength: number, expected: number | null): WorkbookError {
  const fault =
    expected === null
      ? `${name} is truncated: it ends after ${byteLength} bytes, inside its first block`
      : `${name} is truncated: it has ${byteLength} bytes of ${expected}`;
  return fileError("truncated", fault, "download or copy it again; an interrupted transfer leaves such files");
}

function startsWith(bytes: Uint8Array, magic: ArrayLike<number>): boolean {
  if (bytes.length < magic.length) return false;
  for (let i = 0; i < magic.length; i++) if (bytes[i] !== magic[i]) return false;
  return true;
}

/** The first 16 bytes as text where they are text, else as hex. */
function quoteBytes(head: Uint8Array): string {
  const first = head.subarray(0, 16);
  const printable = first.every((byte) => (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13);
  if (printable) return JSON.stringify(new TextDecoder().decode(first));
  return Array.from(first, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function fileError(code: string, fault: string, remedy: string): WorkbookError {
  return new WorkbookError({domain: "file", code, fault, remedy});
}
