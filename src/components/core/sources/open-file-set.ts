import type {H5Reader} from "../anndata/h5-reader.js";
import {below, type FileSet} from "./file-set.js";
import {findMtx} from "./find-mtx.js";
import {openMtx, type MtxDeps} from "./mtx-source.js";
import {unknownSource} from "./source-errors.js";
import {findZarr} from "./find-zarr.js";
import {openZarr} from "./zarr-reader.js";
import type {Codecs} from "./codecs.js";

/**
 * The counts in a folder or archive, whichever they are: a Zarr store of AnnData, or a matrix in Matrix Market form with its names. What it is is told by what is in it, not by
 * its name; of a set that cannot be listed, a Zarr store. `deps` may take a while to make, so it is asked for where it is needed. Rejects with a WorkbookError of domain "file", code "unknown-source", that says what
 * is there instead; `set` is closed then.
 */
export async function openFileSet(set: FileSet, codecs: Codecs, deps: () => Promise<MtxDeps>): Promise<H5Reader> {
  try {
    if (set.paths === null) return openZarr(set, codecs);
    const {paths} = set;
    const zarr = findZarr(paths, set.name);
    if (zarr !== null) return openZarr({...below(set, zarr), name: set.name}, codecs);
    const mtx = findMtx(paths, set.name);
    if (mtx !== null) return await openMtx(set, mtx, await deps());
    throw nothingKnown(set.name, paths);
  } catch (error) {
    set.close();
    throw error;
  }
}

const oneFile = /\.(h5ad|h5mu|h5|rds|loom)$/i;

function nothingKnown(name: string, paths: readonly string[]) {
  const [file] = paths.filter((path) => oneFile.test(path));
  if (file !== undefined) return unknownSource(name, `a folder or archive with ${file} in it`, `open ${file} itself`);
  const held = paths.length === 0 ? "nothing in it" : paths.slice(0, 4).join(", ");
  const more = paths.length > 4 ? ` and ${paths.length - 4} more files` : "";
  return unknownSource(
    name,
    `a folder or archive with ${held}${more}, and none of them is a matrix of counts`,
    "give the folder of a Zarr store, or one with matrix.mtx, barcodes.tsv and features.tsv"
  );
}
