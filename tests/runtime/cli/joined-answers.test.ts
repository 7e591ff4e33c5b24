import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test} from "vitest";
import {createRandom} from "../../../src/components/core/random.js";
import {embeddingsTable} from "../../../src/components/core/tables/embeddings.js";
import {readFullText} from "../../../src/components/core/tables/read-columns.js";
import {tableFromBytes, tableToFileBytes} from "../../../src/components/core/tables/file.js";
import {readProvenance} from "../../../src/components/core/tables/provenance.js";
import {openCells} from "../../../src/components/runtime/open-cells.js";
import {cli} from "./run-program.js";

let folder: string;
let files: [string, string];
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "joined-answers-"));
  files = [at("one.h5ad"), at("two.h5ad")];
  for (const file of files) cpSync("tests/fixtures/answers/labeled.h5ad", file);
});
afterAll(() => rmSync(folder, {recursive: true}));
const table = (name: string) => tableFromBytes(readFileSync(at(name)), name);

test("markers, composition and genesets read several files as one with --join, with the column of files to group by", async () => {
  const markers = await cli(
    "markers",
    ...files,
    "--join",
    "--groups",
    "obs:type",
    "--donors",
    "file",
    "--out",
    at("m.arrow")
  );
  expect(markers).toMatchObject({status: 0});
  const alone = await cli("markers", files[0], "--groups", "obs:type", "--out", at("a.arrow"));
  expect(alone).toMatchObject({status: 0});
  // Each cell twice: means and areas under the curve stay, and the two files agree on every gene.
  const [both, one] = [table("m.arrow"), table("a.arrow")];
  const byGene = (from: typeof both) =>
    new Map(
      readFullText(from, "gene").map((gene, i) => [
        `${from.getChild("group")!.get(i)} ${gene}`,
        from.getChild("auc")!.get(i) as number
      ])
    );
  const expected = byGene(one);
  for (const [key, auc] of byGene(both)) expect(auc).toBeCloseTo(expected.get(key)!, 10);
  expect(new Set(both.getChild("donors"))).toEqual(new Set([2]));
  expect(readProvenance(both)!.source.name).toBe("one + two");

  const parts = await cli(
    "composition",
    ...files,
    "--join",
    "--groups",
    "obs:file",
    "--by",
    "type",
    "--out",
    at("c.arrow")
  );
  expect(parts).toMatchObject({status: 0});
  expect(new Set(readFullText(table("c.arrow"), "group"))).toEqual(new Set(["one", "two"]));
  const scores = await cli("genesets", ...files, "--join", "--genes", "GENE1,GENE2", "--out", at("s.arrow"));
  expect(scores).toMatchObject({status: 0});
  expect(table("s.arrow").numRows).toBe(2 * cellsOfOne());
});

const cellsOfOne = () => {
  const {groups} = JSON.parse(readFileSync("tests/fixtures/answers/markers.json", "utf8")) as {groups: number[]};
  return groups.length;
};

test("score takes the files of a joined table, and the column of files as batches", async () => {
  const opened = await openCells(files);
  const cellIds = opened.anndata.obsNames();
  await opened.close();
  const {next} = createRandom(1);
  const columns = {
    rows: Int32Array.from(cellIds.keys()),
    cellIds,
    status: cellIds.map(() => "ok" as const),
    nTokens: new Int32Array(cellIds.length).fill(9),
    vectors: Float32Array.from({length: 3 * cellIds.length}, () => next() - 0.5),
    width: 3
  };
  const software = {name: "test", version: "0"};
  const source = {name: "one + two", bytes: 1, identity: "one"};
  const made = embeddingsTable(columns, {format: 1, stage: "embed", software, source, parameters: {}});
  writeFileSync(at("e.arrow"), tableToFileBytes(made));
  const asked = ["score", at("e.arrow"), "--labels", "type", "--batches", "file", "--json"];
  const scored = await cli(...asked, "--cells", files.join(","), "--join");
  expect(scored).toMatchObject({status: 0});
  expect(JSON.parse(scored.text)).toMatchObject({cells: 2 * (cellsOfOne() - 4), leftOut: 8, batches: 2});
});

test("several files without --join, and --join of one, are refused with the way out", async () => {
  const several = await cli("markers", ...files, "--groups", "obs:type", "--out", at("x.arrow"));
  expect(several).toMatchObject({status: 1, errors: expect.stringContaining("add --join")});
  const one = await cli("genesets", files[0], "--join", "--genes", "GENE1", "--out", at("x.arrow"));
  expect(one).toMatchObject({status: 1, errors: expect.stringContaining("--join joins several files")});
});
