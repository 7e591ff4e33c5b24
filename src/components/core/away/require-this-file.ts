import {WorkbookError} from "../errors.js";
import {readProvenance} from "../tables/provenance.js";
import type {Results} from "./results.js";

/**
 * Throws a WorkbookError of domain "table", code "other-file", if `identity` is not of the file that the vectors were made of. `name` is its
 * file name without folders, `path` what messages call it.
 */
export function requireThisFile(
  {name: table, embeddings}: Results,
  {name, path = name, identity}: {name: string; path?: string; identity: string}
): void {
  const source = readProvenance(embeddings)?.source;
  if (source === undefined || source.identity === "" || source.identity === identity) return;
  const which = source.name === name ? "has changed since it was embedded" : "is not the file that was embedded";
  throw new WorkbookError({
    domain: "table",
    code: "other-file",
    fault: `${path} ${which}: the vectors of ${table} are of ${source.name} with ${source.bytes} bytes and identity ${source.identity.slice(-12)}, it has ${identity.slice(-12)}`,
    remedy: "embed it again, or add --other-file to match cells by name all the same"
  });
}
