import {expect, test} from "vitest";
import {methodsText} from "../../../src/components/core/report/methods-text.js";
import type {Provenance} from "../../../src/components/core/tables/provenance.js";

const provenance: Provenance = {
  format: 1,
  stage: "umap",
  software: {name: "uce-workbook", version: "1.2.3"},
  source: {name: "a.h5ad", bytes: 1234567, identity: "1234567-abc"},
  matrix: "raw/X",
  genes: {names: "var/symbol", inFile: 20000, aligned: 15000, repair: ["dots"], repaired: 12},
  model: {name: "Small", hash: "f00", precision: "fp16", backend: "cpu"},
  parameters: {sampling: "reference", seeds: "row", average: 1, neighbors: 15, minDist: null, seed: 42}
};

test("a paragraph names versions, counts, genes, model, parameters and seeds", () => {
  expect(methodsText(provenance, 3000, 0.3)).toBe(
    "Cells of a.h5ad (1,234,567 bytes, identity 1234567-abc) were processed with uce-workbook 1.2.3. " +
      "Counts were read from raw/X; of 20,000 genes (names from var/symbol), 15,000 are known to the model, 12 of them after repairs of their names (dots). " +
      "Genes were sampled in proportion to log(1 + counts), as UCE-brain draws them, seeded by the cell's row in the file. " +
      "Sentences were embedded by Small (manifest SHA-256 f00), weights stored as fp16, backend cpu. " +
      "The map of 3,000 cells is UMAP of the embeddings (cosine distance, 15 neighbors, minimum distance 0.3, seed 42, starting from principal components)."
  );
});

test("what differs from the reference is said: scheme, seeds, averages, random weights", () => {
  const model = {...provenance.model!, untrained: true};
  const parameters = {...provenance.parameters, sampling: "low-variance", seeds: "name", average: 3};
  const text = methodsText({...provenance, model, parameters}, 1, 0.8);
  expect(text).toMatch(
    /low-variance scheme, seeded by a hash of the cell's name; embeddings of 3 samplings were averaged/
  );
  expect(text).toMatch(/Its weights are random: it was not trained/);
});
