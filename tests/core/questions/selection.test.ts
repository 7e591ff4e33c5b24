import {readFileSync} from "node:fs";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {openAnnData, type AnnData} from "../../../src/components/core/anndata/anndata.js";
import type {Bundle} from "../../../src/components/core/model/bundle.js";
import type {QuestionContext} from "../../../src/components/core/questions/context.js";
import {groupMarkers} from "../../../src/components/core/questions/group-markers.js";
import {selectionComposition} from "../../../src/components/core/questions/selection-composition.js";
import {geneProfiles} from "../../../src/components/core/questions/gene-profiles.js";
import {genesets} from "../../../src/components/core/questions/genesets.js";
import {markers, type MarkerFacts} from "../../../src/components/core/questions/markers.js";
import {answerFacts} from "../../../src/components/core/tables/answer-facts.js";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";
import {readProvenance} from "../../../src/components/core/tables/provenance.js";
import {defaultChain} from "../../../src/components/core/stages/chain.js";
import {wilsonInterval} from "../../../src/components/core/statistics/wilson-interval.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";

const {groups, expected} = JSON.parse(readFileSync("tests/fixtures/answers/markers.json", "utf8")) as {
  groups: number[];
  expected: {auc: number[]; p: number[]; score: number[]; higher: number[]; donors: number}[];
};
const rowsOf = (group: number) => Int32Array.from(groups.keys()).filter((row) => groups[row] === group);
const labeled = Int32Array.from(groups.keys()).filter((row) => groups[row] >= 0);

const source = {name: "labeled.h5ad", bytes: 9, identity: "9-ab"};

let anndata: AnnData;
let context: QuestionContext;
beforeAll(async () => {
  anndata = openAnnData(await openH5File("tests/fixtures/answers/labeled.h5ad"));
  const genes = anndata.varNames().map((symbol, i) => ({symbol, token: i, chromosome: 1, start: i}));
  const species = {species: "human", lists: [{name: "human", genes}]};
  const model = {genes, ...species, hash: "fake", manifest: {}} as unknown as Bundle;
  context = {
    anndata,
    model,
    source,
    software: {name: "test", version: "1"},
    chain: defaultChain,
    rows: async () => labeled
  } as unknown as QuestionContext;
});
afterAll(() => anndata.close());

describe("of a selection", () => {
  test("markers equal the test of its group against the chain's other cells", async () => {
    const request = {rows: [...rowsOf(1)], against: null, donors: "donor"};
    const table = tableFromBytes(await markers(context, request, {}));
    const {auc, p, score, higher, donors} = expected[1];
    const cells = rowsOf(1).length;
    expect(answerFacts<MarkerFacts>(table)).toEqual({cells, others: labeled.length - cells, donors});
    expect(readProvenance(table)).toMatchObject({stage: "markers", source, matrix: "X", parameters: {donors: "donor"}});
    const order = [...auc.keys()].sort((a, b) => score[b] - score[a] || a - b);
    const column = (name: string) => Array.from(table.getChild(name)!);
    expect(column("gene")).toEqual(order.map((gene) => `GENE${gene}`));
    expect(new Set(column("group"))).toEqual(new Set(["selection"]));
    expect(column("auc")[0]).toBeCloseTo(auc[order[0]], 12);
    expect((column("p")[0] as number) / p[order[0]]).toBeCloseTo(1, 9);
    expect(column("donors_higher")).toEqual(order.map((gene) => higher[gene]));
  });

  test("markers against other rows leave the rest out, and need a cell on both sides", async () => {
    const pair = {rows: [...rowsOf(0)], against: [...rowsOf(2)], donors: null};
    const table = tableFromBytes(await markers(context, pair, {}));
    const [cells, others] = [rowsOf(0).length, rowsOf(2).length];
    expect(answerFacts(table)).toEqual({cells, others, donors: null});
    const none = markers(context, {rows: [...labeled], against: null, donors: null}, {});
    await expect(none).rejects.toMatchObject({code: "too-few-cells"});
  });

  test("profiles are the means and shares of the same test, and leave out genes that the file lacks", async () => {
    const table = tableFromBytes(await markers(context, {rows: [...rowsOf(1)], against: null, donors: null}, {}));
    const column = (name: string) => Array.from(table.getChild(name)!).slice(0, 3) as number[];
    const names = column("gene") as unknown as string[];
    const groupOfRow = Int32Array.from(groups, (group) => (group < 0 ? -1 : Number(group === 1)));
    const asked = {genes: [names[0], "NONE", names[1], names[2]], groupOfRow, groups: 2};
    const {genes, cells, means, shares} = await geneProfiles(context, asked, {});
    expect(genes).toEqual(names);
    expect([...cells]).toEqual([labeled.length - rowsOf(1).length, rowsOf(1).length]);
    const close = (found: Float64Array, wanted: number[]) =>
      found.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 12));
    close(means, [...column("mean_out"), ...column("mean_in")]);
    close(shares, [...column("share_out"), ...column("share_in")]);
  });

  test("sets of genes are scored in all cells, with the names that the file lacks; a set without genes is refused", async () => {
    const sets = [{name: "some", genes: ["GENE3", "GENE7", "NONE"]}];
    const table = tableFromBytes(await genesets(context, {sets}, {}));
    expect(table.schema.fields.map(({name}) => name)).toEqual(["row", "cell_id", "set:some"]);
    expect(answerFacts(table)).toEqual({sets: [{name: "some", genes: 2, missing: ["NONE"]}]});
    const scores = Array.from(table.getChild("set:some")!) as number[];
    expect(scores).toHaveLength(anndata.nObs);
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(new Set(scores).size).toBeGreaterThan(3);
    const none = genesets(context, {sets: [{name: "odd", genes: ["NONE"]}]}, {});
    await expect(none).rejects.toMatchObject({code: "no-gene"});
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
