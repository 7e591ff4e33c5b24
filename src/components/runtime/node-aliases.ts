import {readFile} from "node:fs/promises";
import {fileURLToPath} from "node:url";
import {parseAliases, type AliasTable} from "../core/cells/alias-table.js";

const place = fileURLToPath(new URL("../../data/gene-aliases.csv", import.meta.url));
let table: Promise<AliasTable> | null = null;

/** The table of previous and alias symbols (src/data/gene-aliases.csv), read once. Throws a WorkbookError if it is damaged. */
export function nodeAliases(): Promise<AliasTable> {
  return (table ??= readFile(place, "utf8").then(parseAliases));
}
