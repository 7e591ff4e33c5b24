// @vitest-environment jsdom
import {beforeAll, beforeEach, describe, expect, test, vi} from "vitest";
import type {OpenFile, Stage} from "../../src/components/core/stages/stage.js";
import {colorInput} from "../../src/components/notebook/color-input.js";
import {savedSelections} from "../../src/components/notebook/saved-selections.js";
import {selectionPanel} from "../../src/components/notebook/selection-panel.js";
import {clearedEvent} from "../../src/components/notebook/selection-storage.js";
import {keptNamed} from "../../src/components/runtime/browser/kept-selections.js";
import {queryParameter, setQueryParameter} from "../../src/components/views/address-query.js";
import {linkedMaps} from "../../src/components/views/linked-maps.js";
import {undrawn} from "../views/undrawn.js";

beforeAll(undrawn);
beforeEach(() => {
  for (const name of ["selections", "color"]) setQueryParameter(name, null);
  document.body.replaceChildren();
});

const rows = (...all: number[]) => Int32Array.from(all);
let files = 0;
/** A file of 40 cells that nobody opened before. */
function newFile(cells = 40): OpenFile {
  files += 1;
  const values = Float64Array.from({length: cells}, (_, i) => i / 2);
  const cellIds = Array.from({length: cells}, (_, i) => `c${i}`);
  const obs = [{name: "score", kind: "number", values}];
  return {identity: `${files}-ab`, name: "x.h5ad", cellIds, obs, maps: []} as unknown as OpenFile;
}

function opened(file = newFile()) {
  const [maps, panel, colors] = [linkedMaps(), selectionPanel(), colorInput(file)];
  document.body.append(maps, panel, colors);
  const stop = new AbortController();
  maps.open(file);
  panel.open(file, {maps, colors, signal: stop.signal});
  const field = (label: string) => panel.querySelector<HTMLInputElement>(`[aria-label="${label}"]`)!;
  const submit = (form: number, value = "new") => {
    const one = panel.querySelectorAll("form")[form];
    const submitter = one.querySelector<HTMLButtonElement>(`button[value=${value}]`);
    one.dispatchEvent(new SubmitEvent("submit", {cancelable: true, submitter}));
  };
  const save = (name: string): void => {
    field("Name of the selection").value = name;
    submit(0);
  };
  const press = (name: string) =>
    [...panel.querySelectorAll("button")]
      .find((one) => (one.getAttribute("aria-label") ?? one.textContent) === name)!
      .click();
  return {file, maps, panel, colors, stop, field, submit, save, press};
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("the panel and the maps", () => {
  test("work on one selection, which undo brings back", () => {
    const {maps, panel, save, press} = opened();
    maps.take(rows(1, 2), "lasso");
    save("a");
    expect(maps.textContent).toContain("by lasso");
    maps.take(rows(5), "legend");
    press("or a");
    expect(maps.value).toEqual(rows(1, 2, 5));
    press("Undo");
    expect(maps.value).toEqual(rows(5));
    press("Undo");
    press("Undo");
    expect([maps.value, panel.value]).toEqual([rows(1, 2), []]);
    press("Redo");
    expect(panel.value.map(({name}) => name)).toEqual(["a"]);
    const input = vi.fn();
    panel.addEventListener("input", input);
    press("Another color for a");
    expect(input).toHaveBeenCalledTimes(1);
  });

  test("show saved selections as colors of the map", () => {
    const {maps, colors, save, press} = opened();
    maps.take(rows(1, 2), "lasso");
    save("a");
    press("Color the map by them");
    expect(colors.value.by).toBe("made:selections");
    expect(colors.value.scale).toMatchObject({
      kind: "categorical",
      entries: [{label: "a", count: 2}, {label: "in none"}]
    });
    press("delete a");
    expect(colors.value.by).not.toBe("made:selections");
  });
});

describe("what is kept", () => {
  test("by the file's identity and in the address, and joins what the address brings", async () => {
    const first = opened();
    first.maps.take(rows(1, 2), "lasso");
    first.save("a b");
    await settled();
    expect(queryParameter("selections")).toBe("a b~0~AQE");
    expect(await keptNamed(first.file.identity)).toBe("a b~0~AQE");
    setQueryParameter("selections", "a b~3~AwA;c~1~AAA");
    const again = opened(first.file);
    await settled();
    expect(again.panel.value.map(({name, rows}) => [name, [...rows]])).toEqual([
      ["a b", [1, 2]],
      ["a b 2", [3]],
      ["c", [0]]
    ]);
  });

  test("without an address that is longer than any that is written here", async () => {
    const bring = async (copies: number) => {
      setQueryParameter("selections", Array.from({length: copies}, (_, i) => `s${i}~0~AQE`).join(";"));
      const {panel} = opened();
      await settled();
      return panel.value.length;
    };
    expect([await bring(100), await bring(200)]).toEqual([100, 0]);
  });

  test("not of another file; nothing is written when a file is opened", async () => {
    const {file, maps, panel, save, stop} = opened();
    maps.take(rows(1, 2), "lasso");
    save("a");
    await settled();
    setQueryParameter("selections", null);
    stop.abort();
    const other = newFile();
    maps.open(other);
    panel.open(other, {maps});
    await settled();
    expect([panel.value, await keptNamed(other.identity), await keptNamed(file.identity)]).toEqual([[], "", "a~0~AQE"]);
    panel.open(file, {maps});
    await settled();
    expect(panel.value.map(({name}) => name)).toEqual(["a"]);
    document.dispatchEvent(new Event(clearedEvent));
    expect(panel.value).toEqual([]);
  });

  test("without the address where that would be too long, and says so", async () => {
    const {maps, panel, file, save} = opened(newFile(20_000));
    maps.take(
      Int32Array.from({length: 5000}, (_, i) => 3 * i + (i % 2)),
      "lasso"
    );
    save("many");
    await settled();
    expect(queryParameter("selections")).toBeNull();
    expect((await keptNamed(file.identity)).length).toBeGreaterThan(1200);
    expect(panel.textContent).toContain("Too many cells for a link");
  });
});

describe("cells are found", () => {
  const counts = vi.fn(() => Promise.resolve(Float32Array.from({length: 40}, (_, i) => (i < 4 ? i : 0))));
  const genes = {names: () => Promise.resolve(["MS4A1"]), counts, totals: () => Promise.reject(new Error("not asked"))};

  test("by bounds on counts of a gene or on a column, anew or among the selected", async () => {
    const {file, maps, panel, field, submit} = opened();
    panel.open(file, {maps, genes});
    const find = async (name: string, low: string, high: string, how?: string) => {
      field("Gene or column of numbers").value = name;
      field("At least").value = low;
      field("At most").value = high;
      submit(1, how);
      await settled();
      return panel.querySelector(".wb-selection-more [role=status]")!.textContent;
    };
    expect(await find("ms4a1", "2", "")).toBe("2 cells with counts of MS4A1 at least 2.");
    expect(maps.value).toEqual(rows(2, 3));
    expect(await find("score", "1.5", "2", "narrow")).toBe("2 cells with score between 1.5 and 2.");
    expect(maps.value).toEqual(rows(3));
    expect(await find("CD3", "1", "")).toBe("This file has no gene and no column of numbers called CD3.");
    expect(await find("score", "", "")).toBe("Give a lower or an upper bound.");
    expect(await find("score", "1000", "")).toBe("0 cells with score at least 1000.");
    expect(maps.value, "nothing found changes nothing").toEqual(rows(3));
  });

  test("near a cell once one is looked at and there are vectors", () => {
    const {file, maps, panel} = opened();
    const near = () => panel.querySelectorAll("form")[2];
    const isOff = () => near().querySelector("button")!.disabled;
    expect([isOff(), near().textContent]).toEqual([true, expect.stringContaining("click one on the map")]);
    maps.dispatchEvent(new CustomEvent("cell", {detail: {row: 7}}));
    expect([isOff(), near().textContent]).toEqual([true, expect.stringContaining("cells nearest to c7")]);
    panel.open(file, {maps, embeddings: {} as Stage});
    expect(isOff()).toBe(false);
  });
});

test("saved selections are there on a page without the panel, until they are cleared", async () => {
  const {file, maps, save} = opened();
  const [own, colors] = [linkedMaps(), colorInput(file)];
  const none = savedSelections(file, {maps: own, colors});
  await settled();
  expect([none.hidden, none.value]).toEqual([true, []]);
  maps.take(rows(1, 2), "lasso");
  save("a");
  await settled();

  own.open(file);
  const kept = savedSelections(file, {maps: own, colors});
  const told = vi.fn();
  kept.addEventListener("input", told);
  await settled();
  expect(told).toHaveBeenCalledOnce();
  expect(kept.value.map(({name, rows}) => [name, [...rows]])).toEqual([["a", [1, 2]]]);
  expect(kept.textContent).toBe("Saved for this file:  a 2Color the maps by them");
  const [select, color] = kept.querySelectorAll("button");
  select.click();
  expect([...own.value!]).toEqual([1, 2]);
  color.click();
  expect(colors.value.by).toBe("made:selections");

  document.dispatchEvent(new Event(clearedEvent));
  expect([kept.hidden, kept.value]).toEqual([true, []]);
});
