import {Table} from "apache-arrow";
import {tableFromBytes, tableToFileBytes, tableToStreamBytes} from "../../../src/components/core/tables/file.js";
import {type Provenance} from "../../../src/components/core/tables/provenance.js";
import {type SentenceRow} from "../../../src/components/core/tables/sentences.js";
import type {CellStatus} from "../../../src/components/core/types.js";

/** What tables are stamped with. */
export const provenance: Provenance = {
  format: 1,
  stage: "embed",
  software: {name: "uce-workbook", version: "0.1.0"},
  source: {name: "cells.h5ad", bytes: 12, identity: "12-ab"},
  parameters: {sampling: "reference", average: 1}
};

/** A table written to a file and read again. */
export const throughFile = (table: Table) => tableFromBytes(tableToFileBytes(table));

/** A table sent as a stream and read again. */
export const throughStream = (table: Table) => tableFromBytes(tableToStreamBytes(table));

/** Ways that a table can go. */
export const wires = [
  ["file", throughFile],
  ["stream", throughStream]
] as const;

/** True if both tables make the same file. */
export function sameBytes(a: Table, b: Table): boolean {
  return Buffer.from(tableToFileBytes(a)).equals(tableToFileBytes(b));
}

/** Type of each column. */
export function fields(table: Table): Record<string, string> {
  return Object.fromEntries(table.schema.fields.map(({name, type}) => [name, String(type)]));
}

/** Sentences of made-up cells, every seventh without. */
export function sentences(count: number): SentenceRow[] {
  return Array.from({length: count}, (_, i): SentenceRow =>
    i % 7 === 3
      ? {row: i * 2, cellId: `cell-${i}`, status: i % 2 === 0 ? "empty" : "failed", tokens: null}
      : {row: i * 2, cellId: `cell-${i}`, status: "ok", tokens: Int32Array.from({length: 5 + (i % 3)}, (_, j) => i + j)}
  );
}

/** Vectors of made-up cells, every fifth without. */
export function embeddings(count: number, width: number) {
  const status = Array.from({length: count}, (_, i): CellStatus => (i % 5 === 1 ? "empty" : "ok"));
  return {
    rows: Int32Array.from({length: count}, (_, i) => i + 10),
    cellIds: status.map((_, i) => `c${i}`),
    status,
    nTokens: Int32Array.from(status, (state) => (state === "ok" ? 1075 : 0)),
    vectors: Float32Array.from({length: count * width}, (_, i) =>
      status[Math.floor(i / width)] === "ok" ? Math.sin(i) : 0
    ),
    width
  };
}
