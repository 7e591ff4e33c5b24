import {WorkbookError} from "../errors.js";

/** The way from R data to an h5ad, which R alone can go; R unpacks gzip, bzip2 and xz by itself, whatever the name. */
const fromR = (reading: string) =>
  `in R, ${reading}; then zellkonverter::writeH5AD(Seurat::as.SingleCellExperiment(x), "counts.h5ad") if x is a Seurat ` +
  'object, zellkonverter::writeH5AD(x, "counts.h5ad") if it is a SingleCellExperiment';
const fromRds = fromR("x <- readRDS(FILE)");
const fromTable =
  'read it in Python and write an .h5ad: anndata.read_csv(FILE).write_h5ad("counts.h5ad"), with .T before .write_h5ad if ' +
  'genes are the rows, and delimiter="\\t" if tabs stand between the values';
const withItsNames =
  "give its folder, where barcodes.tsv and features.tsv (or genes.tsv) stand beside it; on a page, drop the folder or the three files together";

interface LookAlike {
  magic: number[] | string;
  code: string;
  what: string;
  remedy: string;
}

/** Kinds of file that come in the place of an h5ad: first bytes, what they are, the way out (FILE: the file's name). */
const lookAlikes: LookAlike[] = [
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
    remedy: "unpack it (gzip -dc FILE > unpacked.h5ad) and open unpacked.h5ad"
  },
  {
    magic: [0x50, 0x4b, 0x03, 0x04],
    code: "zip-archive",
    what: "a zip archive",
    remedy: "unpack it, then open the .h5ad inside"
  },
  {
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    code: "zstd-compressed",
    what: "Zstandard-compressed as a whole",
    remedy: "unpack it (zstd -dc FILE > unpacked.h5ad) and open unpacked.h5ad"
  },
  {
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    code: "xz-compressed",
    what: "xz-compressed as a whole, perhaps R data (.rds, .rda)",
    remedy: `unpack it (xz -dc FILE > unpacked.h5ad) and open unpacked.h5ad; if it is R data: ${fromRds}`
  },
  {
    magic: "BZh",
    code: "bzip2-compressed",
    what: "bzip2-compressed as a whole, perhaps R data (.rds, .rda)",
    remedy: `unpack it (bzip2 -dc FILE > unpacked.h5ad) and open unpacked.h5ad; if it is R data: ${fromRds}`
  },
  {magic: "ARROW1", code: "arrow-file", what: "an Arrow file", remedy: "open the .h5ad that it was made from"},
  {magic: "PAR1", code: "parquet-file", what: "a Parquet file", remedy: "open the .h5ad that it was made from"},
  {
    magic: "%%MatrixMarket",
    code: "matrix-market",
    what: "a Matrix Market text file",
    remedy: withItsNames
  },
  {magic: "CDF", code: "netcdf-classic", what: "a classic netCDF file", remedy: "convert it to .h5ad"},
  {
    magic: "<",
    code: "web-page",
    what: "a web page or XML, perhaps a download that went wrong",
    remedy: "download the file again and look at its size"
  }
];

/**
 * Says what a file is that begins with `head` and is not HDF5: a WorkbookError of domain "file", code "not-hdf5" or that of
 * a known kind ("gzip-compressed", "r-data", "text-table", ...), with the way to an h5ad.
 */
export function lookAlike(head: Uint8Array, name: string): WorkbookError {
  const known = knownKind(head);
  if (known !== null) return fileError(known.code, `${name} is ${known.what}`, named(known.remedy, name));
  return fileError(
    "not-hdf5",
    `${name} is not an HDF5 file: its first bytes are ${quoteBytes(head)}`,
    "open an .h5ad file, as anndata writes it"
  );
}

/**
 * Says what a gzip-compressed file is whose unpacked content begins with `inside`: R data, a table of text, an archive.
 * Where it holds HDF5 or nothing known, it is what `lookAlike` says of any gzip file.
 */
export function insideGzip(inside: Uint8Array, name: string): WorkbookError {
  const known = knownKind(inside);
  if (known === null) return lookAlike(Uint8Array.of(0x1f, 0x8b), name);
  const isReadPacked = known.code === "r-data" || known.code === "matrix-market";
  if (isReadPacked) return fileError(known.code, `${name} is ${known.what}`, named(known.remedy, name));
  const remedy = `unpack it first (gzip -dc ${JSON.stringify(name)} > unpacked), then ${named(known.remedy, "unpacked")}`;
  return fileError("gzip-compressed", `${name} is ${known.what}, gzip-compressed`, remedy);
}

/** `remedy` with the file's name in the place of FILE, in quotes as shells, Python and R take them. */
function named(remedy: string, name: string): string {
  return remedy.replaceAll("FILE", () => JSON.stringify(name));
}

function knownKind(head: Uint8Array): Omit<LookAlike, "magic"> | null {
  if (isWorkspace(head))
    return {code: "r-data", what: "R data (.rda), not HDF5", remedy: fromR("load(FILE) and call one of its objects x")};
  if (isSerialized(head)) return {code: "r-data", what: "R data (.rds), not HDF5", remedy: fromRds};
  if (startsWith(head.subarray(257), "ustar")) {
    return {
      code: "tar-archive",
      what: "a tar archive",
      remedy: "unpack it (tar -xf FILE) and open the folder of counts or the .h5ad inside"
    };
  }
  const known = lookAlikes.find(({magic}) => startsWith(head, magic));
  return (
    known ?? (isTable(head) ? {code: "text-table", what: "a table of text (CSV or TSV)", remedy: fromTable} : null)
  );
}

/** Several R objects in one file, as save() writes them. */
function isWorkspace(head: Uint8Array): boolean {
  return /^RD[AX][1-9]\n/.test(latin(head.subarray(0, 5)));
}

/** One R object, as saveRDS() writes it: XDR, native binary or ASCII, and the format's version (2 or 3 today). */
function isSerialized(head: Uint8Array): boolean {
  const [format, newline, a, b, c, d] = head;
  if (newline !== 10) return false;
  if (format === 0x58) return a === 0 && b === 0 && c === 0 && d >= 1 && d <= 9;
  if (format === 0x42) return a >= 1 && a <= 9 && b === 0 && c === 0 && d === 0;
  return format === 0x41 && a >= 0x31 && a <= 0x39 && b === 10;
}

/** Text whose lines have as many commas, semicolons or tabs each; R leaves the first line one short. */
function isTable(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  const [first = "", second, third] = latin(head).split(/\r?\n/);
  return [",", "\t", ";"].some((separator) => {
    const columns = first.split(separator).length;
    // The head of a long file may end in the middle of its second line.
    if (second === undefined || third === undefined) return columns > 2;
    const next = second.split(separator).length;
    return columns > 1 && (columns === next || columns + 1 === next);
  });
}

function latin(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function startsWith(bytes: Uint8Array, magic: number[] | string): boolean {
  const wanted = typeof magic === "string" ? new TextEncoder().encode(magic) : magic;
  return bytes.length >= wanted.length && Array.from(wanted).every((byte, i) => bytes[i] === byte);
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
