import {expect, test} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import type {Inspection} from "../../../src/components/core/anndata/inspect.js";
import {keptInspection, type InspectionOf} from "../../../src/components/core/engine/kept-inspection.js";
import {inspect} from "../../../src/components/core/stages/file-facts.js";
import {memoryStore} from "../../../src/components/core/store/object-store.js";
import {createResultStore, type ResultStore} from "../../../src/components/core/store/result-store.js";
import type {ModelGene} from "../../../src/components/core/types.js";
import {fakeReader} from "../anndata/fake-reader.js";

const genes = Array.from({length: 25}, (_, i): ModelGene => ({symbol: `gene${i}`, token: i, chromosome: 1, start: i}));
const model = {species: "human", lists: [{name: "human", genes}]};
const noAliases = async () => new Map<string, readonly string[]>();

/** A file, and what is asked of it; `reads` counts how often its counts were read. */
function fileOf(store: ResultStore, parts: Partial<InspectionOf> = {}, value = (entry: number) => 1 + (entry % 5)) {
  const reader = fakeReader({nRows: 20, nCols: 30, perRow: 30, value});
  const source = {anndata: openAnnData(reader), identity: "a"};
  const bundle = {hash: "m", manifest: {}} as InspectionOf["model"];
  const of = {source, model: bundle, choice: {}, aliases: noAliases, storage: async () => ({store}), ...parts};
  const make: Parameters<typeof keptInspection>[1] = (aliases) => inspect(source.anndata, {genes, model, aliases}, {});
  return {
    look: () => keptInspection(of, make),
    reads: () => reader.reads.filter(({place}) => place === "/X/data").length
  };
}

const newStore = () => createResultStore(memoryStore());

test("what was seen in a file is found again without a look at its counts, under the name that it has now", async () => {
  const store = newStore();
  const made = await fileOf(store).look();
  expect(made.matrix.name).toBe("X");
  const again = fileOf(store);
  expect(await again.look()).toEqual({...made, file: {name: made.file.name, bytes: made.file.bytes}});
  expect(again.reads()).toBe(0);
});

test.each<[string, Partial<InspectionOf>]>([
  ["another file", {source: {anndata: openAnnData(fakeReader({nRows: 20, nCols: 30, perRow: 30})), identity: "b"}}],
  ["another model", {model: {hash: "n", manifest: {}} as InspectionOf["model"]}],
  ["other training sets", {model: {hash: "m", manifest: {trainedOn: [{name: "s", cells: 1, keys: []}]}} as never}],
  ["another choice", {choice: {repair: []}}]
])("%s is looked at", async (_, parts) => {
  const store = newStore();
  await fileOf(store).look();
  const other = fileOf(store, parts);
  await other.look();
  expect(other.reads()).toBeGreaterThan(0);
});

test("what found a fault is looked at again, and so is what went without the table of aliases", async () => {
  const store = newStore();
  const fault = await fileOf(store, {}, () => 0.5).look();
  expect(fault.problems.some(({severity}) => severity === "error")).toBe(true);
  expect(await store.objects.list("")).toEqual([]);

  const {look} = fileOf(store, {aliases: () => Promise.reject(new Error("offline"))});
  const found = (await look()) as Inspection;
  expect(found.genes.aligned).toBeLessThan(found.genes.nGenes);
  expect(await store.objects.list("")).toEqual([]);
});

test("where nothing can be read or written, the file is looked at all the same", async () => {
  const refuse = () => Promise.reject(new DOMException("denied", "SecurityError"));
  const {look, reads} = fileOf({...newStore(), read: refuse, write: refuse});
  expect((await look()).matrix.name).toBe("X");
  expect(reads()).toBeGreaterThan(0);
});
