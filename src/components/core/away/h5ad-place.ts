import {openAnnData} from "../anndata/anndata.js";
import type {H5Reader} from "../anndata/h5-reader.js";
import {WorkbookError} from "../errors.js";

/** Where an h5ad file keeps its cells. */
export interface H5adPlace {
  /** Group that the AnnData stands in: "" or "/mod/NAME" of MuData. */
  root: string;
  obsNames: string[];
  /** Names in obs; null where it is one table of records, to which no column can be added. */
  obsColumns: string[] | null;
}

/** Names of arrays in obsm, and of a group of texts in uns. */
export interface AddedNames {
  arrays: readonly string[];
  texts: string;
}

/**
 * The names that results get under `key` ("X_uce"): the vectors', the map's where there is one, and the group's in uns. Throws a WorkbookError of
 * domain "usage", code "bad-option", for a key that is no plain name.
 */
export function addedNames(key: string, hasMap: boolean): AddedNames {
  if (!/^[A-Za-z]\w*$/.test(key)) {
    throw new WorkbookError({
      domain: "usage",
      code: "bad-option",
      fault: `--key cannot be "${key}"`,
      remedy: "use letters, digits and _, for example X_uce2"
    });
  }
  return {arrays: hasMap ? [key, `${key}_umap`] : [key], texts: key.replace(/^X_/, "")};
}

/**
 * The cells of an open h5ad, and whether arrays and texts of these names can be added to it. Throws a WorkbookError: the
 * reader's, or of domain "anndata", code "not-h5ad" for counts of another format, "taken" where a name is in use, "old-obsm" where obsm or uns is no group.
 */
export function h5adPlace(reader: H5Reader, names: AddedNames): H5adPlace {
  const anndata = openAnnData(reader);
  const {format} = anndata.reader;
  if (format !== undefined) throw notH5ad(reader.name, format.words);
  const root = anndata.modality === null ? "" : `/mod/${anndata.modality.name}`;
  for (const [group, added] of [
    ["obsm", names.arrays],
    ["uns", [names.texts]]
  ] as const) {
    const place = `${root}/${group}`;
    const node = reader.node(place);
    if (node?.kind === "dataset") throw oldLayout(reader.name, place);
    const taken = added.find((name) => node?.keys.includes(name));
    if (taken !== undefined) throw inUse(reader.name, `${place}/${taken}`);
  }
  const obs = reader.node(`${root}/obs`);
  return {root, obsNames: anndata.obsNames(), obsColumns: obs?.kind === "group" ? obs.keys : null};
}

function inUse(name: string, place: string): WorkbookError {
  return new WorkbookError({
    domain: "anndata",
    code: "taken",
    place,
    fault: `${name} has ${place.slice(place.lastIndexOf("/") + 1)} already, and nothing of a file is replaced`,
    remedy: "choose another name, for example X_uce2 (on the command line: --key X_uce2)"
  });
}

/** "not-h5ad": results can be added to a copy of an h5ad only. */
export function notH5ad(name: string, format: string): WorkbookError {
  return new WorkbookError({
    domain: "anndata",
    code: "not-h5ad",
    fault: `${name} is ${format}, and results can be added to a copy of an h5ad only`,
    remedy: "take a table instead, or on the command line leave --into out: a new h5ad has the names of the cells"
  });
}

/** "old-obsm": a group that an old layout keeps as one table of records. */
export function oldLayout(name: string, place: string): WorkbookError {
  return new WorkbookError({
    domain: "anndata",
    code: "old-obsm",
    place,
    fault: `${name} keeps ${place} as one table of records, as anndata before 0.7 did, and nothing can be added to that`,
    remedy:
      "write the file again in Python: anndata.read_h5ad(FILE).write_h5ad(NEW), and embed NEW, or give it with --other-file"
  });
}
