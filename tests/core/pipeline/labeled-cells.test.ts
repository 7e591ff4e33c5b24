import {mkdtempSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, expect, test} from "vitest";
import {parquetColumns} from "../../../src/components/adapters/hyparquet.js";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {createRandom} from "../../../src/components/core/random.js";
import {cellsOfAnnData} from "../../../src/components/core/pipeline/cells-of-anndata.js";
import {cellsOfColumns} from "../../../src/components/core/pipeline/cells-of-columns.js";
import {cellsOfTable} from "../../../src/components/core/pipeline/cells-of-table.js";
import {labelColumns, referenceOf, type LabeledCells} from "../../../src/components/core/pipeline/labeled-cells.js";
import {countLabels, labeledColumns} from "../../../src/components/core/away/labeled-columns.js";
import {labelReference} from "../../../src/components/core/reference/label-reference.js";
import {makeReference} from "../../../src/components/core/pipeline/make-reference.js";
import {openReference} from "../../../src/components/core/reference/open-reference.js";
import {bundleOfFiles} from "../../../src/components/core/reference/reference-files.js";
import {labelEmbeddings} from "../../../src/components/core/pipeline/label-embeddings.js";
import type {ObsColumn} from "../../../src/components/core/tables/cells.js";
import {embeddingsTable, readEmbeddings} from "../../../src/components/core/tables/embeddings.js";
import {joinedTable} from "../../../src/components/core/tables/joined.js";
import type {Provenance} from "../../../src/components/core/tables/provenance.js";
import {writeH5ad} from "../../../src/components/runtime/node-h5ad.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {tablePieces} from "../../../src/components/runtime/table-pieces.js";
import {labelWords} from "../../../src/components/views/label-words.js";

const [cells, width] = [60, 8];
const model = {name: "small", hash: "a1b2", precision: "fp32" as const, backend: "cpu"};
const provenance: Provenance = {
  format: 1,
  stage: "embed",
  software: {name: "uce-workbook", version: "0"},
  source: {name: "x.h5ad", bytes: 1, identity: "1"},
  model,
  parameters: {}
};
const kinds = Array.from({length: cells}, (_, i) => (i === 7 ? null : ["a", "b", "c"][i % 3]));

/** Three clouds; the fifth cell has no vector. */
function embeddings() {
  const random = createRandom(1);
  const vectors = Float32Array.from({length: cells * width}, (_, at) => {
    const [cell, i] = [Math.floor(at / width), at % width];
    return (i === 2 * (cell % 3) ? 3 : 0) + 0.2 * random.normal();
  });
  const ids = Array.from({length: cells}, (_, i) => `c${i}`);
  const status = ids.map((_, i) => (i === 4 ? ("empty" as const) : ("ok" as const)));
  const nTokens = new Int32Array(cells).fill(5);
  return embeddingsTable(
    {rows: Int32Array.from(ids.keys()), cellIds: ids, status, nTokens, vectors, width},
    provenance
  );
}

const obs: ObsColumn[] = [
  {name: "kind", kind: "text", values: kinds},
  {name: "barcode", kind: "text", values: kinds.map((_, i) => `x${i}`)}
];
const stated = {name: "clouds", license: "CC0", citation: "", note: ""};

function expectThose(found: LabeledCells) {
  expect(found.model).toEqual({name: "small", hash: "a1b2"});
  expect(labelColumns(found)).toEqual([{name: "kind", groups: 3}]);
  const {reference, kept} = referenceOf(found, "kind");
  expect(kept).toHaveLength(cells - 1);
  expect(kept.includes(4)).toBe(false);
  expect(reference.vectors).toEqual(readEmbeddings(embeddings()).vectors);
  expect(reference.names).toEqual(["a", "b", "c"]);
  expect(reference.codes[kept.indexOf(7)]).toBe(-1);
  expect(() => referenceOf(found, "age")).toThrow(/"age", it has .*kind/);
}

describe("labeled cells are the same, wherever they stand", () => {
  const joined = () => joinedTable({embeddings: embeddings(), obs});

  test("in an Arrow table, and in Parquet", async () => {
    expectThose(cellsOfTable(joined(), "r.arrow"));
    const pieces = [...tablePieces(joined(), "parquet")] as Uint8Array<ArrayBuffer>[];
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    expectThose(cellsOfColumns(await parquetColumns(bytes, "r.parquet"), "r.parquet"));
    expect(() => cellsOfColumns({columns: new Map(), metadata: new Map()}, "r.parquet")).toThrow(/no embeddings/);
  });

  test("in an h5ad with X_uce, with the model where uns names it", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "labeled-")), "r.h5ad");
    const {vectors, index} = readEmbeddings(embeddings());
    const whole = new Float32Array(cells * width).fill(NaN);
    index.forEach((place, i) => whole.set(vectors.subarray(i * width, (i + 1) * width), place * width));
    const additions = {
      root: "",
      nObs: cells,
      arrays: [{name: "X_uce", width, rows: (from: number, to: number) => whole.subarray(from * width, to * width)}],
      columns: [{name: "kind", kind: "text" as const, values: kinds.map((kind) => kind ?? "unknown")}],
      texts: {name: "uce", values: {model: "small", model_hash: "a1b2"}}
    };
    await writeH5ad(
      path,
      null,
      additions,
      Array.from({length: cells}, (_, i) => `c${i}`)
    );
    const anndata = openAnnData(await openH5File(path));
    expectThose(cellsOfAnnData(anndata));
    anndata.close();
    const none = openAnnData(await openH5File("tests/fixtures/away/csc.h5ad"));
    expect(() => cellsOfAnnData(none)).toThrow(/no embeddings/);
    none.close();
  });
});

describe("a reference made of them", () => {
  const made = () =>
    makeReference(cellsOfTable(joinedTable({embeddings: embeddings(), obs}), "r"), ["kind"], stated, {layOut: 100});

  test("has calibration and a map, and labels cells as it should", async () => {
    const reference = await labelReference(bundleOfFiles("r", await made()));
    expect(reference.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(reference.manifest).toMatchObject({name: "clouds", cells: cells - 1, model: {hash: "a1b2"}});
    const opened = await openReference(bundleOfFiles("r", reference.files), "kind");
    expect(opened.map).toHaveLength(2 * (cells - 1));
    expect(opened.map!.every(Number.isFinite)).toBe(true);
    const request = {...opened, by: "kind", neighbors: 15, hash: reference.hash};
    const deps = {software: provenance.software, origin: provenance, name: "x"};
    const {table, facts} = await labelEmbeddings(readEmbeddings(embeddings()), request, deps);
    expect(facts).toMatchObject({reference: {name: "clouds", hash: reference.hash}, compared: cells - 1});
    // As columns of a file that has two more cells.
    const columns = labeledColumns(table, cells + 2);
    expect(columns.label.codes[4]).toBe(-1);
    const labeled = [...columns.label.codes.keys()].filter((row) => columns.label.codes[row] >= 0);
    expect(labeled.length).toBeGreaterThan(50);
    for (const row of labeled)
      expect(columns.label.categories[columns.label.codes[row]]).toBe(["a", "b", "c"][row % 3]);
    expect(columns.columns.map(({name}) => name)).toEqual(["label", "label_confidence"]);
    expect(columns.texts["labels_reference"]).toBe(`clouds, kind (${reference.hash})`);
    const counts = countLabels(columns, Int32Array.of(0, 3, 4, 6, 9, 61));
    expect(counts).toMatchObject({cells: 6, without: 2});
    expect(counts.unknown + counts.parts.reduce((sum, part) => sum + part.cells, 0)).toBe(4);
    const other = labelEmbeddings(readEmbeddings(embeddings()), request, {
      ...deps,
      origin: {...provenance, model: {...model, name: "large", hash: "ffff"}}
    });
    await expect(other).rejects.toMatchObject({code: "other-model", message: expect.stringMatching(/large.*small/)});
  });
});

test("labels of a selection are said in a sentence", () => {
  const part = (name: string, n: number, confidence: number) => ({name, cells: n, confidence});
  expect(labelWords({cells: 41, unknown: 3, without: 0, parts: [part("CD19+ B", 38, 0.931)]})).toBe(
    "38 of 41 cells: CD19+ B, mean confidence 0.93; 3 unknown."
  );
  const mixed = [part("B", 5, 1), part("T", 2, 0.5), part("NK", 1, 0.5), part("DC", 1, 0.5)];
  expect(labelWords({cells: 10, unknown: 0, without: 1, parts: mixed})).toBe(
    "5 of 10 cells: B, mean confidence 1.00; T (2), NK (1), DC (1), 1 without a vector."
  );
  const many = [...mixed, part("pDC", 1, 1)];
  expect(labelWords({cells: 30, unknown: 20, without: 0, parts: many})).toBe(
    "20 of 30 cells: unknown; B (5), T (2), 3 with 3 other labels."
  );
  expect(labelWords({cells: 2, unknown: 2, without: 0, parts: []})).toBe("2 cells: unknown.");
  expect(labelWords({cells: 2, unknown: 0, without: 2, parts: []})).toBe("2 cells without a vector.");
});

test("tables that are taken away have the columns that were made, and say which reference", () => {
  const label: ObsColumn = {
    name: "label",
    kind: "categorical",
    codes: Int32Array.from({length: cells}, (_, i) => (i % 4) - 1),
    categories: ["a", "b", "c"]
  };
  const joined = joinedTable({embeddings: embeddings(), obs, made: [label], texts: {labels_reference: "clouds"}});
  expect(joined.schema.fields.map(({name}) => name)).toEqual([
    "row",
    "cell_id",
    "status",
    "n_tokens",
    "obs:kind",
    "obs:barcode",
    "label",
    "embedding"
  ]);
  expect(joined.schema.metadata.get("uce-workbook-labels_reference")).toBe("clouds");
  expect(Array.from({length: 4}, (_, i) => joined.getChild("label")!.get(i))).toEqual([null, "a", "b", "c"]);
});
