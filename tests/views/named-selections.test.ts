// @vitest-environment jsdom
import {beforeEach, describe, expect, test} from "vitest";
import {changeSelections, type SelectionsAction} from "../../src/components/core/selections/change-selections.js";
import {noSelections, type SelectionsState} from "../../src/components/core/selections/selections.js";
import {compositionFigure} from "../../src/components/views/composition-figure.js";
import {darkCategories, lightCategories} from "../../src/components/views/palette.js";
import {selectionList, type SelectionList} from "../../src/components/views/selection-list.js";
import {selectionScale} from "../../src/components/views/selection-scale.js";

const rows = (...all: number[]) => Int32Array.from(all);
const all = Int32Array.from({length: 600}, (_, row) => row);

let list: SelectionList;
let state: SelectionsState;
let actions: SelectionsAction[];
const act = (action: SelectionsAction) => {
  actions.push(action);
  state = changeSelections(state, action);
  list.show({state, all, suggested: "B cell"});
};
beforeEach(() => {
  [list, state, actions] = [selectionList(), noSelections, []];
  list.addEventListener("action", (event) => act((event as CustomEvent<SelectionsAction>).detail));
  document.body.replaceChildren(list);
  act({type: "select", rows: rows(...Array(11).keys())});
});
const button = (name: string) =>
  [...list.querySelectorAll("button")].find((one) => (one.getAttribute("aria-label") ?? one.textContent) === name)!;
const words = () => list.querySelector("[role=status]")!.textContent;
const nameField = () => list.querySelector<HTMLInputElement>("[aria-label='Name of the selection']")!;
function save(name: string): void {
  nameField().value = name;
  list.querySelector("form")!.dispatchEvent(new SubmitEvent("submit", {cancelable: true}));
}

describe("the list of selections", () => {
  test("counts what is selected, and saves it under a name, or the one that is suggested", () => {
    expect(words()).toBe("11 of 600 cells selected");
    expect(nameField().placeholder).toBe("B cell");
    save("");
    save("mine");
    expect(state.saved.map(({name, rows}) => [name, rows.length])).toEqual([
      ["B cell", 11],
      ["mine", 11]
    ]);
    expect(list.querySelectorAll("li")).toHaveLength(2);
    expect(nameField().value).toBe("");
    button("Clear").click();
    expect(words()).toBe("None of 600 cells selected");
    expect([button("and mine").disabled, button("update mine").disabled, button("Clear").disabled]).toEqual([
      true,
      true,
      true
    ]);
    button("Undo").click();
    expect(words()).toBe("11 of 600 cells selected");
    button("Redo").click();
    expect(state.current).toBeNull();
  });

  test("combines, colors, renames and deletes a selection", () => {
    save("a");
    act({type: "select", rows: rows(10, 11)});
    button("or a").click();
    expect(state.current).toHaveLength(12);
    button("not a").click();
    expect(state.current).toEqual(rows(11));
    button("Another color for a").click();
    expect(state.saved[0].color).toBe(1);
    button("rename a").click();
    const field = list.querySelector<HTMLInputElement>("[aria-label='New name of a']")!;
    field.value = "b";
    field.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}));
    expect(state.saved[0].name).toBe("b");
    expect(
      actions.filter(({type}) => type === "rename"),
      "leaving the field is no second time"
    ).toHaveLength(1);
    button("rename b").click();
    const again = list.querySelector<HTMLInputElement>("[aria-label='New name of b']")!;
    again.value = "c";
    again.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true}));
    expect(state.saved[0].name).toBe("b");
    button("b").click();
    expect(state.current).toHaveLength(11);
    button("Invert").click();
    expect(state.current).toHaveLength(589);
    button("delete b").click();
    expect(list.querySelectorAll("li")).toHaveLength(0);
  });
});

test("a map's colors of selections are those that they have in the list; cells of several have one that none has", () => {
  const saved = [
    {name: "a", color: 5, rows: rows(0, 1)},
    {name: "b", color: 0, rows: rows(1, 2)}
  ];
  const scale = selectionScale(saved, 4);
  const entry = (label: string) => scale.entries.findIndex((one) => one.label === label);
  expect([...scale.index]).toEqual([entry("a"), entry("a + b"), entry("b"), entry("in none")]);
  expect(scale.light[entry("a")]).toBe(lightCategories[5]);
  expect(scale.dark[entry("b")]).toBe(darkCategories[0]);
  expect(lightCategories.slice(0, 12)).not.toContain(scale.light[entry("a + b")]);
  // 64 cells, each in another choice of six selections.
  const six = Array.from({length: 6}, (_, i) => ({
    name: `s${i}`,
    color: i,
    rows: Int32Array.from(Array(64).keys()).filter((cell) => (cell >> i) % 2 === 1)
  }));
  const many = selectionScale(six, 64);
  expect([many.light, many.dark].flat().every((color) => /^#[0-9a-f]{6}$/.test(color))).toBe(true);
});

test("the composition's figure has shares, intervals and the number of cells; of many values the first at first", () => {
  const figure = compositionFigure();
  const share = (cells: number, of: number) => ({cells, of, share: cells / of, low: 0.645821, high: 0.98488});
  const parts = Array.from({length: 14}, (_, i) => ({value: `v${i}`, selected: share(11, 12), others: share(4, 248)}));
  figure.update({column: "type", parts});
  expect(figure.querySelector("p")!.textContent).toBe(
    "Share of cells by type: the 12 selected, over the 248 others. Lines are 95 % intervals (Wilson)."
  );
  const cells = (row: Element) => [...row.children].map(({textContent}) => textContent);
  const lines = () => [...figure.querySelectorAll("tbody tr")];
  expect(cells(lines()[0])).toEqual(["v0", "", "91.7 %", "64.6 to 98.5 %", "1.61 %"]);
  expect(lines()).toHaveLength(12);
  figure.querySelector("button")!.click();
  expect(lines()).toHaveLength(14);
  figure.update(null, "Select cells.");
  expect([figure.querySelector("table"), figure.querySelector("p")!.textContent]).toEqual([null, "Select cells."]);
});
