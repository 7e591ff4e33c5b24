import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import type {ObsColumn} from "../../../src/components/core/tables/cells.js";
import {embed, load, normalize, openFile, placedCells, sample, umap} from "../../../src/components/notebook/node.js";
import {shortModel} from "../../short-model.js";
import {mapInk} from "../../views/map-ink.js";
import {expectTrueNames, freshNames, namedMap} from "./name-measures.js";

// Real cells, which are not of this repository; a few hundred of each, since each is embedded here.
const files = [
  ["zheng_pbmc_facs_3874", "celltype"],
  ["sc_mixology_celllines", "cell_line_demuxlet"],
  ["darmanis2015_human_cortex_466", "cell_type"]
] as const;

/** The embedded model with short sentences: a map of real cells by it is as real a map, in an eighth of the time. */
let folder: string;
let model: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "names-model-"));
  model = await shortModel(folder, 128);
});
afterAll(() => rmSync(folder, {recursive: true}));

/** The label of each cell, null where it has none. */
function labelsOf(column: ObsColumn): (string | null)[] {
  if (column.kind === "text") return [...column.values];
  if (column.kind !== "categorical") throw new Error(`${column.name} holds no labels`);
  return Array.from(column.codes, (code) => column.categories[code] ?? null);
}

describe.each(files)("%s by %s at default settings", (name, column) => {
  const path = `../shared/data/cells/${name}.h5ad`;

  test("has true names for groups that have a place, lists the others, and fills the canvas", async (context) => {
    if (!existsSync(path)) context.skip(`${path} is not there: the names on maps of real cells were not measured`);
    const file = await openFile(path, {model});
    const cells = {mode: "random", n: 240, seed: 1} as const;
    const table = await umap(embed(sample(normalize(load(file, {cells, model}))))).table();
    const {rows, positions} = placedCells(table);
    const all = labelsOf(file.obs.find((one) => one.name === column)!);
    const labels = Array.from(rows, (row) => all[row]);
    for (const size of [
      [560, 560],
      [340, 340]
    ] as const) {
      const map = namedMap(positions, labels, size);
      const names = freshNames();
      const drawn = names.place(map, false);
      expectTrueNames(drawn, map);
      const shown = drawn.map(({group}) => map.colors.entries[group].label);
      const groups = map.colors.entries.filter(({kind}) => kind === "category").map(({label}) => label);
      expect([...shown, ...names.unnamed!].sort()).toEqual(groups.sort());
      expect(shown.length).toBeGreaterThanOrEqual(Math.ceil(groups.length / 2));
      expect(mapInk(positions, size[0], size[1])).toBeGreaterThan(0.15);
    }
  }, 300_000);
});
