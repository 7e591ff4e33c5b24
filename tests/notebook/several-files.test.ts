import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Table} from "apache-arrow";
import {afterAll, beforeAll, expect, test} from "vitest";
import {ask, embed, load, normalize, openFile, openFiles, sample} from "../../src/components/notebook/node.js";
import type {OpenFile} from "../../src/components/notebook/node.js";
import {shortModel} from "../short-model.js";
import {writeSmallFile} from "../runtime/small-h5ad.js";

let folder: string;
let paths: string[];
let model: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "several-"));
  model = await shortModel(folder);
  const obs = {type: (row: number) => (row % 2 === 0 ? "T" : "B")};
  paths = [
    await writeSmallFile(folder, {name: "a.h5ad", cells: 7, genes: [0, 1500], obs}),
    // Genes in another order, and some of its own.
    await writeSmallFile(folder, {name: "b.h5ad", cells: 5, genes: [1000, 2400], seed: 2, reversed: true})
  ];
});
afterAll(() => rmSync(folder, {recursive: true}));

const sentences = (file: OpenFile) => sample(normalize(load(file, {model})), {});
const texts = (table: Table, column: string) =>
  [...table.getChild(column)!].map((value) => (value === null ? null : String(value)));
const lists = (table: Table, column: string) =>
  [...table.getChild(column)!].map((value: {toArray(): ArrayLike<number>}) => Array.from(value.toArray()));

test("each cell of two files has the sentence and the vector that it has alone", async () => {
  const joined = await openFiles(paths, {model});
  const alone = await Promise.all(paths.map((path) => openFile(path, {model})));
  const together = await sentences(joined).table();
  const apart = await Promise.all(alone.map((file) => sentences(file).table()));
  expect(lists(together, "tokens")).toEqual(apart.flatMap((table) => lists(table, "tokens")));
  expect([...together.getChild("row")!]).toEqual(Array.from({length: 12}, (_, row) => row));

  const vectors = await embed(sentences(joined)).table();
  const own = await Promise.all(alone.map((file) => embed(sentences(file)).table()));
  expect(lists(vectors, "embedding")).toEqual(own.flatMap((table) => lists(table, "embedding")));

  // A cell's steps are its own, too, averaged samplings included.
  const steps = await ask(sentences(joined), "cellSteps", {row: 9});
  const ownSteps = await ask(sentences(alone[1]), "cellSteps", {row: 2});
  expect(steps).toEqual({...ownSteps, row: 9});
  const twice = (file: OpenFile) => embed(sentences(file), {average: 2}).table();
  expect(lists(await twice(joined), "embedding").slice(7)).toEqual(lists(await twice(alone[1]), "embedding"));
  // What is kept of normalizing is in the order of all genes.
  const weights = async (file: OpenFile) => {
    const symbols = texts(await load(file).genes(), "symbol");
    const table = await normalize(load(file)).table();
    const [genes, values] = [lists(table, "gene"), lists(table, "probability")];
    return genes.map((row, i) => Object.fromEntries(row.map((gene, k) => [symbols[gene], values[i][k]])));
  };
  expect((await weights(joined)).slice(7)).toEqual(await weights(alone[1]));
});

test("names are made unique with the file's name, columns are joined, and the file is one of them", async () => {
  const joined = await openFiles(paths);
  const cells = await load(joined).table();
  expect(texts(cells, "cell_id").slice(5, 9)).toEqual(["cell-5-a", "cell-6-a", "cell-0-b", "cell-1-b"]);
  expect(texts(cells, "obs:file")).toEqual([...Array(7).fill("a"), ...Array(5).fill("b")]);
  expect(texts(cells, "obs:type").slice(5, 9)).toEqual(["B", "T", null, null]);
  expect(joined.inspection.nVar).toBe(2400);
  // Counts of the file are those of its parts.
  const own = await Promise.all(paths.map(async (path) => load(await openFile(path)).table()));
  expect([...cells.getChild("total_counts")!]).toEqual(own.flatMap((table) => [...table.getChild("total_counts")!]));
  expect([...cells.getChild("n_genes")!]).toEqual(own.flatMap((table) => [...table.getChild("n_genes")!]));
});

test("files in another order are another data set, and one file is none", async () => {
  const [first, again, other] = [await openFiles(paths), await openFiles(paths), await openFiles([...paths].reverse())];
  expect(again.identity).toBe(first.identity);
  expect(other.identity).not.toBe(first.identity);
  await expect(openFiles(paths.slice(0, 1))).rejects.toMatchObject({details: {code: "one-file"}});
});
