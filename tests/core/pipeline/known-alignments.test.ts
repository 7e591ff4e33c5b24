import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";
import {defaultParameters} from "../../../src/components/core/parameters.js";
import {keepAlignment, knownAlignment} from "../../../src/components/core/pipeline/known-alignments.js";
import {prepareCells} from "../../../src/components/core/pipeline/prepare-cells.js";
import {alignedMatrix} from "../../../src/components/core/questions/aligned-matrix.js";
import type {NamesContext} from "../../../src/components/core/questions/gene-names.js";
import {openFixtureReader} from "../anndata/open.js";

it("answers a question with what a run has prepared, of the same file, model and choices only", async () => {
  const anndata = openAnnData(await openFixtureReader("columns"));
  const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
  const prepared = await prepareCells(anndata, genes, defaultParameters, Int32Array.of(1));
  keepAlignment("a-model", defaultParameters, prepared);
  // Nothing of the model is there to be read, so nothing is prepared again.
  const context = {
    anndata,
    model: {hash: "a-model"},
    chain: {parameters: defaultParameters}
  } as unknown as NamesContext;
  expect(await alignedMatrix(context)).toBe(prepared);
  expect(knownAlignment(anndata, "another", defaultParameters)).toBeUndefined();
  expect(knownAlignment(anndata, "a-model", {...defaultParameters, repair: []})).toBeUndefined();
});
