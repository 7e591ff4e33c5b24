// @vitest-environment jsdom
import {beforeAll, describe, expect, test, vi} from "vitest";
import {logCounts} from "../../src/components/core/cells/log-counts.js";
import type {ObsColumn} from "../../src/components/core/tables/cells.js";
import {linkCells} from "../../src/components/notebook/link-cells.js";
import {cellPicker} from "../../src/components/views/cell-picker.js";
import {selectCells} from "../../src/components/views/cell-selection.js";
import {cellTable} from "../../src/components/views/cell-table.js";
import {colorScale, type ColorScale, pickCells} from "../../src/components/views/color-scale.js";
import {legend} from "../../src/components/views/legend.js";
import {linkedMaps} from "../../src/components/views/linked-maps.js";
import {mapPaint} from "../../src/components/views/map-colors.js";
import {drawMap} from "../../src/components/views/map-raster.js";
import {undrawn} from "./undrawn.js";

beforeAll(undrawn);

/** 20 cells of the file, 8 of type a, then 6 b, then 6 c; rows 4 to 15 are on the model's map. */
const cellIds = Array.from({length: 20}, (_, row) => `cell ${row}`);
const types: ObsColumn = {
  name: "type",
  kind: "text",
  values: cellIds.map((_, row) => (row < 8 ? "a" : row < 14 ? "b" : "c"))
};
const donors: ObsColumn = {name: "donor", kind: "text", values: cellIds.map((_, row) => (row % 2 === 0 ? "d1" : "d2"))};
const mapped = Int32Array.from({length: 12}, (_, i) => i + 4);
const coloring = (column: ObsColumn) => ({by: `obs:${column.name}`, scale: colorScale(column), describe: () => null});
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

async function linked() {
  const maps = linkedMaps().open({cellIds, obs: [types, donors], maps: []});
  const table = cellTable({cellIds, columns: [types]});
  const picker = cellPicker<number | null>(cellIds, null, null);
  document.body.replaceChildren(maps, table, picker);
  const told = vi.fn();
  maps.addEventListener("input", () => told(maps.value && Array.from(maps.value)));
  maps.color(coloring(types));
  maps.model.update({rows: mapped, positions: new Float32Array(24)});
  linkCells(maps, table, picker);
  await nextFrame();
  return {
    maps,
    table,
    told,
    chip: () => maps.querySelector(".wb-linked-selection [role=status]")!.textContent,
    entry: (k: number) => maps.querySelectorAll<HTMLButtonElement>(".wb-legend-entry")[k],
    states: () => [...maps.querySelectorAll(".wb-legend-entry")].map((entry) => entry.getAttribute("aria-pressed")),
    /** A lasso round points of the model's map. */
    lasso: (points: number[], change: "replace" | "add" = "replace") =>
      maps.model.view.dispatchEvent(
        new CustomEvent("selection", {detail: {points: Int32Array.from(points), change, by: "lasso"}, bubbles: true})
      ),
    escape: (from: Element) =>
      from.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true, cancelable: true}))
  };
}

describe("one selection for maps, legend and table", () => {
  test("lasso, legend and table change the same rows, and each says what is selected", async () => {
    const {maps, table, told, chip, entry, states, lasso} = await linked();
    expect(chip()).toMatch(/^No cells are selected\. Draw around cells/);
    lasso([0, 1, 5]);
    expect(told).toHaveBeenLastCalledWith([4, 5, 9]);
    expect(chip()).toBe("3 of 20 cells selected, by lasso.");
    // Rows 4 to 7 are a's on the map, 8 to 13 b's, 14 and 15 c's; the largest group comes first.
    expect(states()).toEqual(["mixed", "mixed", "false"]);
    expect(table.querySelector("[role=status]")!.textContent).toBe("3 of 20 cells selected");

    entry(0).click();
    expect(told, "a click in the legend replaces, it does not intersect").toHaveBeenLastCalledWith([4, 5, 6, 7]);
    expect(chip()).toBe("4 of 20 cells selected, by legend.");
    expect(states()).toEqual(["true", "false", "false"]);
    entry(2).dispatchEvent(new MouseEvent("click", {shiftKey: true}));
    expect(told).toHaveBeenLastCalledWith([4, 5, 6, 7, 14, 15]);
    lasso([5], "add");
    expect(chip()).toBe("7 of 20 cells selected, by legend and lasso.");

    maps.take(Int32Array.of(0, 4), "table");
    expect(chip()).toBe("2 of 20 cells selected, by legend and lasso and table. 1 of them are on the map.");
    told.mockClear();
    maps.color(coloring(donors));
    await nextFrame();
    expect(Array.from(maps.value!), "colors do not touch the selection").toEqual([0, 4]);
    expect(states()).toEqual(["mixed", "false"]);
    expect(told).not.toHaveBeenCalled();
  });

  test("a group clicked twice, the button, and Escape from map, legend or table clear it", async () => {
    const {maps, table, told, chip, entry, lasso, escape} = await linked();
    entry(1).click();
    entry(1).click();
    expect(told).toHaveBeenLastCalledWith(null);
    for (const place of [maps.querySelector("canvas")!, entry(0), table.querySelector("[role=grid]")!]) {
      lasso([1, 2]);
      expect(Array.from(maps.value!)).toEqual([5, 6]);
      escape(place);
      expect(maps.value).toBeNull();
      expect(chip()).toMatch(/^No cells are selected/);
      expect(table.querySelector("[role=status]")!.textContent).toBe("20 cells");
    }
    lasso([1, 2]);
    maps.querySelector<HTMLButtonElement>(".wb-linked-selection button")!.click();
    expect(maps.value).toBeNull();
  });

  test("no cell is ringed before one is chosen", async () => {
    const {maps, table} = await linked();
    expect([...maps.querySelectorAll<HTMLElement>(".wb-map-pin")].every((pin) => pin.hidden)).toBe(true);
    expect(table.querySelector('[aria-current="true"]')).toBeNull();
    expect(document.querySelector<HTMLInputElement>(".wb-combo input")!.value).toBe("");
  });

  test("what cells were selected with is remembered until it is replaced", () => {
    const lasso = selectCells(null, Int32Array.of(1), {change: "add", by: "lasso"});
    const both = selectCells(lasso, Int32Array.of(2), {change: "add", by: "legend"});
    expect(both).toEqual({rows: Int32Array.of(1, 2), by: ["lasso", "legend"]});
    expect(selectCells(both, Int32Array.of(1), {change: "remove", by: "lasso"})!.by).toEqual(["lasso", "legend"]);
    expect(selectCells(both, Int32Array.of(7), {change: "replace", by: "table"})!.by).toEqual(["table"]);
    expect(selectCells(both, Int32Array.of(1, 2), {change: "remove", by: "table"})).toBeNull();
  });
});

describe("counts of the legend", () => {
  test("are those of the mapped cells, and say so", async () => {
    const {maps, entry} = await linked();
    expect(maps.querySelector(".wb-legend-of")!.textContent).toBe("of 12 mapped cells (20 in the file)");
    const counts = [0, 1, 2].map((k) => entry(k).querySelector(".wb-legend-count")!.textContent);
    expect(counts).toEqual(["4 cells", "6 cells", "2 cells"]);
    expect(entry(0).title).toBe("a: 4 of 8 cells mapped");
    expect(entry(1).title).toBe("b");
    maps.model.update({rows: Int32Array.of(0, 1, 8), positions: new Float32Array(6)});
    await nextFrame();
    expect(entry(2).querySelector(".wb-legend-count")!.textContent).toBe("0 of 6 cells");
    expect(entry(2).disabled).toBe(true);
  });

  test("of all cells need no such words", () => {
    expect(legend(colorScale(types)).querySelector(".wb-legend-of")).toBeNull();
  });
});

describe("colors of a gene", () => {
  // 150 cells of 200 without, 49 with 1 to 49 counts, one outlier.
  const counts = Float32Array.from({length: 200}, (_, i) => (i < 150 ? 0 : i < 199 ? i - 149 : 4000));
  const scaleOf = (values: Float64Array, unit: string) =>
    colorScale({name: "GAD1", kind: "number", values}, {unit, from: 0, zero: "not detected"});
  const words = (scale: ColorScale) => {
    const key = legend(scale);
    const all = (selector: string) => [...key.querySelectorAll(selector)].map(({textContent}) => textContent);
    return {ticks: all(".wb-tick"), notes: all(".wb-bar-notes"), bar: key.querySelector<HTMLElement>(".wb-bar-ramp")!};
  };

  test("have both ends labeled, say what zero is, and mark the end that an outlier lies beyond", () => {
    const {ticks, notes, bar} = words(scaleOf(Float64Array.from(counts), "raw counts"));
    expect(ticks[0]).toBe("0");
    expect(ticks.at(-1)).toBe("≥ 49");
    expect(notes).toEqual([
      "raw counts",
      "0: not detected (150 of 200 cells)",
      "1 cell above 49, in the color of that end"
    ]);
    expect(bar.dataset["beyond"]).toBe("above");
    expect(bar.getAttribute("aria-label")).toBe("From 0 to ≥ 49 raw counts");
  });

  test("log-normalized: log(1 + counts per 10,000) of each cell's own total", () => {
    const values = logCounts([0, 2, 2, 0], [5000, 5000, 20_000, 0]);
    expect(Array.from(values)).toEqual([0, Math.log1p(4), Math.log1p(1), 0]);
    expect(logCounts([1], [NaN])[0]).toBeNaN();
    const {ticks, bar} = words(scaleOf(values, "log(1 + counts per 10,000)"));
    expect([ticks[0], ticks.at(-1)]).toEqual(["0", "1.61"]);
    expect(bar.dataset["beyond"]).toBeUndefined();
  });

  test("a gene that no cell has keeps a scale from zero", () => {
    const scale = scaleOf(new Float64Array(5), "raw counts");
    expect(scale).toMatchObject({domain: [0, 1], zeros: 5, above: 0});
  });

  test("ends and counts beyond them are told of the mapped cells", () => {
    const scale = pickCells(scaleOf(Float64Array.from(counts), "raw counts"), [0, 1, 160]);
    expect(scale).toMatchObject({zeros: 2, above: 0, domain: [0, 49]});
  });
});

describe("marks of selected cells", () => {
  const luminance = (color: number): number => {
    const part = (value: number) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(color & 255) + 0.7152 * part((color >> 8) & 255) + 0.0722 * part((color >> 16) & 255);
  };
  const contrast = (a: number, b: number): number => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };

  test.each(["light", "dark"] as const)("a selected cell at zero is ringed, whole and on top, on a %s page", (mode) => {
    const scale = colorScale({name: "GAD1", kind: "number", values: Float64Array.of(0, 5, 0)}, {from: 0});
    const paint = mapPaint(scale, mode);
    const pixels = new Uint32Array(60 * 40);
    // The selected cell at (20, 20) lies under another in the file's order, and a third alone at (45, 20).
    drawMap(pixels, 60, 40, {
      positions: Float32Array.of(20, 20, 22, 20, 45, 20),
      order: Uint32Array.of(0, 1, 2),
      index: scale.index,
      chosen: Uint8Array.of(1, 0, 0),
      ...paint,
      ringWidth: 2,
      scale: 1,
      offsetX: 0,
      offsetY: 40,
      radius: 4,
      opacity: 0.9
    });
    const at = (x: number, y: number) => pixels[y * 60 + x];
    expect(at(20, 20), "its own color, not mixed with what lies below").toBe(paint.colors[scale.index[0]]);
    expect(at(22, 20), "on top of its neighbor").toBe(paint.colors[scale.index[0]]);
    for (const [x, y] of [
      [20, 15],
      [15, 20],
      [20, 25]
    ]) {
      expect(contrast(at(x, y), paint.background), `ring at ${x}, ${y}`).toBeGreaterThan(3);
      expect(contrast(at(x, y), paint.away)).toBeGreaterThan(3);
    }
    expect(at(45, 15), "no ring round a cell that is not selected").toBe(paint.background);
    expect(contrast(at(45, 20), paint.background), "which recedes").toBeLessThan(1.6);
  });
});
