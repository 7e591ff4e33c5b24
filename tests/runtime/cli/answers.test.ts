import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {parquetPieces} from "../../../src/components/adapters/hyparquet-writer.js";
import {createRandom} from "../../../src/components/core/random.js";
import {embeddingsTable} from "../../../src/components/core/tables/embeddings.js";
import {tableFromBytes, tableToFileBytes} from "../../../src/components/core/tables/file.js";
import {plainColumns} from "../../../src/components/core/tables/plain-columns.js";
import {readProvenance, type Provenance} from "../../../src/components/core/tables/provenance.js";
import {cli} from "./run-program.js";

const cells = "tests/fixtures/answers/labeled.h5ad";
const {groups} = JSON.parse(readFileSync("tests/fixtures/answers/markers.json", "utf8")) as {groups: number[]};
const width = 8;

let folder: string;
const at = (name: string) => join(folder, name);
const read = (name: string) => tableFromBytes(readFileSync(at(name)), name);

/** Embeddings of the fixture's cells: a cloud a group; the first cell has none. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "answers-"));
  const random = createRandom(3);
  const vectors = Float32Array.from({length: groups.length * width}, (_, i) => {
    const group = groups[Math.floor(i / width)];
    return (i % width === (group < 0 ? 3 : group) ? 3 : 0) + 0.4 * random.normal();
  });
  const made = (hash: string) =>
    tableToFileBytes(
      embeddingsTable(
        {
          rows: Int32Array.from(groups.keys()),
          cellIds: groups.map((_, i) => `cell-${i}`),
          status: groups.map((_, i) => (i === 0 ? "empty" : "ok")),
          nTokens: new Int32Array(groups.length).fill(9),
          vectors,
          width
        },
        {
          format: 1,
          stage: "embed",
          software: {name: "test", version: "1"},
          source: {name: "labeled.h5ad", bytes: 1, identity: ""},
          model: {name: "made-up", hash, precision: "fp32", backend: "cpu"},
          parameters: {}
        } satisfies Provenance
      )
    );
  writeFileSync(at("e.arrow"), made("one"));
  writeFileSync(at("other-model.arrow"), made("two"));
});
afterAll(() => rmSync(folder, {recursive: true}));

describe("cluster, markers", () => {
  test("clusters go into markers, by name of the cell", async () => {
    const clustered = await cli("cluster", at("e.arrow"), "--out", at("c.arrow"), "--json");
    expect(clustered).toMatchObject({status: 0, errors: ""});
    expect(JSON.parse(clustered.text)).toMatchObject({clustered: 89, cells: 90, resolution: 1});
    const table = read("c.arrow");
    expect(table.schema.fields.map(({name}) => name)).toEqual(["row", "cell_id", "cluster"]);
    expect(table.getChild("cluster")!.nullCount).toBe(1);
    expect(readProvenance(table)).toMatchObject({stage: "cluster", model: {hash: "one"}, parameters: {seed: 42}});
    const marked = await cli("markers", cells, "--groups", at("c.arrow"), "--out", at("m.arrow"), "--json");
    expect(marked).toMatchObject({status: 0, errors: ""});
    const {groups: found} = JSON.parse(marked.text) as {groups: {cells: number}[]};
    expect(found.reduce((sum, group) => sum + group.cells, 0)).toBe(89);
  });

  test("a group against another, donors counted", async () => {
    const pair = ["--group", "B cell", "--against", "T cell", "--donors", "donor"];
    const told = await cli("markers", cells, "--groups", "obs:type", ...pair, "--out", at("m.arrow"));
    expect(told.text).toMatch(
      /1 groups, 40 genes of X\n  B cell, \d+ cells against \d+: GENE\d+ \(0\.\d\d, \d of 2 donors\)/
    );
    const table = read("m.arrow");
    expect(table.numRows).toBe(40);
    expect(table.schema.fields.map(({name}) => name).slice(0, 8)).toEqual(
      "group gene auc p q log2_fold_change share_in share_out".split(" ")
    );
  });

  test.for([
    [["--against", "T cell"], /--against names what --group is compared with/],
    [["--group", "X cell"], /there is no group "X cell": use one of B cell, NK cell, T cell/],
    [["--group", "T cell", "--against", "T cell"], /--group and --against are both "T cell"/]
  ] as [string[], RegExp][])("markers %j is refused", async ([more, words]) => {
    const told = await cli("markers", cells, "--groups", "obs:type", "--out", at("no.arrow"), ...more);
    expect(told.status).toBe(1);
    expect(told.errors).toMatch(words);
  });
});

describe("reference, label", () => {
  test("a reference labels cells, from a folder, Arrow and Parquet alike", async () => {
    const made = await cli("reference", at("e.arrow"), "--labels", "type", "--cells", cells, "--out", at("ref"));
    expect(made).toMatchObject({status: 0, errors: ""});
    expect(made.text).toMatch(/reference of 89 cells, \d+ kB\n  type, held-out cells: \d+ % correct/);
    await cli("export", at("e.arrow"), "--obs", cells, "--other-file", "--out", at("r.arrow"));
    const table = read("r.arrow");
    const {metadata} = table.schema;
    const pieces = parquetPieces({columns: plainColumns(table), rows: table.numRows, metadata});
    writeFileSync(at("r.parquet"), Buffer.concat([...pieces]));
    const labels = [];
    for (const [reference, ...by] of [["ref"], ["r.arrow", "--by", "type"], ["r.parquet", "--by", "type"]]) {
      const told = await cli("label", at("e.arrow"), "--reference", at(reference), ...by, "--out", at("l.arrow"));
      expect(told).toMatchObject({status: 0, errors: ""});
      labels.push([...read("l.arrow").getChild("label")!]);
    }
    expect(labels[1]).toEqual(labels[0]);
    expect(labels[2]).toEqual(labels[0]);
    expect(labels[0].filter((label, i) => label === ["B cell", "NK cell", "T cell"][groups[i]]).length).toBeGreaterThan(
      75
    );
    expect(readProvenance(read("l.arrow"))).toMatchObject({stage: "label", parameters: {by: "type"}});
  });

  test("vectors of another model are refused, and so are labels that are not there", async () => {
    const other = await cli("label", at("other-model.arrow"), "--reference", at("ref"), "--out", at("no.arrow"));
    expect(other).toMatchObject({status: 2});
    expect(other.errors).toMatch(/made by the model made-up.*embed the cells with the reference's model/);
    const missing = await cli(
      "label",
      at("e.arrow"),
      "--reference",
      at("r.arrow"),
      "--by",
      "age",
      "--out",
      at("no.arrow")
    );
    expect(missing.errors).toMatch(/no column of labels "age", it has type, donor.*export EMBEDDINGS.arrow --obs/);
  });

  test("a folder that holds something else is not replaced", async () => {
    const told = await cli("reference", at("e.arrow"), "--labels", "type", "--cells", cells, "--out", folder);
    expect(told).toMatchObject({status: 1});
    expect(told.errors).toMatch(/holds other files/);
  });
});

describe("score", () => {
  test("scores the vectors beside components and the labels themselves, with published means", async () => {
    const asked = ["--labels", "type", "--batches", "donor", "--cells", cells];
    const told = await cli("score", at("e.arrow"), ...asked, "--json");
    expect(told).toMatchObject({status: 0, errors: ""});
    const {spaces, cells: scored, leftOut, pcr, published} = JSON.parse(told.text);
    expect(scored + leftOut).toBe(89);
    expect(leftOut).toBeGreaterThan(0);
    expect(spaces.embeddings).toMatchObject({nmi: 1, ari: 1, graphConnectivity: 1});
    expect(spaces.labels).toMatchObject({nmi: 1, ari: 1, graphConnectivity: 1});
    expect(spaces.components.nmi).toBeLessThan(1);
    expect(pcr).toBeGreaterThanOrEqual(0);
    expect(published.means.map(({method}: {method: string}) => method)).toContain("scVI");
  });
});

describe("composition, genesets", () => {
  test("groups are counted by a column, with intervals", async () => {
    const told = await cli("composition", cells, "--groups", "obs:type", "--by", "donor", "--out", at("comp.arrow"));
    expect(told).toMatchObject({status: 0, errors: ""});
    expect(told.text).toMatch(/3 groups by donor.*\n  B cell, \d+ cells: donor \d \d+ % \(\d+ to \d+\)/);
    expect(read("comp.arrow").schema.fields.map(({name}) => name)).toEqual(
      "group value cells of share low high".split(" ")
    );
  });

  test("sets of genes are scored cell by cell, and what the file lacks is told", async () => {
    writeFileSync(at("sets.gmt"), "one\t\tGENE0\tGENE4\tTP53\ntwo\t\tGENE1\n");
    const told = await cli("genesets", cells, "--sets", at("sets.gmt"), "--out", at("sets.arrow"));
    expect(told).toMatchObject({status: 0, errors: ""});
    expect(told.text).toMatch(/90 cells, 2 sets of X\n  one: 2 genes; not in the file: TP53\n  two: 1 genes/);
    expect([...read("sets.arrow").getChild("set:one")!].every((score) => score >= 0 && score <= 1)).toBe(true);
    const none = await cli("genesets", cells, "--genes", "TP53", "--out", at("no.arrow"));
    expect(none).toMatchObject({status: 2, errors: expect.stringMatching(/none of the genes of TP53/)});
    expect((await cli("genesets", cells, "--out", at("no.arrow"))).errors).toMatch(
      /either --genes or --sets is needed/
    );
  });
});

test("explain tells which genes move a cell, with labels of a reference; another cell is refused", async () => {
  const demo = "tests/fixtures/anndata/columns.h5ad";
  const asked = ["--top", "1", "--draws", "2", "--reference", "src/data/reference-pbmc", "--by", "subpop"];
  const told = await cli("explain", demo, "--cell", "0", ...asked, "--json");
  expect(told).toMatchObject({status: 0});
  const {parts, noise, label} = JSON.parse(told.text);
  expect(parts).toHaveLength(1);
  expect(noise).toBeGreaterThan(0);
  expect(label.share).toBeGreaterThan(0);
  const none = await cli("explain", demo, "--cell", "no such cell");
  expect(none).toMatchObject({status: 1, errors: expect.stringMatching(/has no cell "no such cell"/)});
});
