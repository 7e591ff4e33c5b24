import {expect, test} from "vitest";
import {awayName} from "../../../src/components/core/away/away-name.js";
import {partColumns} from "../../../src/components/core/away/away-order.js";
import {pickResults} from "../../../src/components/core/away/pick-results.js";
import {memoryFile} from "../../../src/components/core/away/sync-file.js";
import {embeddingsTable, readEmbeddings} from "../../../src/components/core/tables/embeddings.js";
import type {Provenance} from "../../../src/components/core/tables/provenance.js";
import {readProvenance} from "../../../src/components/core/tables/provenance.js";
import {readUmap, umapTable} from "../../../src/components/core/tables/umap.js";
import type {CellStatus} from "../../../src/components/core/types.js";

const provenance: Provenance = {
  format: 1,
  stage: "embed",
  software: {name: "test", version: "1"},
  source: {name: "a.h5ad", bytes: 1, identity: "1-0"},
  parameters: {}
};
const rows = Int32Array.of(9, 4, 7, 2);
const cellIds = ["i", "d", "g", "b"];
const status: CellStatus[] = ["ok", "empty", "ok", "ok"];

test("results of some rows: vectors and coordinates of those cells, in the results' order, with their provenance", () => {
  const vectors = Float32Array.of(1, 2, 0, 0, 5, 6, 7, 8);
  const embeddings = embeddingsTable(
    {rows, cellIds, status, nTokens: Int32Array.of(3, 0, 4, 5), vectors, width: 2},
    provenance
  );
  const map = umapTable(
    {rows, cellIds, positions: Float32Array.of(1, -1, 2, -2, 3, -3), index: Int32Array.of(0, 2, 3)},
    {...provenance, stage: "umap"}
  );
  const picked = pickResults({name: "x", embeddings, map}, Int32Array.of(2, 4, 9, 100));
  const found = readEmbeddings(picked.embeddings);
  expect([[...found.rows], found.cellIds, found.status]).toEqual([
    [9, 4, 2],
    ["i", "d", "b"],
    ["ok", "empty", "ok"]
  ]);
  expect([...found.vectors]).toEqual([1, 2, 7, 8]);
  const places = readUmap(picked.map!);
  expect([[...places.index], [...places.positions]]).toEqual([
    [0, 2],
    [1, -1, 3, -3]
  ]);
  expect(readProvenance(picked.map!)).toMatchObject({stage: "umap"});
});

test("a part of the joined table has the cells' names and its own columns", () => {
  const columns = ["row", "cell_id", "status", "n_tokens", "x", "y", "obs:kind", "embedding"];
  expect(partColumns("all", columns)).toBeUndefined();
  expect(partColumns("map", columns)).toEqual(["row", "cell_id", "status", "x", "y"]);
  expect(partColumns("vectors", columns)).toEqual(["row", "cell_id", "status", "n_tokens", "embedding"]);
  expect(partColumns("cells", columns)).toEqual(["row", "cell_id", "status", "obs:kind"]);
});

test("names of files keep no folder signs", () => {
  expect(awayName("My cells (2).h5ad", "uce", "csv")).toBe("My-cells-2--uce.csv");
  expect(awayName("a/b.h5ad", "umap", "arrow")).toBe("a-b-umap.arrow");
  expect(awayName(".h5ad", "uce", "csv")).toBe("cells-uce.csv");
});

test("a file in memory grows, is cut off, and has zeros where nothing was written", () => {
  const file = memoryFile();
  file.write(Uint8Array.of(1, 2, 3), 5000);
  expect([file.size(), file.bytes()[0], ...file.bytes().subarray(5000)]).toEqual([5003, 0, 1, 2, 3]);
  file.truncate(5001);
  file.truncate(5003);
  expect([...file.bytes().subarray(5000)]).toEqual([1, 0, 0]);
  const into = new Uint8Array(10);
  expect([file.read(into, 5000), into[0], file.read(into, 6000)]).toEqual([3, 1, 0]);
});
