import {readFileSync} from "node:fs";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {openAnnData, type AnnData} from "../../../src/components/core/anndata/anndata.js";
import type {Bundle} from "../../../src/components/core/model/bundle.js";
import type {QuestionContext} from "../../../src/components/core/questions/context.js";
import {groupMarkers} from "../../../src/components/core/questions/group-markers.js";
import {selectionComposition} from "../../../src/components/core/questions/selection-composition.js";
import {selectionMarkers} from "../../../src/components/core/questions/selection-markers.js";
import {defaultChain} from "../../../src/components/core/stages/chain.js";
import {wilsonInterval} from "../../../src/components/core/statistics/wilson-interval.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";

const {groups, expected} = JSON.parse(readFileSync("tests/fixtures/answers/markers.json", "utf8")) as {
  groups: number[];
  expected: {auc: number[]; p: number[]; score: number[]; higher: number[]; donors: number}[];
};
const rowsOf = (group: number) => Int32Array.from(groups.keys()).filter((row) => groups[row] === group);
const labeled = Int32Array.from(groups.keys()).filter((row) => groups[row] >= 0);

let anndata: AnnData;
let context: QuestionContext;
beforeAll(async () => {
  anndata = openAnnData(await openH5File("tests/fixtures/answers/labeled.h5ad"));
  const genes = anndata.varNames().map((symbol, i) => ({symbol, token: i, chromosome: 1, start: i}));
  const species = {species: "human", lists: [{name: "human", genes}]};
  const model = {genes, ...species, hash: "fake", manifest: {}} as unknown as Bundle;
  context = {anndata, model, chain: defaultChain, rows: async () => labeled} as unknown as QuestionContext;
});
afterAll(() => anndata.close());

describe("of a selection", () => {
  test("markers equal the test of its group against the chain's other cells", async () => {
    const found = await selectionMarkers(context, {rows: rowsOf(1), against: null, donors: "donor", most: 40}, {});
    const {auc, p, score, higher, donors} = expected[1];
    expect(found).toMatchObject({cells: rowsOf(1).length, others: labeled.length - rowsOf(1).length, donors});
    const order = [...auc.keys()].sort((a, b) => score[b] - score[a] || a - b);
    expect(found.genes.map(({gene}) => gene)).toEqual(order.map((gene) => `GENE${gene}`));
    expect(found.genes[0].auc).toBeCloseTo(auc[order[0]], 12);
    expect(found.genes[0].p / p[order[0]]).toBeCloseTo(1, 9);
    expect(found.genes.map(({donorsHigher}) => donorsHigher)).toEqual(order.map((gene) => higher[gene]));
  });

  test("markers against other rows leave the rest out, and need a cell on both sides", async () => {
    const found = await selectionMarkers(context, {rows: rowsOf(0), against: rowsOf(2), most: 3}, {});
    expect(found).toMatchObject({cells: rowsOf(0).length, others: rowsOf(2).length, donors: null});
    expect(found.genes).toHaveLength(3);
    const none = selectionMarkers(context, {rows: labeled, against: null}, {});
    await expect(none).rejects.toMatchObject({code: "too-few-cells"});
  });

  test("composition counts it beside the other cells", async () => {
    const parts = await selectionComposition(context, {rows: rowsOf(1), column: "type"});
    expect(parts[0]).toMatchObject({
      value: "NK cell",
      selected: {cells: rowsOf(1).length, share: 1},
      others: {cells: 0, low: 0}
    });
    const none = {cells: 0, of: rowsOf(1).length, share: 0, low: 0, high: wilsonInterval(0, rowsOf(1).length)[1]};
    expect(parts.slice(1).map(({selected}) => selected)).toEqual([none, none]);
    const all = parts.reduce((sum, {others}) => sum + (others?.share ?? 0), 0);
    expect(all).toBeCloseTo(1, 12);
  });
});

test("groups of a column have markers by the difference of means, with area under the curve and false discovery rate", async () => {
  const found = await groupMarkers(context, {column: "type", most: 4}, {});
  expect(found.map(({cells}) => cells)).toEqual([0, 1, 2].map((group) => rowsOf(group).length).sort((a, b) => b - a));
  for (const {genes} of found) {
    expect(genes.length).toBeGreaterThan(0);
    expect(genes.map(({difference}) => difference)).toEqual(
      [...genes].map(({difference}) => difference).sort((a, b) => b - a)
    );
    expect(genes.every(({auc, q}) => auc > 0.5 && q <= 1)).toBe(true);
  }
});
