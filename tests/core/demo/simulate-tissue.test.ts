import {describe, expect, test} from "vitest";
import {cortexWithBlood} from "../../../src/components/core/demo/cortex-with-blood.js";
import {unassigned} from "../../../src/components/core/demo/simulate-tissue.js";
import type {Quality} from "../../../src/components/core/demo/simulate-tissue.js";
import {labelAgreement} from "../../../src/components/core/space/label-agreement.js";
import {logNormalize} from "../../../src/components/core/space/log-normalize.js";
import {sparseMatrix} from "../../../src/components/core/space/matrices.js";
import {principalComponents} from "../../../src/components/core/space/principal-components.js";
import {demoProfiles, demoTissue, median} from "./demo-tissue.js";

const demo = demoTissue();
const otherSeed = demoTissue({seed: 1});
const {nCells, cellType, quality, donor, totals, genesPerCell, mitochondrialShare} = demo;
const cells = Array.from({length: nCells}, (_, i) => i);
const ofQuality = (wanted: Quality) => cells.filter((i) => quality[i] === wanted);
const ofType = (type: string) => cells.filter((i) => cellType[i] === type && quality[i] === "good");
const types = [...new Set(cortexWithBlood.parts.map(({type}) => type))];

describe("the demo's cells", () => {
  test("are 260 droplets of eleven types in unequal numbers, from two donors", () => {
    expect(nCells).toBe(260);
    expect(new Set(cellType)).toEqual(new Set([...types, unassigned]));
    expect(types.length).toBe(11);
    const sizes = types.map((type) => ofType(type).length);
    expect(sizes).toEqual([44, 22, 22, 32, 10, 14, 30, 18, 14, 15, 17]);
    const first = donor.filter((name) => name === "donor A").length;
    expect(new Set(donor)).toEqual(new Set(["donor A", "donor B"]));
    expect(first / nCells).toBeGreaterThan(0.45);
    expect(first / nCells).toBeLessThan(0.65);
  });

  test("have whole counts, zeros not stored, genes ascending", () => {
    const {indptr, indices, values} = demo.counts;
    expect(values.every((count) => Number.isInteger(count) && count > 0)).toBe(true);
    for (let i = 0; i < nCells; ++i) {
      const row = indices.subarray(indptr[i], indptr[i + 1]);
      expect(row.every((gene, k) => k === 0 || gene > row[k - 1])).toBe(true);
    }
  });

  test("are as deep as 10x cells: neurons 2,500 to 4,000 counts, blood 1,400 to 2,100, glia between", () => {
    const depth = (type: string) => median(ofType(type).map((i) => totals[i]));
    for (const type of ["excitatory neuron", "inhibitory neuron"]) {
      expect(depth(type), type).toBeGreaterThan(2500);
      expect(depth(type), type).toBeLessThan(4000);
    }
    for (const type of ["CD4 T cell", "CD8 T cell", "NK cell", "B cell"]) {
      expect(depth(type), type).toBeGreaterThan(1400);
      expect(depth(type), type).toBeLessThan(2100);
    }
  });

  test("show the genes that such depth finds: 550 to 900 in lymphocytes, 1,400 to 2,100 in neurons", () => {
    const found = (type: string) => median(ofType(type).map((i) => genesPerCell[i]));
    for (const type of ["CD4 T cell", "CD8 T cell", "NK cell", "B cell"]) {
      expect(found(type), type).toBeGreaterThan(550);
      expect(found(type), type).toBeLessThan(900);
    }
    for (const type of ["excitatory neuron", "inhibitory neuron"]) {
      expect(found(type), type).toBeGreaterThan(1400);
      expect(found(type), type).toBeLessThan(2100);
    }
  });

  test("come out the same from the same seed, and different from another", () => {
    const again = demoTissue();
    for (const part of ["indptr", "indices", "values"] as const) {
      expect(Buffer.compare(Buffer.from(again.counts[part].buffer), Buffer.from(demo.counts[part].buffer))).toBe(0);
    }
    expect([again.cellType, again.donor, again.quality]).toEqual([cellType, donor, quality]);
    expect(otherSeed.totals).not.toEqual(totals);
  });
});

describe("markers", () => {
  const share = demoShares();

  test.each([
    ["SLC17A7", "excitatory neuron"],
    ["SATB2", "excitatory neuron"],
    ["SV2B", "excitatory neuron"],
    ["GAD1", "inhibitory neuron"],
    ["GAD2", "inhibitory neuron"],
    ["DLX1", "inhibitory neuron"],
    ["AQP4", "astrocyte"],
    ["GFAP", "astrocyte"],
    ["SLC1A2", "astrocyte"],
    ["MBP", "oligodendrocyte"],
    ["PLP1", "oligodendrocyte"],
    ["MOBP", "oligodendrocyte"],
    ["PDGFRA", "oligodendrocyte precursor"],
    ["VCAN", "oligodendrocyte precursor"],
    ["CSF1R", "microglia"],
    ["P2RY12", "microglia"],
    ["CX3CR1", "microglia"],
    ["C1QB", "microglia"],
    ["CD3D", "CD4 T cell, CD8 T cell"],
    ["IL7R", "CD4 T cell, CD8 T cell"],
    ["CD8B", "CD8 T cell"],
    ["NKG7", "NK cell"],
    ["GNLY", "NK cell"],
    ["KLRD1", "NK cell"],
    ["MS4A1", "B cell"],
    ["CD79A", "B cell"],
    ["CD74", "B cell"],
    ["LYZ", "monocyte"],
    ["S100A8", "monocyte"],
    ["FCN1", "monocyte"]
  ])("%s is highest in: %s", (symbol, where) => {
    const own = where.split(", ");
    const ranked = types.map((type) => ({type, value: share(type, symbol)})).sort((a, b) => b.value - a.value);
    expect(
      ranked
        .slice(0, own.length)
        .map(({type}) => type)
        .sort()
    ).toEqual(own.sort());
    expect(ranked[0].value).toBeGreaterThan(1.3 * ranked[own.length].value);
  });

  function demoShares() {
    const gene = new Map(demo.symbols.map((symbol, g) => [symbol, g]));
    const {indices, values} = demo.counts;
    return (type: string, symbol: string): number => {
      const members = ofType(type);
      const shares = members.map((i) =>
        demo.entries(i).reduce((sum, at) => sum + (indices[at] === gene.get(symbol) ? values[at] / totals[i] : 0), 0)
      );
      return shares.reduce((sum, value) => sum + value, 0) / members.length;
    };
  }
});

describe("what quality control is to find", () => {
  test("near-empty droplets have about 50 to 150 counts and no type", () => {
    const empty = ofQuality("near-empty");
    expect(empty.length).toBe(6);
    for (const i of empty) {
      expect(totals[i]).toBeGreaterThan(30);
      expect(totals[i]).toBeLessThan(220);
      expect(cellType[i]).toBe(unassigned);
    }
    const others = cells.filter((i) => quality[i] !== "near-empty");
    expect(Math.min(...others.map((i) => totals[i]))).toBeGreaterThan(Math.max(...empty.map((i) => totals[i])));
  });

  test("dying cells have 15 to 50 % of their counts in mitochondria, good ones about 4 %", () => {
    const dying = ofQuality("dying");
    expect(dying.length).toBe(9);
    for (const i of dying) {
      expect(mitochondrialShare[i]).toBeGreaterThan(0.15);
      expect(mitochondrialShare[i]).toBeLessThan(0.5);
    }
    const good = ofQuality("good").map((i) => mitochondrialShare[i]);
    expect(median(good)).toBeGreaterThan(0.02);
    expect(median(good)).toBeLessThan(0.06);
    expect(good.filter((share) => share > 0.15).length).toBeLessThan(5);
  });

  test("doublets have the counts of two cells", () => {
    const doublets = ofQuality("doublet");
    expect(doublets.length).toBe(7);
    const one = median(ofQuality("good").map((i) => totals[i]));
    expect(median(doublets.map((i) => totals[i]))).toBeGreaterThan(1.5 * one);
  });
});

describe("no easier than life", () => {
  test("30 principal components tell 85 to 97 % of the cells' types, CD8 T cells less often", async () => {
    const {scores, components} = await principalComponents(sparseMatrix(logNormalize(demo.counts)), 30);
    const labels = Int32Array.from(cellType, (type) => types.indexOf(type));
    for (const metric of ["cosine", "euclidean"] as const) {
      const agreement = await labelAgreement(scores, components, labels, types.length, {metric});
      const {accuracy, macroRecall, recall, count} = agreement;
      expect(count).toBe(254);
      for (const score of [accuracy, macroRecall]) {
        expect(score, metric).toBeGreaterThan(0.85);
        expect(score, metric).toBeLessThan(0.97);
      }
      expect(recall[types.indexOf("CD8 T cell")], metric).toBeLessThan(0.8);
    }
  });

  test("so it is under another seed: the demo's was not picked for its score", async () => {
    const {scores, components} = await principalComponents(sparseMatrix(logNormalize(otherSeed.counts)), 30);
    const labels = Int32Array.from(otherSeed.cellType, (type) => types.indexOf(type));
    const {accuracy} = await labelAgreement(scores, components, labels, types.length);
    expect(accuracy).toBeGreaterThan(0.85);
    expect(accuracy).toBeLessThan(0.97);
  });

  test("the donors differ mildly: neighbors mix them, but not where the factors are four times as large", async () => {
    const told = async (tissue: typeof demo) => {
      const {scores, components} = await principalComponents(sparseMatrix(logNormalize(tissue.counts)), 30);
      const labels = Int32Array.from(tissue.donor, (name) => (name === "donor A" ? 0 : 1));
      return (await labelAgreement(scores, components, labels, 2)).accuracy;
    };
    expect(await told(demo)).toBeLessThan(0.75);
    expect(await told(demoTissue({donorSpread: 0.64}))).toBeGreaterThan(0.9);
  });
});

test("a recipe that names a profile which is not there is refused by name", () => {
  const {profiles, mitochondrial} = demoProfiles();
  expect(mitochondrial.length).toBe(profiles.tokens.length);
  const parts = [{profile: "hepatocyte", type: "hepatocyte", cells: 1, medianCounts: 1000}];
  expect(() => demoTissue({parts})).toThrow('there is no profile "hepatocyte", only excitatory neuron');
});
