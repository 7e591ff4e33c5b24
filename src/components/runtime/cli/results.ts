import {basename, resolve} from "node:path";
import type {Table} from "apache-arrow";
import {WorkbookError} from "../../core/errors.js";
import {readProvenance} from "../../core/tables/provenance.js";

/** What is taken away: the table of vectors and, where it was given, the map that was made of it. */
export interface Results {
  /** File name of the vectors, for messages. */
  name: string;
  embeddings: Table;
  map?: Table;
}

/** What was written, for the facts of the run. */
export interface Exported {
  cells: number;
  /** Cells without a vector. */
  without: number;
  /** Columns of the table, or arrays of obsm. */
  columns: string[];
}

/** Throws a WorkbookError of domain "table", code "other-file", if `identity` is not of the file that the vectors were made of. */
export function requireThisFile({name, embeddings}: Results, path: string, identity: string): void {
  const source = readProvenance(embeddings)?.source;
  if (source === undefined || source.identity === "" || source.identity === identity) return;
  const which =
    source.name === basename(path) ? "has changed since it was embedded" : "is not the file that was embedded";
  throw new WorkbookError({
    domain: "table",
    code: "other-file",
    fault: `${resolve(path)} ${which}: the vectors of ${name} are of ${source.name} with ${source.bytes} bytes and identity ${source.identity.slice(-12)}, it has ${identity.slice(-12)}`,
    remedy: "embed it again, or add --other-file to match cells by name all the same"
  });
}
