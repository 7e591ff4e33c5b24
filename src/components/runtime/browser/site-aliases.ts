import {parseAliases, type AliasTable} from "../../core/cells/alias-table.js";
import {WorkbookError} from "../../core/errors.js";

/** This module stands at SITE/_import/components/runtime/browser/, wherever the site is. */
const place = new URL("../../../../data/gene-aliases.csv", import.meta.url);
let table: Promise<AliasTable> | null = null;

/**
 * The table of previous and alias symbols (390 kB), fetched from the site when it is first asked for; a failure is forgotten, so
 * that it can be tried again. Throws a WorkbookError of domain "genes".
 */
export function siteAliases(): Promise<AliasTable> {
  return (table ??= load().catch((error: unknown) => {
    table = null;
    throw error;
  }));
}

async function load(): Promise<AliasTable> {
  const response = await fetch(place).catch(() => null);
  if (response?.ok === true) return parseAliases(await response.text());
  throw new WorkbookError({
    domain: "genes",
    code: "no-aliases",
    fault: "the table of previous and alias gene symbols could not be loaded from this site",
    remedy: "check the connection to this site and reload the page, or take gene names as they are"
  });
}
