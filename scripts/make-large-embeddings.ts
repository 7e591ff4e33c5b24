/**
 * Makes a large table of made-up vectors, as `merge` would write it, to see what `umap` and `export` need for it:
 *
 *     node --import tsx scripts/make-large-embeddings.ts OUT.arrow [--cells 1000000] [--width 512]
 *
 * Vectors of 20 types, repeated from 200,000 cells on; a batch for each 50,000 cells, one of which is in memory at a time.
 */
import {createWriteStream} from "node:fs";
import {pipeline} from "node:stream/promises";
import {parseArgs} from "node:util";
import type {Table} from "apache-arrow";
import {embeddingsTable} from "../src/components/core/tables/embeddings.js";
import {fileOfBatches} from "../src/components/core/tables/file-of-batches.js";
import type {Provenance} from "../src/components/core/tables/provenance.js";
import {software} from "../src/components/runtime/software.js";
import {madeUpCells} from "./made-up-cells.js";

const {
  values,
  positionals: [out]
} = parseArgs({
  allowPositionals: true,
  options: {cells: {type: "string", default: "1000000"}, width: {type: "string", default: "512"}}
});
if (out === undefined) throw new Error("name the file to write: make-large-embeddings.ts OUT.arrow");
const [cells, width] = [Number(values.cells), Number(values.width)];
const perBatch = 50_000;
const source = {name: "made-up.h5ad", bytes: 0, identity: ""};
const provenance: Provenance = {format: 1, stage: "embed", software, source, parameters: {}};
const vectors = madeUpCells(Math.min(cells, 4 * perBatch), width);

function batch(from: number): Table {
  const count = Math.min(perBatch, cells - from);
  const at = (from * width) % vectors.length;
  return embeddingsTable(
    {
      rows: Int32Array.from({length: count}, (_, i) => from + i),
      cellIds: Array.from({length: count}, (_, i) => `cell${from + i}`),
      status: Array.from({length: count}, () => "ok" as const),
      nTokens: new Int32Array(count).fill(1072),
      vectors: vectors.subarray(at, at + count * width),
      width
    },
    provenance
  );
}

function* batches(): Generator<Table> {
  for (let from = 0; from < cells; from += perBatch) yield batch(from);
}

await pipeline(fileOfBatches(batch(0).schema, batches()), createWriteStream(out));
