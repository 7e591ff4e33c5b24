import type {Table} from "apache-arrow";
import {boolColumn, int32Column, tableOf, utf8Column} from "./columns.js";
import {expectColumns} from "./expect-columns.js";
import {type Provenance, provenanceMetadata} from "./provenance.js";
import {readBool, readFullText, readInt32, readText} from "./read-columns.js";

/** A gene of the file; what the model knows of it, null if the model has no token for it. */
export interface GeneRow {
  /** Name in the file. */
  symbol: string;
  /** Symbol that the name was repaired to; null where it is taken as it is. */
  repaired: string | null;
  model: {chromosome: number; start: number; token: number} | null;
}

/**
 * A genes table, a row for each gene of the file in file order: symbol Utf8 (the file's name), repaired Utf8 (the symbol that
 * it is read as; null where it is taken as it is), matched Bool, chromosome, start, token Int32 (null where not matched).
 */
export function genesTable(genes: readonly GeneRow[], provenance: Provenance): Table {
  const matched = Uint8Array.from(genes, ({model}) => (model === null ? 0 : 1));
  const nulls = matched.includes(0) ? matched : undefined;
  const numbers = (name: "chromosome" | "start" | "token") =>
    int32Column(
      name,
      Int32Array.from(genes, ({model}) => model?.[name] ?? 0),
      nulls
    );
  return tableOf(
    [
      utf8Column(
        "symbol",
        genes.map(({symbol}) => symbol)
      ),
      utf8Column(
        "repaired",
        genes.map(({repaired}) => repaired)
      ),
      boolColumn("matched", matched),
      numbers("chromosome"),
      numbers("start"),
      numbers("token")
    ],
    provenanceMetadata(provenance)
  );
}

/** Reads a genes table. Throws a WorkbookError if it is none. */
export function readGenes(table: Table): GeneRow[] {
  expectColumns(table, "a genes table", {
    symbol: "Utf8",
    repaired: "Utf8",
    matched: "Bool",
    chromosome: "Int32",
    start: "Int32",
    token: "Int32"
  });
  const matched = readBool(table, "matched");
  const chromosome = readInt32(table, "chromosome");
  const start = readInt32(table, "start");
  const token = readInt32(table, "token");
  const repaired = readText(table, "repaired");
  return readFullText(table, "symbol").map((symbol, i) => ({
    symbol,
    repaired: repaired[i],
    model: matched[i] === 1 ? {chromosome: chromosome[i], start: start[i], token: token[i]} : null
  }));
}
