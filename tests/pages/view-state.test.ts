import {expect, test} from "vitest";
import {rowsOfView} from "../../src/components/pages/session-rows.js";
import {chosenLabels} from "../../src/components/pages/trust-columns.js";
import {changesResults, runOf} from "../../src/components/pages/view-stages.js";
import {defaultView, viewFromAddress, viewToAddress, type ViewState} from "../../src/components/pages/view-state.js";
import type {OpenedFile} from "../../src/components/runtime/browser/protocol.js";

const view: ViewState = {
  ...defaultView,
  data: "12-ab",
  name: "cells & more.h5ad",
  matrix: "layers/counts",
  geneColumn: "symbol",
  repair: ["spaces", "prefix", "version", "pair", "aliases", "1-Mar=MARCHF1"],
  cells: {mode: "stratified", n: 40, seed: 3, column: "cell-type"},
  backend: "wasm",
  sampling: "low-variance",
  seeds: "name",
  average: 2,
  neighbors: 30,
  minDist: 0.25,
  seed: 7,
  epochs: 100,
  color: "gene:CD3E",
  cell: 11,
  minCounts: 500,
  minGenes: 200,
  maxMito: 0.2,
  labels: "cell type",
  batches: "donor",
  origin: "markers"
};

test("an address holds every field of a view, and only those that differ from the default", () => {
  for (const key of Object.keys(defaultView) as (keyof ViewState)[]) {
    expect(view[key], key).not.toEqual(defaultView[key]);
    const address = viewToAddress({...defaultView, [key]: view[key]});
    expect([...new URLSearchParams(address).keys()], key).toHaveLength(1);
  }
  expect(viewFromAddress(viewToAddress(view))).toEqual(view);
  expect(viewToAddress(defaultView, "?other=1")).toBe("?other=1");
  expect(viewFromAddress("?origin=guess&labels=&neighbors=1&cells=random-0-0")).toEqual(defaultView);
});

test("all cells can be chosen by an address: a page proposes fewer only where nothing is", () => {
  expect(viewFromAddress("").cells).toBeNull();
  for (const cells of [{mode: "all"}, {mode: "random", n: 10, seed: 4_294_967_295}] as const) {
    expect(viewFromAddress(viewToAddress({...defaultView, cells})).cells).toEqual(cells);
  }
  const file = {cellIds: ["a", "b"]} as unknown as OpenedFile;
  expect(rowsOfView(file, defaultView, null)).toBeNull();
  expect(rowsOfView(file, {...defaultView, cells: {mode: "all"}}, null)).toBeNull();
});

test("labels are the view's, else what colors the map, else what is called like types; batches are the last to be taken", () => {
  const columns = ["donor", "cell_type", "plate"].map((name) => ({name}));
  const asked = {labels: null, batches: null, color: null};
  expect(chosenLabels(columns, {...asked, labels: "plate"})).toBe("plate");
  expect(chosenLabels(columns, {...asked, labels: "of another file", color: "obs:donor"})).toBe("donor");
  expect(chosenLabels(columns, {...asked, color: "gene:CD3E"})).toBe("cell_type");
  expect(chosenLabels(columns, {...asked, batches: "cell_type"})).toBe("donor");
  expect(chosenLabels(columns.slice(0, 1), {...asked, batches: "donor"})).toBe("donor");
  expect(chosenLabels([], asked)).toBeNull();
});

test("what is only looked at changes no result; every other field does, and makes another run", () => {
  const looked = ["data", "name", "color", "cell", "labels", "batches", "origin"];
  for (const key of Object.keys(defaultView) as (keyof ViewState)[]) {
    expect(changesResults(new Set([key])), key).toBe(!looked.includes(key));
    const same = runOf({...defaultView, [key]: view[key]}) === runOf(defaultView);
    expect(same, key).toBe(looked.includes(key) && key !== "data");
  }
});
