import type {Table} from "apache-arrow";
import {boolColumn, int32Column, tableOf, utf8Column} from "./columns.js";
import {expectColumns} from "./expect-columns.js";
import {type Provenance, provenanceMetadata} from "./provenance.js";
import {readBool, readFullText, readInt32} from "./read-columns.js";

/** A gene of the file; what the model knows of it, null if the model has no token for it. */
export interface GeneRow {
  /** Name in the file. */
  symbol: string;
  model: {chromosome: number; start: number; token: number} | null;
}

/**
 * A genes table, a row for each gene of the file in file order: symbol Utf8, matched Bool, chromosome, start, token
 * Int32 (null where not matched).
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
    matched: "Bool",
    chromosome: "Int32",
    start: "Int32",
    token: "Int32"
  });
  const matched = readBool(table, "matched");
  const chromosome = readInt32(table, "chromosome");
  const start = readInt32(table, "start");
  const token = readInt32(table, "token");
  return readFullText(table, "symbol").map((symbol, i) => ({
    symbol,
    model: matched[i] === 1 ? {chromosome: chromosome[i], start: start[i], token: token[i]} : null
  }));
}
