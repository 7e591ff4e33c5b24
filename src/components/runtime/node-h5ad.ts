import {basename} from "node:path";
import {addToAnnData, writeCellNames, type Additions, type ArrayToAdd} from "../adapters/h5wasm-write.js";
import {copyFileAtomically, makeFileAtomically} from "../adapters/node-files.js";
import {openAnnData} from "../core/anndata/anndata.js";
import {isWorkbookError, WorkbookError} from "../core/errors.js";
import {loadH5wasmFile} from "./node-h5wasm.js";
import {openH5File} from "./node-h5.js";

/** An h5ad file as `h5adPlace` finds it. */
export interface H5adPlace {
  /** Group that the AnnData stands in: "" or "/mod/NAME" of MuData. */
  root: string;
  obsNames: string[];
}

/**
 * The cells of the h5ad at `path`, and whether arrays and texts of these names can be added to it. Throws a WorkbookError: the
 * reader's, or of domain "anndata", code "not-h5ad" for counts of another format, "taken" where a name is in use, "old-obsm" where obsm or uns is no group.
 */
export async function h5adPlace(path: string, names: {arrays: string[]; texts: string}): Promise<H5adPlace> {
  const reader = await openH5File(path);
  try {
    const anndata = openAnnData(reader);
    const {format} = anndata.reader;
    if (format !== undefined) throw notH5ad(basename(path), format.words);
    const root = anndata.modality === null ? "" : `/mod/${anndata.modality.name}`;
    for (const [group, added] of [
      ["obsm", names.arrays],
      ["uns", [names.texts]]
    ] as const) {
      const place = `${root}/${group}`;
      const node = reader.node(place);
      if (node?.kind === "dataset") throw oldLayout(basename(path), place);
      const taken = added.find((name) => node?.keys.includes(name));
      if (taken !== undefined) throw inUse(basename(path), `${place}/${taken}`);
    }
    return {root, obsNames: anndata.obsNames()};
  } finally {
    reader.close();
  }
}

/**
 * Writes at `path` a copy of the h5ad `source` with `additions`, or for null a new h5ad of `obsNames` alone. The system copies the
 * file, HDF5 adds to the copy, and what was added is read back and compared before it takes its name; `source` is only read, and
 * `path` appears complete or not at all. `unchanged` may throw where `source` has changed meanwhile. Throws a
 * WorkbookError of domain "file": "no-room", "not-writable".
 */
export async function writeH5ad(
  path: string,
  source: string | null,
  additions: Additions,
  obsNames: string[],
  unchanged: () => Promise<void> = async () => {}
): Promise<void> {
  const change = async (copy: string) => {
    await unchanged();
    const File = await loadH5wasmFile();
    orFailed(path, () => {
      const file = new File(copy, source === null ? "w" : "a");
      try {
        if (source === null) writeCellNames(file, obsNames);
        addToAnnData(file, additions);
        file.flush();
      } finally {
        file.close();
      }
    });
    await requireWritten(path, copy, additions);
  };
  if (source !== null) return copyFileAtomically(path, source, change);
  await makeFileAtomically(path, change);
}

/** HDF5 tells of a disk that is full by a stack of messages. */
function orFailed(path: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const full = /no space left|errno = 28\b|errno = 51\b/i.test(text);
    const what = full ? "no space left on the disk" : text.split("\n")[0];
    throw new WorkbookError(
      {
        domain: "file",
        code: full ? "no-room" : "not-writable",
        fault: `${path} cannot be written: ${what}`,
        remedy: full ? "free disk space, or choose a folder on another disk" : "choose a folder that can be written to"
      },
      {cause}
    );
  }
}

const comparedRows = 4096;

async function requireWritten(path: string, copy: string, {root, nObs, arrays}: Additions): Promise<void> {
  const reader = await openH5File(copy);
  try {
    for (const array of arrays) {
      for (let from = 0; from < nObs; from += comparedRows) {
        const to = Math.min(nObs, from + comparedRows);
        const ranges: [number, number][] = [
          [from, to],
          [0, array.width]
        ];
        const found = reader.read(`${root}/obsm/${array.name}`, ranges) as Float32Array;
        if (!sameBytes(found, array.rows(from, to))) throw lost(path, array, from);
      }
    }
  } catch (error) {
    throw isWorkbookError(error) && error.code === "not-as-written" ? error : lost(path, arrays[0], 0, error);
  } finally {
    reader.close();
  }
}

function sameBytes(a: Float32Array, b: Float32Array): boolean {
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

function bytesOf({buffer, byteOffset, byteLength}: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function lost(path: string, {name}: ArrayToAdd, from: number, cause?: unknown): WorkbookError {
  const fault = `${path}: what was written to ${name} from row ${from} on could not be read back, so the file was given up`;
  const remedy = "look for room and faults of the disk, or choose a folder on another";
  return new WorkbookError({domain: "file", code: "not-as-written", fault, remedy}, {cause});
}

function inUse(name: string, place: string): WorkbookError {
  return new WorkbookError({
    domain: "anndata",
    code: "taken",
    place,
    fault: `${name} has ${place.slice(place.lastIndexOf("/") + 1)} already, and nothing of a file is replaced`,
    remedy: "name another with --key, for example --key X_uce2"
  });
}

function notH5ad(name: string, format: string): WorkbookError {
  return new WorkbookError({
    domain: "anndata",
    code: "not-h5ad",
    fault: `${name} is ${format}, and results can be added to a copy of an h5ad only`,
    remedy: "leave --into out: a new h5ad is written, with the names of the cells"
  });
}

function oldLayout(name: string, place: string): WorkbookError {
  return new WorkbookError({
    domain: "anndata",
    code: "old-obsm",
    place,
    fault: `${name} keeps ${place} as one table of records, as anndata before 0.7 did, and nothing can be added to that`,
    remedy: "write the file again in Python: anndata.read_h5ad(FILE).write_h5ad(NEW), and give NEW with --other-file"
  });
}
