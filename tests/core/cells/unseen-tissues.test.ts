import {describe, expect, test} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {tissueProblem} from "../../../src/components/core/anndata/tissue-problem.js";
import {trainingSet} from "../../../src/components/core/cells/seen-cells.js";
import {unseenTissues} from "../../../src/components/core/cells/unseen-tissues.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";

const setOf = (tissue?: string) => ({
  ...trainingSet("a set", ["a", "b"], ["g"]),
  ...(tissue !== undefined && {tissue})
});

describe("tissues that a model never saw", () => {
  test("are those that no training set names, with their cells", () => {
    const values = ["lung", "Lung", "cerebral cortex of brain", "blood", null, "unknown", "liver", "lung"];
    expect(unseenTissues(values, [setOf("brain"), setOf("Blood")])).toEqual({
      tissues: ["lung", "Lung", "liver"],
      cells: 4,
      seen: ["brain", "Blood"]
    });
  });

  test("are unknown where a set does not say its tissue, and none where all were seen", () => {
    expect(unseenTissues(["lung"], [setOf("brain"), setOf()])).toBeNull();
    expect(unseenTissues(["lung"], [])).toBeNull();
    expect(unseenTissues(["brain", "nan", ""], [setOf("brain cortex")])).toBeNull();
    // Names are compared by whole words.
    expect(unseenTissues(["rib"], [setOf("ribbon")])?.tissues).toEqual(["rib"]);
  });
});

test("a file that names its tissues is told of them, one that does not is not", async () => {
  const open = async (name: string) => openAnnData(await openH5File(`tests/fixtures/species/${name}.h5ad`));
  const [named, bare] = [await open("tissues"), await open("human")];
  expect(tissueProblem(named, [setOf("brain")])).toMatchObject({
    code: "unseen-tissue",
    severity: "info",
    place: "/obs/tissue",
    message: "4 of 12 cells are of tissues that the model was not trained on (lung; it was trained on brain)",
    remedy: expect.stringMatching(/principal components/)
  });
  expect(tissueProblem(named, [setOf("brain"), setOf("lung")])).toBeNull();
  expect(tissueProblem(named, [setOf()])).toBeNull();
  expect(tissueProblem(bare, [setOf("brain")])).toBeNull();
  named.close();
  bare.close();
});
