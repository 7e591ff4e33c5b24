import {expect, test} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {defaultParameters} from "../../../src/components/core/parameters.js";
import {keepInspected} from "../../../src/components/core/pipeline/known-inspections.js";
import {prepareCells, type LoadParameters} from "../../../src/components/core/pipeline/prepare-cells.js";
import {alignedMatrix} from "../../../src/components/core/questions/aligned-matrix.js";
import type {NamesContext} from "../../../src/components/core/questions/gene-names.js";
import {inspect, type InspectChoice} from "../../../src/components/core/stages/file-facts.js";
import type {ModelGene} from "../../../src/components/core/types.js";
import {fakeReader} from "../anndata/fake-reader.js";

const genesCalled = (name: string) =>
  Array.from({length: 25}, (_, i): ModelGene => ({symbol: `${name}${i}`, token: i, chromosome: 1, start: 25 - i}));
const aliases = async () => new Map<string, readonly string[]>();

/** A file whose inspection under `choice` is known, and what questions about it are asked with; `reads` counts how often its counts were read. */
async function inspected(choice: InspectChoice, parts: Partial<LoadParameters> = {}, genes = genesCalled("gene")) {
  const shape = {nRows: 20, nCols: 30, perRow: 30};
  const reader = fakeReader(shape);
  const anndata = openAnnData(reader);
  const lists = {species: "human", lists: [{name: "human", genes}]};
  keepInspected(
    "m",
    anndata,
    choice,
    await inspect(openAnnData(fakeReader(shape)), {genes, model: lists, aliases}, choice)
  );
  const model = {...lists, hash: "m", genes};
  const parameters = {...defaultParameters, matrix: "X", ...parts};
  const context = {
    anndata,
    aliases,
    model: {...lists, hash: "m", genes},
    chain: {parameters}
  } as unknown as NamesContext;
  return {
    context,
    parameters,
    genes,
    model,
    anndata,
    reads: () => reader.reads.filter(({place}) => place === "/X/data").length
  };
}

test("the genes of a file that was inspected are aligned as a run aligns them, without a look at its counts", async () => {
  const {context, anndata, genes, model, parameters, reads} = await inspected({});
  const {matrix, names, alignment} = await alignedMatrix(context);
  expect(reads()).toBe(0);
  const run = await prepareCells(anndata, genes, parameters, null, {model, aliases});
  expect({matrix, names, alignment}).toEqual({matrix: run.matrix, names: run.names, alignment: run.alignment});
});

test.each<[string, InspectChoice, Partial<LoadParameters>]>([
  ["another column of names", {geneColumn: "_index"}, {}],
  ["other repairs", {repair: []}, {}],
  ["a filter", {}, {filter: "public"}],
  ["no matrix", {}, {matrix: null}]
])("the counts are looked at where a file was inspected otherwise: %s", async (_, choice, parts) => {
  const {context, reads} = await inspected(choice, parts);
  await alignedMatrix(context).catch(() => {});
  expect(reads()).toBeGreaterThan(0);
});

test("a file that a run refuses is refused with the run's words", async () => {
  const {context, anndata, genes, model, parameters} = await inspected({}, {}, genesCalled("other"));
  const refused = await prepareCells(anndata, genes, parameters, null, {model, aliases}).catch(String);
  expect(refused).toContain("none of the 30 gene names");
  await expect(alignedMatrix(context).catch(String)).resolves.toBe(refused);
});
