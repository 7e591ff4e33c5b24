// @vitest-environment jsdom
import type {Table} from "apache-arrow";
import {afterEach, beforeEach, expect, test, vi} from "vitest";
import type {GroupMarkers} from "../../src/components/core/markers/find-markers.js";
import {AnswerRunner} from "../../src/components/core/stages/answer-runner.js";
import {cluster} from "../../src/components/core/stages/cluster.js";
import {
  embed,
  load,
  normalize,
  sample,
  type AnswerDescription,
  type Counts,
  type OpenFile
} from "../../src/components/core/stages/stage.js";
import {withAnswerFacts} from "../../src/components/core/tables/answer-facts.js";
import {clustersTable} from "../../src/components/core/tables/clusters.js";
import {float64Column, int32Column, tableOf} from "../../src/components/core/tables/columns.js";
import {tableToStreamBytes} from "../../src/components/core/tables/file.js";
import {markersTable} from "../../src/components/core/tables/markers.js";
import type {Provenance} from "../../src/components/core/tables/provenance.js";
import {clusterPanel} from "../../src/components/notebook/cluster-panel.js";
import type {ColorInput} from "../../src/components/notebook/color-input.js";
import {geneSetPanel, setOf} from "../../src/components/notebook/gene-set-panel.js";
import type {GeneSource} from "../../src/components/notebook/gene-source.js";
import {markerPanel} from "../../src/components/notebook/marker-panel.js";

const asked = vi.hoisted(
  () => [] as {name: string; args: {genes?: string[]; groupOfRow?: Int32Array; groups?: number}}[]
);
vi.mock("../../src/components/notebook/browser.js", () => ({
  ask: async (_: unknown, name: string, args: {genes: string[]; groups: number}) => {
    asked.push({name, args});
    const values = new Float64Array(args.genes.length * args.groups).fill(0.5);
    return {genes: args.genes, cells: new Int32Array(args.groups).fill(3), means: values, shares: values};
  }
}));

const provenance: Provenance = {
  format: 1,
  stage: "cluster",
  software: {name: "test", version: "1"},
  source: {name: "x.h5ad", bytes: 9, identity: "9-ab"},
  parameters: {clustering: "Louvain", resolution: 1, neighbors: 15, seed: 42}
};
const cells = 6;
let questions: AnswerDescription[];
let answer: (asked: AnswerDescription) => Promise<Table>;
let counts: Counts;
const colors = {offer: vi.fn(), choose: vi.fn()};
const input = colors as unknown as ColorInput;
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

function openFile(many = 0): OpenFile {
  const answers = new AnswerRunner(async (one) => {
    questions.push(one);
    return tableToStreamBytes(await answer(one));
  });
  const cellIds = Array.from({length: cells + many}, (_, i) => `c${i}`);
  const donor = {name: "donor", kind: "categorical", codes: Int32Array.of(0, 1, 0, 1, 0, 1), categories: ["a", "b"]};
  const facts = {name: "x.h5ad", identity: `9-${many}`, cellIds, obs: [donor], inspection: {matrix: {name: "X"}}};
  return {...facts, answers} as unknown as OpenFile;
}

beforeEach(() => {
  questions = [];
  asked.length = 0;
  colors.offer.mockReset();
  colors.choose.mockReset();
  history.replaceState(null, "", "/");
  counts = load(openFile());
});
afterEach(() => document.body.replaceChildren());

const clustersOf = (file = counts.file) => cluster(embed(sample(normalize(load(file)))));
const foundClusters = async () => {
  const rows = Int32Array.of(0, 1, 3, 4, 5);
  const names = Array.from(rows, (row) => `c${row}`);
  const table = clustersTable(
    {rows, cellIds: names, index: Int32Array.of(0, 1, 2, 4), codes: Int32Array.of(0, 0, 1, 0)},
    provenance
  );
  const stability = [0.5, 1, 2].map((resolution) => ({
    resolution,
    clusters: [2, 2, 2, 2, 2],
    betweenSeeds: 1,
    withChosen: 1
  }));
  return withAnswerFacts(table, {sizes: [3, 1], clustered: 4, resolution: 1, loweredFrom: null, seed: 42, stability});
};

test("clusters of few cells are found unasked: the panel's value is their column, the map can be colored by them", async () => {
  answer = foundClusters;
  const panel = clusterPanel();
  const told = vi.fn();
  panel.addEventListener("input", told);
  panel.follow(clustersOf(), {colors: input});
  await settled();
  const column = panel.value!.columns[0];
  expect(column).toMatchObject({name: "cluster", kind: "categorical", categories: ["0", "1"]});
  expect(column.kind === "categorical" && [...column.codes]).toEqual([0, 0, -1, 1, -1, 0]);
  expect(JSON.parse(panel.value!.texts["cluster"]!)).toEqual(provenance.parameters);
  expect(told).toHaveBeenCalledTimes(1);
  expect(colors.offer).toHaveBeenLastCalledWith("cluster", column);
  expect(panel.textContent).toContain("2 clusters of 4 cells at resolution 1, of 1 cell to 3 cells.");
  [...panel.querySelectorAll("button")].find((button) => /Color the map/.test(button.textContent))!.click();
  expect(colors.choose).toHaveBeenCalledWith("made:cluster");
});

test("clusters of many cells wait for the button; a fault is told with its way out, and can be tried again", async () => {
  const file = openFile(5000);
  answer = () => Promise.reject(new Error("it broke"));
  const panel = clusterPanel();
  panel.follow(clustersOf(file), {colors: input});
  await settled();
  expect(questions).toEqual([]);
  const begin = [...panel.querySelectorAll("button")].find((button) => button.textContent === "Find clusters")!;
  expect(begin.hidden).toBe(false);
  begin.click();
  await settled();
  expect(panel.querySelector("[role=status]")!.textContent).toContain("it broke");
  answer = foundClusters;
  begin.click();
  await settled();
  expect(questions).toHaveLength(2);
  expect(panel.value).not.toBeNull();
  expect(begin.hidden).toBe(true);
});

const foundMarkers = async ({parameters}: AnswerDescription, names = ["A", "B", "C"]) => {
  const of = (...values: number[]) => Float64Array.from(values);
  const selected = (parameters["rows"] as number[]).length;
  const group: GroupMarkers = {
    group: 0,
    cells: selected,
    others: cells - selected,
    auc: of(0.4, 0.9, 0.7),
    score: of(-1, 5, 2),
    p: of(1, 0.1, 0.2),
    q: of(1, 0.1, 0.2),
    log2FoldChange: of(-1, 3, 1),
    meanIn: of(0, 2, 1),
    meanOut: of(1, 0, 0),
    shareIn: of(0, 1, 0.5),
    shareOut: of(0.5, 0, 0),
    donors: parameters["donors"] === null ? null : {asked: 2, higher: Int32Array.of(0, 2, 1)}
  };
  const donors = parameters["donors"] === null ? null : 2;
  const table = markersTable([group], ["selection", "others"], names, {...provenance, stage: "markers"});
  return withAnswerFacts(table, {cells: selected, others: cells - selected, donors});
};
const genes: GeneSource = {
  names: async () => ["A", "B", "C"],
  counts: async () => Float32Array.of(1, 0, 2, 0, 0, 1),
  totals: async () => new Float64Array(cells).fill(10)
};

test("markers follow the selection and what it is compared with; a gene that is pressed colors the map and is drawn", async () => {
  answer = foundMarkers;
  const panel = markerPanel();
  document.body.append(panel);
  const made = [
    {
      columns: [
        {name: "cluster", kind: "categorical" as const, codes: Int32Array.of(0, 0, 1, 1, 1, -1), categories: ["0", "1"]}
      ],
      texts: {}
    }
  ];
  const saved = [{name: "mine", rows: Int32Array.of(4, 5)}];
  const follow = (selected: Int32Array | null) =>
    panel.follow(counts, {file: counts.file, genes, selected, saved, made, colors: input});
  follow(null);
  expect(panel.textContent).toContain("Select cells on the map");
  follow(Int32Array.of(0, 2));
  await settled();
  expect([...panel.querySelectorAll("tbody tr td:first-child")].map(({textContent}) => textContent)).toEqual([
    "B",
    "C",
    "A"
  ]);
  expect(questions.map(({parameters}) => parameters)).toEqual([{rows: [0, 2], against: null, donors: null}]);
  expect(asked).toMatchObject([{name: "geneProfiles", args: {genes: ["B", "C", "A"], groups: 2}}]);
  expect([...asked[0].args.groupOfRow!]).toEqual([0, 1, 0, 1, 1, 1]);
  follow(Int32Array.of(0, 2));
  await settled();
  expect([questions.length, asked.length], "nothing is asked again for the same").toEqual([1, 1]);

  panel.querySelectorAll<HTMLButtonElement>("tbody button")[2].click();
  await settled();
  expect(colors.choose).toHaveBeenCalledWith("gene:A");
  expect(panel.textContent).toContain("A by group");
  const choose = async (label: string, value: string) => {
    const select = panel.querySelector<HTMLSelectElement>(`select[aria-label="${label}"]`)!;
    select.value = value;
    select.dispatchEvent(new Event("change", {bubbles: true}));
    select.dispatchEvent(new Event("input", {bubbles: true}));
    await settled();
  };
  await choose("Show genes by", "cluster");
  expect([...asked.at(-1)!.args.groupOfRow!]).toEqual([1, 1, 0, 0, 0, -1]);
  await choose("Show genes by", "");
  await choose("Compare with", "mine");
  expect([...asked.at(-1)!.args.groupOfRow!], "what it is compared with, and no other cell").toEqual([
    0, -1, 0, -1, 1, 1
  ]);
  await choose("Column of donors", "donor");
  expect(questions.at(-1)!.parameters).toEqual({rows: [0, 2], against: [4, 5], donors: "donor"});
  expect(panel.querySelector("tbody tr")!.textContent).toContain("2 of 2");
  expect(new URLSearchParams(location.search).get("donors")).toBe("donor");
});

test("ribosomal and mitochondrial markers are left out of the list where that is asked, and counted", async () => {
  answer = (one) => foundMarkers(one, ["CD3E", "RPL13", "MT-CO1"]);
  const panel = markerPanel();
  document.body.append(panel);
  panel.follow(counts, {file: counts.file, genes, selected: Int32Array.of(0, 2), colors: input});
  await settled();
  const listed = () => [...panel.querySelectorAll("tbody tr td:first-child")].map(({textContent}) => textContent);
  expect(listed()).toEqual(["RPL13", "MT-CO1", "CD3E"]);
  const box = panel.querySelector<HTMLInputElement>("input[type=checkbox]")!;
  box.click();
  await settled();
  expect(listed()).toEqual(["CD3E"]);
  expect(panel.textContent).toContain("2 ribosomal or mitochondrial genes not listed.");
  expect(asked.at(-1)!.args.genes).toEqual(["CD3E"]);
  expect(new URLSearchParams(location.search).get("leave_out")).toBe("rp-mt");
  box.click();
  expect(listed()).toHaveLength(3);
  expect(questions).toHaveLength(1);
});

test("a set of genes is scored and colors the map; names that the file lacks are told", async () => {
  answer = async ({parameters}) => {
    const [{name}] = parameters["sets"] as {name: string}[];
    const scores = Float64Array.of(0, 0.2, 0.4, 0.6, 0.8, 1);
    const table = tableOf(
      [int32Column("row", Int32Array.of(0, 1, 2, 3, 4, 5)), float64Column(`set:${name}`, scores)],
      new Map()
    );
    return withAnswerFacts(table, {sets: [{name, genes: 1, missing: ["NOPE"]}]});
  };
  const panel = geneSetPanel();
  document.body.append(panel);
  panel.follow(counts, {colors: input});
  const submit = async () => {
    panel.querySelector("form")!.requestSubmit();
    await settled();
  };
  await submit();
  expect(panel.textContent).toContain("Give one gene or more");
  panel.querySelector("textarea")!.value = "A; NOPE A";
  await submit();
  expect(questions[0].parameters).toEqual({sets: [{name: "A+NOPE", genes: ["A", "NOPE"]}]});
  expect(colors.offer.mock.calls[0]).toMatchObject(["score A+NOPE", {kind: "number"}]);
  expect(colors.choose).toHaveBeenCalledWith("made:score A+NOPE");
  expect(panel.textContent).toContain("Not in this file: NOPE.");
});

test("a list of genes is the set of a file as long as it is not changed", () => {
  const set = {name: "T CELLS", genes: ["CD3D", "CD3E"]};
  expect(setOf("CD3D, CD3E", set)).toBe(set);
  expect(setOf("CD3D, CD3E, CD3G, CD2", set)).toEqual({
    name: "CD3D+CD3E+CD3G+1",
    genes: ["CD3D", "CD3E", "CD3G", "CD2"]
  });
  expect(setOf("  ", set)).toBeNull();
});
