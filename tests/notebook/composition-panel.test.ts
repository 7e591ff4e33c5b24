// @vitest-environment jsdom
import {beforeAll, beforeEach, expect, test} from "vitest";
import type {OpenFile, Stage} from "../../src/components/core/stages/stage.js";
import type {ObsColumn} from "../../src/components/core/tables/cells.js";
import {umapTable} from "../../src/components/core/tables/umap.js";
import {compositionPanel} from "../../src/components/notebook/composition-panel.js";
import {selectionPanel} from "../../src/components/notebook/selection-panel.js";
import {setQueryParameter} from "../../src/components/views/address-query.js";
import {linkedMaps} from "../../src/components/views/linked-maps.js";
import {provenance} from "../core/tables/made-tables.js";
import {undrawn} from "../views/undrawn.js";

beforeAll(undrawn);
beforeEach(() => setQueryParameter("made_of", null));

const cellIds = Array.from({length: 20}, (_, row) => `c${row}`);
const text = (name: string, valueOf: (row: number) => string): ObsColumn => ({
  name,
  kind: "text",
  values: cellIds.map((_, row) => valueOf(row))
});
const donor = text("donor", (row) => (row % 2 === 0 ? "d1" : "d2"));
const types = text("cell_type", (row) => (row < 8 ? "B cell" : "T cell"));
const labels = text("label", (row) => (row < 10 ? "monocyte" : "NK cell"));

async function composed(obs: ObsColumn[]) {
  const file = {identity: `${obs.length}-cd`, name: "x.h5ad", cellIds, obs, maps: []} as unknown as OpenFile;
  const rows = Int32Array.from({length: 16}, (_, row) => row);
  const ids = cellIds.slice(0, 16);
  const table = umapTable({rows, cellIds: ids, positions: new Float32Array(32)}, {...provenance, stage: "umap"});
  const map = {file, table: () => Promise.resolve(table)} as unknown as Stage;
  const [maps, panel, shares] = [linkedMaps().open(file), selectionPanel(), compositionPanel()];
  document.body.replaceChildren(maps, panel, shares);
  panel.open(file, {maps});
  shares.follow(file, {maps, map, panel});
  await new Promise((resolve) => setTimeout(resolve));
  const lines = () => [...shares.querySelectorAll("tbody th")].map(({textContent}) => textContent);
  const suggested = () => panel.querySelector<HTMLInputElement>("[aria-label='Name of the selection']")!.placeholder;
  const made = {columns: [labels], texts: {}};
  return {maps, shares, lines, suggested, offer: () => shares.follow(file, {maps, map, panel, made: [made, null]})};
}

test("a selection is composed in the task in which the maps tell of it, and named after what most of it is", async () => {
  const {maps, shares, lines, suggested} = await composed([donor, types]);
  expect(shares.textContent).toContain("Select cells on the map");
  maps.take(Int32Array.of(0, 1, 2, 12), "lasso");
  expect(lines()).toEqual(["B cell", "T cell"]);
  expect(shares.textContent).toContain("the 4 selected, over the 12 others");
  expect(suggested()).toBe("B cell");
  const select = shares.querySelector("select")!;
  select.value = "donor";
  select.dispatchEvent(new Event("input", {bubbles: true}));
  expect(lines()).toEqual(["d1", "d2"]);
  expect(suggested(), "three of four").toBe("d1");
  maps.take(null, "lasso");
  expect([lines(), suggested()]).toEqual([[], ""]);
});

test("in a file without types, labels that the page made are the first choice, and stay one where there are types", async () => {
  const without = await composed([donor]);
  without.maps.take(Int32Array.of(0, 1), "lasso");
  expect(without.lines()).toEqual(["d1", "d2"]);
  without.offer();
  expect([without.lines(), without.suggested()]).toEqual([["monocyte", "NK cell"], "monocyte"]);
  const typed = await composed([donor, types]);
  typed.offer();
  typed.maps.take(Int32Array.of(0, 1), "lasso");
  expect(typed.lines()).toEqual(["B cell", "T cell"]);
  expect([...typed.shares.querySelectorAll("option")].map(({value}) => value)).toContain("made:label");
});
