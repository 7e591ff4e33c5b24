import {afterAll, beforeAll, expect, test, vi} from "vitest";
import {
  answerFacts,
  ask,
  cluster,
  embed,
  label,
  load,
  normalize,
  openFile,
  openReference,
  sample,
  umap,
  type OpenFile
} from "../../src/components/notebook/node.js";
import type {ClusterFacts} from "../../src/components/core/pipeline/cluster-embeddings.js";
import type {LabelFacts} from "../../src/components/core/pipeline/label-embeddings.js";
import {openReference as openReferenceBundle} from "../../src/components/core/reference/open-reference.js";
import {bundleOfFiles} from "../../src/components/core/reference/reference-files.js";
import {readEmbeddings} from "../../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {readProvenance} from "../../src/components/core/tables/provenance.js";
import {louvain} from "../../src/components/runtime/louvain.js";
import {demoFile} from "../demo-file.js";

const demo = demoFile();
let file: OpenFile;
beforeAll(async () => {
  file = await openFile(demo.path);
});
afterAll(() => demo.remove());

const chain = (rows: number[], minDist = 0.1) => {
  const counts = load(file, {cells: {mode: "rows", rows}});
  const probabilities = normalize(counts);
  const sentences = sample(probabilities);
  const embeddings = embed(sentences);
  return {counts, probabilities, sentences, embeddings, map: umap(embeddings, {neighbors: 5, minDist})};
};
const some = Array.from({length: 12}, (_, i) => i);

test("a file that is opened by several at once is there for all of them", async () => {
  const files = await Promise.all([openFile(demo.path), openFile(demo.path)]);
  const tables = await Promise.all(files.map((file) => load(file, {cells: {mode: "rows", rows: [0, 1]}}).table()));
  expect(tables.map((table) => table.numRows)).toEqual([2, 2]);
});

test("a chain asked for at its end runs once, and every stage has its table", async () => {
  const {counts, probabilities, sentences, embeddings, map} = chain(some);
  const tables = await Promise.all([map, embeddings, sentences, probabilities, counts].map((stage) => stage.table()));
  expect(tables.map((table) => table.numRows)).toEqual([12, 12, 12, 12, 12]);
  expect(readProvenance(tables[0])!.stage).toBe("umap");
  const genes = await counts.genes();
  expect(genes.numRows).toBe(file.inspection.nVar);
});

test("equal descriptions are one: the same table, and a changed min_dist runs umap alone", async () => {
  expect(await chain(some).map.table()).toBe(await chain(some).map.table());
  const other = chain(some, 0.5).map;
  const seen: string[] = [];
  const watching = (async () => {
    for await (const status of other.watch()) {
      for (const {stage, state, stored} of status.stages) if (state === "running" && !stored) seen.push(stage);
      if (status.stages[4].state === "done") return;
    }
  })();
  await other.table();
  await watching;
  expect(new Set(seen)).toEqual(new Set(["umap"]));
});

test("live gives what there is so far and the whole table last", async () => {
  const frames = [];
  for await (const table of chain(some, 0.3).map.live()) frames.push(table);
  expect(frames.at(-1)!.schema.fields.map(({name}) => name)).toEqual(["row", "cell_id", "x", "y"]);
});

test("rows and batches are parts of the whole table", async () => {
  const {probabilities, embeddings, map} = chain(some);
  const part = await embeddings.rows([3, 7]);
  const whole = await embeddings.table();
  expect(part.getChild("row")!.toArray()).toEqual(Int32Array.of(3, 7));
  expect(part.getChild("embedding")!.get(1)!.toArray()).toEqual(whole.getChild("embedding")!.get(7)!.toArray());
  expect((await map.rows([3, 7])).numRows).toBe(2);
  const sizes = [];
  for await (const piece of probabilities.batches({size: 5})) sizes.push(piece.numRows);
  expect(sizes).toEqual([5, 5, 2]);
});

test("questions name their stage", async () => {
  const {embeddings} = chain(some);
  await embeddings.table();
  const near = await ask(embeddings, "cellNeighbors", {row: 3, k: 4});
  expect(near!.rows).toHaveLength(4);
  const ranked = await ask(embeddings, "neighborRanks", {
    row: 3,
    rows: Int32Array.of(near!.rows[2], -1, near!.rows[0])
  });
  expect(ranked!.ranks).toEqual(Int32Array.of(3, 0, 1));
  expect(ranked!.cosines[0]).toBe(near!.cosines[2]);
});

test("clusters are a stage of the vectors, which it waits for, and are kept with the run", async () => {
  const search = vi.spyOn(louvain, "open");
  const {embeddings, map} = chain(some);
  const clusters = cluster(embeddings, {neighbors: 5, resolution: 0.5});
  const table = await clusters.table();
  expect(table.schema.fields.map(({name}) => name)).toEqual(["row", "cell_id", "cluster"]);
  expect(readProvenance(table)).toMatchObject({
    stage: "cluster",
    source: {name: file.name},
    parameters: {clustering: "Louvain", neighbors: 5, resolution: 0.5, seed: 42}
  });
  const facts = answerFacts<ClusterFacts>(table)!;
  expect(facts).toMatchObject({resolution: 0.5, loweredFrom: null, clustered: 12});
  expect(facts.sizes.reduce((sum, cells) => sum + cells, 0)).toBe(12);
  expect(facts.stability.map(({resolution}) => resolution)).toEqual([0.25, 0.5, 1]);
  // A program that begins anew finds it in the store: the question answers without the library.
  const bytes = await ask(map, "cluster", {neighbors: 5, resolution: 0.5, seed: 42, stability: true});
  expect(answerFacts(tableFromBytes(bytes))).toEqual(facts);
  expect(search).toHaveBeenCalledTimes(1);
});

test("labels are a stage of the vectors, too; the reference's nearest cells are those that comparing all finds, and its map stays", async () => {
  const reference = await openReference("src/data/reference-pbmc");
  const {embeddings} = chain(some);
  const table = await label(embeddings, {reference, by: "subpop"}).table();
  expect(table.schema.fields.map(({name}) => name)).toEqual([
    "row",
    "cell_id",
    "label",
    "confidence",
    "nearest_label",
    "known"
  ]);
  expect(readProvenance(table)).toMatchObject({
    stage: "label",
    parameters: {by: "subpop", referenceHash: reference.hash}
  });
  // The demo is brain tissue, and the reference is blood.
  const facts = answerFacts<LabelFacts>(table)!;
  expect(facts.unknown + facts.labels.reduce((sum, {cells}) => sum + cells, 0)).toBe(facts.compared);
  const {files, manifest} = reference;
  const near = (await ask(embeddings, "nearestReferenceCells", {row: 3, k: 4, by: "subpop", files}))!;
  const opened = await openReferenceBundle(bundleOfFiles("pbmc", files), "subpop");
  const {vectors, width, names, codes} = opened.reference;
  const mine = readEmbeddings(await embeddings.table()).vectors.subarray(3 * width, 4 * width);
  const norm = (v: ArrayLike<number>) => Math.hypot(...Array.from(v));
  const cosine = (cell: number) => {
    const other = vectors.subarray(cell * width, (cell + 1) * width);
    return mine.reduce((sum, value, i) => sum + value * other[i], 0) / norm(mine) / norm(other);
  };
  const all = Array.from({length: manifest.cells}, (_, cell) => ({cell, cosine: cosine(cell)}));
  const best = all.sort((a, b) => b.cosine - a.cosine).slice(0, 4);
  expect([...near.places]).toEqual(best.map(({cell}) => cell));
  best.forEach((one, i) => expect(near.cosines[i]).toBeCloseTo(one.cosine, 6));
  expect(near.labels).toEqual(best.map(({cell}) => names[codes[cell]]));
  const map = await ask(embeddings, "referenceMap", {by: "subpop", files});
  expect(map.positions).toEqual(opened.map);
  expect([...map.rows]).toEqual(some);
  expect(map.placed.every(Number.isFinite)).toBe(true);
  expect(await ask(embeddings, "nearestReferenceCells", {row: 999, k: 4, by: null, files})).toBeNull();
});

test("a withdrawn wish rejects, and a fault is thrown with its way out", async () => {
  const stop = new AbortController();
  const wish = chain([1, 2, 3, 4, 5, 6], 0.9).map.table({signal: stop.signal});
  stop.abort();
  await expect(wish).rejects.toThrow(/abort/i);
  await expect(load(file, {matrix: "layers/none"}).table()).rejects.toMatchObject({name: "WorkbookError"});
  expect(() => umap(load(file))).toThrow(/umap reads a embed stage|umap reads/);
});
