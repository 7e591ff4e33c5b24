import {existsSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, test} from "vitest";
import {folderBundle} from "../../../src/components/adapters/node-files.js";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {inspectAnnData} from "../../../src/components/core/anndata/inspect.js";
import {cellKeys} from "../../../src/components/core/cells/cell-keys.js";
import {seenCells, seenWords, trainingSet, type TrainingSet} from "../../../src/components/core/cells/seen-cells.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {parseManifest} from "../../../src/components/core/model/manifest.js";
import {prepareCells} from "../../../src/components/core/pipeline/prepare-cells.js";
import {sha256} from "../../../src/components/core/sha256.js";
import {demoModelFolder} from "../../../src/components/runtime/demo-model.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {demoFile} from "../../demo-file.js";

const names = (prefix: string, n: number) => Array.from({length: n}, (_, i) => `${prefix}${i}`);
const genes = ["B2M", "ACTB"];
const known = trainingSet("cortex", names("GSM", 466), genes);
const words = (ids: string[], of = [known], symbols = genes) => seenWords(seenCells(ids, symbols, of), ids.length);

describe("cells that a model was trained on", () => {
  test("are known in their own file, in a part of it, and in a larger file", () => {
    expect(words(names("GSM", 466))).toBe("all 466 cells are of a data set that the model was trained on (cortex)");
    expect(words([...names("GSM", 466)].reverse(), [known], ["other"]), "in another order, with other genes").toMatch(
      /^all 466/
    );
    expect(words(names("GSM", 200))).toMatch(/^about \d+ of 200 cells are of a data set that the model was trained on/);
    expect(words([...names("GSM", 466), ...names("new", 534)])).toMatch(/^466 of 1,000 cells are/);
  });

  test("are not seen where there are none, or next to none", () => {
    expect(words(names("other", 466))).toBeNull();
    expect(words([...names("GSM", 20), ...names("new", 980)])).toBeNull();
    expect(words([])).toBeNull();
    expect(seenCells(names("GSM", 466), genes, [])).toEqual([]);
  });

  test("that are called by numbers are known with their genes only", () => {
    const numbered = trainingSet("numbers", names("", 100), genes);
    expect(words(names("", 100), [numbered])).toMatch(/^all 100/);
    expect(words(names("", 100), [numbered], ["ACTB", "B2M"]), "the genes' order is of no matter").toMatch(/^all 100/);
    expect(words(names("", 100), [numbered], ["CD3D"])).toBeNull();
  });

  test("of several sets are named together", () => {
    const other = trainingSet("blood", names("b", 100), genes);
    expect(words([...names("GSM", 466), ...names("b", 100)], [other, known])).toBe(
      "about 566 of 566 cells are of data sets that the model was trained on (cortex, blood)"
    );
  });

  test("have keys of cyrb53", () => {
    // The hash's author gives 501c2ba782c97901, 459eda5bc254d2bf, fbce64cc3b748385 and fb1d85148d13f93a for all 64 bits.
    expect(cellKeys(["a", "b", "revenge", "revenue"], [])).toEqual([
      "1c2ba782c97901",
      "1eda5bc254d2bf",
      "0e64cc3b748385",
      "1d85148d13f93a"
    ]);
  });
});

describe("the embedded model", () => {
  test("names ten training sets, and is identified without them", async () => {
    const folder = folderBundle(demoModelFolder);
    const bundle = await openBundle(folder);
    expect(bundle.manifest.trainedOn!.map(({cells}) => cells)).toEqual([
      466, 100, 100, 3874, 2140, 2896, 1408, 1800, 2000, 302
    ]);
    const written = new TextDecoder().decode(await folder.read("manifest.json"));
    const {trainedOn: _, ...rest} = JSON.parse(written) as Record<string, unknown>;
    const without = new TextEncoder().encode(`${JSON.stringify(rest, null, 2)}\n`);
    expect(bundle.hash).toBe(await sha256(without));
    const plain = await openBundle({
      ...folder,
      read: (path, signal) => (path === "manifest.json" ? Promise.resolve(without) : folder.read(path, signal))
    });
    expect(plain.hash, "stored results and published figures stay those of this model").toBe(bundle.hash);
    const damaged = new TextEncoder().encode(
      JSON.stringify({...rest, trainedOn: [{name: "x", cells: 1, keys: ["1"]}]})
    );
    expect(() => parseManifest(damaged, "here")).toThrow(/trainedOn is .* not a list of name, cells and keys/);
  });

  test.for([
    ["darmanis2015_human_cortex_466", /^all 466 cells are of a data set .*\(human temporal cortex \(Darmanis 2015\)\)/],
    ["simsweb_human_brain_rnh027_100_counts", /^all 100 cells are of a data set .*\(developing human brain, rnh027\)/],
    ["zheng_pbmc_facs_600_symbols", /^about \d+ of 600 cells are of a data set .*\(sorted PBMC \(Zheng 2017\)\)/]
  ] as const)("tells of %s that it was trained on it", async ([name, says], context) => {
    const path = join("../shared/data/cells", `${name}.h5ad`);
    if (!existsSync(path)) return context.skip("../shared/data/cells is not here");
    const found = await problemOf(path);
    expect(found!.message).toMatch(says);
    expect(found!.message).toMatch(/: scores on them are optimistic$/);
  });
});

test("a run of such a file says so with its result", async () => {
  const {genes: known} = await openBundle(folderBundle(demoModelFolder));
  const reader = await openH5File("tests/fixtures/anndata/encodings.h5ad");
  try {
    const anndata = openAnnData(reader);
    const set = trainingSet("fixture", anndata.obsNames(), anndata.varNames());
    const choice = {matrix: "X", geneColumn: null};
    const codes = async (trainedOn?: TrainingSet[]) =>
      (await prepareCells(anndata, known, choice, null, {trainedOn})).notices.map(({code}) => code);
    expect(await codes([set])).toContain("trained-on");
    expect(await codes()).not.toContain("trained-on");
  } finally {
    reader.close();
  }
});

test("the demo's simulated cells are not taken for training cells", async () => {
  const demo = demoFile();
  try {
    expect(await problemOf(demo.path)).toBeUndefined();
  } finally {
    demo.remove();
  }
});

async function problemOf(path: string) {
  const bundle = await openBundle(folderBundle(demoModelFolder));
  const reader = await openH5File(path);
  try {
    const {problems} = await inspectAnnData(openAnnData(reader), {
      genes: new Set(bundle.genes.map(({symbol}) => symbol)),
      trainedOn: bundle.manifest.trainedOn
    });
    return problems.find(({code}) => code === "trained-on");
  } finally {
    reader.close();
  }
}
