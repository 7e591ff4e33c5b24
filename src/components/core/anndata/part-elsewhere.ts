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
    remedy: "write a single file, where both are: anndata.read_h5ad(...).write_h5ad(...)"
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
