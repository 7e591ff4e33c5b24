import {WorkbookError} from "../errors.js";

/**
 * The WorkbookError (domain "file") for a part of the file `name`, at `place`, that lies in another file (`other`, where its
 * name is known). Code "external-link", "external-storage" or "virtual-dataset". Nothing is ever read from there.
 */
export function inOtherFile(code: string, name: string, place: string, other: string | null): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code,
    place,
    fault: `${name} keeps this part in another file${other === null ? "" : `, ${other}`}, which is not read`,
    remedy: `write a single file in Python, in the folder where both are: anndata.read_h5ad(${JSON.stringify(name)}).write_h5ad("single.h5ad")`
  });
}

/** The WorkbookError (domain "file", code "dangling-link") for the path `place`, which `link` leads to a `target` that is not there. */
export function leadsNowhere(name: string, place: string, link: string, target: string): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "dangling-link",
    place,
    fault: `a link of ${name} leads nowhere${link === place ? "" : `: ${link}`} (to ${target})`,
    remedy: "write the file again with anndata's write_h5ad"
  });
}

/** The WorkbookError (domain "anndata", code "missing-part") for data asked for at `place`, where nothing or a group stands. */
export function missingPart(name: string, place: string, isGroup: boolean): WorkbookError {
  return new WorkbookError({
    domain: "anndata",
    code: "missing-part",
    place,
    fault: isGroup ? `${name} has a group where data should be` : `${name} lacks a part`,
    remedy: "write the file again with anndata's write_h5ad"
  });
}

/** The WorkbookError (domain "file", code "too-large") for a part at `place` of more bytes than can be read at once. */
export function tooLarge(name: string, place: string, byteCount: number, most: number): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "too-large",
    place,
    fault: `${name} asks for ${byteCount} bytes at once, more than the ${most} that can be read`,
    remedy: "open a file with fewer cells, or write this one again in smaller chunks"
  });
}
