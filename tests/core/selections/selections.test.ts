import {describe, expect, test} from "vitest";
import {createRandom} from "../../../src/components/core/random.js";
import {changeSelections, type SelectionsAction} from "../../../src/components/core/selections/change-selections.js";
import {combineRows, type RowsChange} from "../../../src/components/core/selections/combine-rows.js";
import {mergeSelections} from "../../../src/components/core/selections/merge-selections.js";
import {rowsWithin} from "../../../src/components/core/selections/rows-within.js";
import {selectionColumn} from "../../../src/components/core/selections/selection-column.js";
import {
  mostUndone,
  type NamedSelection,
  noSelections,
  type SelectionsState
} from "../../../src/components/core/selections/selections.js";
import {selectionsFromText, selectionsToText} from "../../../src/components/core/selections/selections-text.js";

const rows = (...all: number[]) => Int32Array.from(all);
const after = (state: SelectionsState, ...actions: SelectionsAction[]) => actions.reduce(changeSelections, state);
const select = (...all: number[]): SelectionsAction => ({type: "select", rows: rows(...all)});
const save = (name: string): SelectionsAction => ({type: "save", name});
const named = (name: string, color: number, ...all: number[]): NamedSelection => ({name, color, rows: rows(...all)});

test.each(["and", "or", "not"] as RowsChange[])(
  "%s of rows is that of sets, on random sets and empty ones",
  (change) => {
    const {next} = createRandom(change.length);
    const random = (n: number, below: number) =>
      Int32Array.from(new Set(Array.from({length: n}, () => Math.floor(next() * below)))).sort();
    for (let i = 0; i < 200; ++i) {
      const [a, b] = [random(i % 12, 20), random((i * 7) % 9, 20)];
      const isIn: Record<RowsChange, (row: number) => boolean> = {
        and: (row) => a.includes(row) && b.includes(row),
        or: (row) => a.includes(row) || b.includes(row),
        not: (row) => a.includes(row) && !b.includes(row)
      };
      expect([...combineRows(a, b, change)]).toEqual([...Array(20).keys()].filter(isIn[change]));
    }
  }
);

describe("selections", () => {
  test("are named, get colors that differ, and names that differ", () => {
    const {saved, current} = after(
      noSelections,
      select(1, 2),
      save(" B  cells "),
      select(5),
      save("B cells"),
      save(" ")
    );
    expect(saved).toEqual([named("B cells", 0, 1, 2), named("B cells 2", 1, 5)]);
    expect(current).toEqual(rows(5));
    expect(after(noSelections, save("nothing is selected"))).toBe(noSelections);
  });

  test("combine with what is selected, and turn inside out", () => {
    const start = after(noSelections, select(1, 2, 3));
    const combine = (change: RowsChange) => after(start, {type: "combine", rows: rows(3, 4), change}).current;
    expect(combine("and")).toEqual(rows(3));
    expect(combine("or")).toEqual(rows(1, 2, 3, 4));
    expect(combine("not")).toEqual(rows(1, 2));
    expect(after(start, {type: "combine", rows: rows(7), change: "and"}).current).toBeNull();
    expect(after(start, {type: "invert", all: rows(0, 1, 2, 3, 9)}).current).toEqual(rows(0, 9));
    expect(after(noSelections, {type: "combine", rows: rows(7), change: "or"}).current).toEqual(rows(7));
  });

  test("are renamed, colored, given other cells and removed; what means nothing changes nothing", () => {
    const start = after(noSelections, select(1), save("a"), select(2), save("b"));
    const change = (...actions: SelectionsAction[]) => after(start, ...actions).saved;
    expect(change({type: "rename", name: "a", to: "b"})[0].name).toBe("b 2");
    expect(change({type: "recolor", name: "b", color: 7})[1].color).toBe(7);
    expect(change({type: "replace", name: "a"})[0].rows).toEqual(rows(2));
    expect(change({type: "remove", name: "a"})).toEqual([named("b", 1, 2)]);
    expect(after(start, {type: "remove", name: "a"}, select(3), save("c")).saved[1].color).toBe(0);
    const nothing: SelectionsAction[] = [
      {type: "remove", name: "x"},
      {type: "rename", name: "a", to: " "},
      {type: "rename", name: "a", to: "a"},
      {type: "recolor", name: "a", color: 0},
      select(2),
      {type: "redo"}
    ];
    for (const action of nothing) expect(changeSelections(start, action), action.type).toBe(start);
  });

  test("are undone and redone step by step, until something else is done, and so many steps at most", () => {
    const states = [noSelections];
    for (const action of [select(1), save("a"), select(2), {type: "remove", name: "a"}] satisfies SelectionsAction[])
      states.push(changeSelections(states.at(-1)!, action));
    const moment = ({current, saved}: SelectionsState) => ({current, saved});
    let state = states.at(-1)!;
    for (const before of states.slice(0, -1).reverse()) {
      state = changeSelections(state, {type: "undo"});
      expect(moment(state)).toEqual(moment(before));
    }
    expect(changeSelections(state, {type: "undo"})).toBe(state);
    for (const later of states.slice(1)) {
      state = changeSelections(state, {type: "redo"});
      expect(moment(state)).toEqual(moment(later));
    }
    expect(after(state, {type: "undo"}, select(9)).future).toEqual([]);
    const many = [...Array(2 * mostUndone).keys()].map((row) => select(row));
    expect(after(noSelections, ...many).past).toHaveLength(mostUndone);
    expect(after(state, {type: "open", current: rows(), saved: []})).toEqual(noSelections);
  });
});

test("selections come back from their text; of a text that is not whole, what can be read", () => {
  const saved = [named("T ~;+ 5%7e cells", 0, 0, 1, 2, 9), named("β", 11, 4)];
  const text = selectionsToText(saved);
  expect(selectionsFromText(text, 10)).toEqual(saved);
  expect(selectionsFromText(text, 9)).toEqual([saved[1]]);
  expect(selectionsFromText(`${text};x;a~1~*;~1~AAA;${text}`, 10).map(({name}) => name)).toEqual([
    "T ~;+ 5%7e cells",
    "β",
    "T ~;+ 5%7e cells 2",
    "β 2"
  ]);
  expect(selectionsFromText("", 10)).toEqual([]);
  expect(selectionsFromText("a~c~AAA;b~zz~AAA;c~b~AAA", 10), "colors that there are").toEqual([named("c", 11, 0)]);
});

test("selections of a link join those that are here: equal ones are one, others of the name get a number", () => {
  const here = [named("a", 0, 1)];
  const merged = mergeSelections(here, [named("a", 3, 1), named("a", 3, 2), named("c", 1, 5)]);
  expect(merged).toEqual([named("a", 0, 1), named("a 2", 3, 2), named("c", 1, 5)]);
  expect(mergeSelections(merged, [named("a", 3, 2)]), "a reload adds nothing").toEqual(merged);
});

test("a column has a cell's selection, of several all names", () => {
  const column = selectionColumn([named("a", 0, 0, 1), named("b", 1, 1, 2), named("c", 2, 1)], 5);
  expect(Array.from(column.codes, (code) => column.categories[code] ?? null)).toEqual([
    "a",
    "a + b + c",
    "b",
    null,
    null
  ]);
  expect(column.categories).not.toContain("a + b");
});

test("cells of several selections are told from those of one that is called as these together are", () => {
  const saved = [
    named("a", 0, 0, 1),
    named("b + c", 1, 0, 2),
    named("a + b", 2, 3),
    named("b", 3, 1, 4),
    named("c", 4, 1, 3)
  ];
  const {codes, categories} = selectionColumn(saved, 5);
  const labels = Array.from(codes, (code) => categories[code]);
  expect(labels).toEqual(["a + b + c", "a + b + c 2", "b + c", "a + b + c 3", "b"]);
  expect(new Set(categories).size).toBe(categories.length);
  const [own] = selectionColumn([named("a", 0, 0, 1), named("b", 1, 1), named("a + b", 2, 2)], 3).categories;
  expect(own).toBe("a");
  expect(selectionColumn([named("a", 0, 1), named("b", 1, 1), named("a + b", 2, 2)], 3).categories).toEqual([
    "a + b 2",
    "a + b"
  ]);
});

test("rows within bounds: both ends are in, what is no number is not", () => {
  const values = [0, 1, 2, NaN, 3];
  expect(rowsWithin(values, {low: 1, high: 2})).toEqual(rows(1, 2));
  expect(rowsWithin(values, {low: null, high: 1})).toEqual(rows(0, 1));
  expect(rowsWithin(values, {low: 2, high: null}, {rows: rows(2, 3), valid: [1, 1, 1, 1, 1]})).toEqual(rows(2));
  expect(rowsWithin(values, {low: null, high: null}, {valid: [1, 0, 1, 1, 1]})).toEqual(rows(0, 2, 4));
});
