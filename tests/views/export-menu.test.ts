// @vitest-environment jsdom
import {afterEach, expect, test, vi} from "vitest";
import {choosePlace, saveFile} from "../../src/components/notebook/save-file.js";
import {exportMenu, type ExportWish} from "../../src/components/views/export-menu.js";

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

const state = {cells: 260, map: true, selected: 0, restored: false};

function opened() {
  const menu = exportMenu();
  document.body.append(menu);
  const find = <E extends HTMLElement>(selector: string) => menu.querySelector<E>(selector)!;
  const what = find<HTMLSelectElement>('[aria-label="What to take away"]');
  const choose = (value: string) => {
    what.value = value;
    what.dispatchEvent(new Event("input", {bubbles: true}));
  };
  const possible = () => [...what.options].filter(({disabled}) => !disabled).map(({value}) => value);
  const [save, cancel] = menu.querySelectorAll<HTMLButtonElement>("button");
  return {menu, find, what, choose, possible, save, cancel, note: () => find(".wb-small").textContent};
}

test("offers what there is: nothing before the cells are embedded, no map before there is one, and of a session what it has", () => {
  const {menu, possible, save, note} = opened();
  expect([save.disabled, possible(), note()]).toEqual([
    true,
    [],
    expect.stringContaining("once the cells are embedded")
  ]);
  menu.update({...state, map: false});
  expect([save.disabled, possible()]).toEqual([false, ["h5ad", "table", "vectors", "cells", "names"]]);
  menu.update(state);
  expect(possible()).toHaveLength(8);
  menu.update({...state, restored: true});
  expect(possible()).toEqual(["names", "figure", "session"]);
});

test("asks for what is chosen, of the selection where one is, and forgets a selection that went", () => {
  const {menu, choose, save, find, note} = opened();
  const wishes: ExportWish[] = [];
  menu.addEventListener("export", (event) => wishes.push((event as CustomEvent<ExportWish>).detail));
  menu.update({...state, selected: 11});
  const [all, selected] = menu.querySelectorAll<HTMLInputElement>("input[type=radio]");
  selected.click();
  choose("map");
  expect(note()).toBe("x and y of 11 selected cells, with their names.");
  save.click();
  menu.update(state);
  expect([all.checked, selected.disabled]).toEqual([true, true]);
  choose("h5ad");
  const key = find<HTMLInputElement>('[aria-label="Name in obsm"]');
  key.value = " X_uce2 ";
  save.click();
  expect(wishes).toEqual([
    {what: "map", format: "csv", selection: true, key: "X_uce"},
    {what: "h5ad", format: "h5ad", selection: false, key: "X_uce2"}
  ]);
});

test("while it writes it can be canceled, by the keyboard too, and then something else can be taken", () => {
  const {menu, save, cancel, find} = opened();
  const canceled = vi.fn();
  menu.addEventListener("cancel", canceled);
  menu.update(state);
  save.focus();
  menu.working("Writing a.csv …", null);
  expect([save.disabled, cancel.hidden, document.activeElement === cancel]).toEqual([true, false, true]);
  menu.working("Writing a.csv …", 0.5);
  expect(find("progress").getAttribute("value")).toBe("0.5");
  cancel.click();
  expect(canceled).toHaveBeenCalledOnce();
  menu.done("Canceled. Nothing was saved.");
  expect([save.disabled, cancel.hidden, document.activeElement === save]).toEqual([false, true, true]);
  menu.failed({severity: "error", code: "x", message: "a.h5ad has X_uce already", remedy: "choose another name"});
  expect(find("[role=alert]").textContent).toBe("a.h5ad has X_uce already. Choose another name.");
  save.click();
  expect(find("[role=alert]").textContent).toBe("");
});

test("a large file goes to the place that a person chose, piece by piece; a small one to the downloads", async () => {
  const written: number[] = [];
  const place = {
    createWritable: async () => new WritableStream<Uint8Array>({write: (piece) => void written.push(piece.length)})
  } as unknown as FileSystemFileHandle;
  const picker = vi.fn(async () => place);
  vi.stubGlobal("showSaveFilePicker", picker);
  expect(await choosePlace("a.csv", 1000)).toBeNull();
  expect(await choosePlace("a.h5ad", 2e8)).toBe(place);
  expect(picker).toHaveBeenCalledWith({suggestedName: "a.h5ad"});
  const stream = () => new ReadableStream({start: (to) => (to.enqueue(new Uint8Array(7)), to.close())});
  await saveFile(place, "a.h5ad", {stream} as unknown as Blob);
  expect(written).toEqual([7]);
});
