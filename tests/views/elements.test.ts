// @vitest-environment jsdom
import {Bool, Dictionary, Field, FixedSizeList, Float32, Int32, List, Table, Utf8, vectorFromArray} from "apache-arrow";
import {describe, expect, test} from "vitest";
import {typeText, valueText} from "../../src/components/views/arrow-text.js";
import {cellChoice} from "../../src/components/views/cell-choice.js";
import {matrixPicker, type MatrixRow} from "../../src/components/views/matrix-picker.js";
import {tableView} from "../../src/components/views/table-view.js";

const text = (element: Element, selector: string): string => element.querySelector(selector)!.textContent!.trim();

const heard = (element: Element, name: string) => {
  const details: unknown[] = [];
  element.addEventListener(name, (event) => details.push((event as CustomEvent).detail));
  return details;
};

const set = (input: Element | null, value: string): void => {
  (input as HTMLInputElement).value = value;
  input!.dispatchEvent(new Event("input", {bubbles: true}));
};

describe("the matrix picker", () => {
  const info = (name: string, fault: string | null = null): MatrixRow["info"] => ({
    name,
    place: `/${name}`,
    encoding: "csr",
    nRows: 2700,
    nCols: 32_738,
    storedCols: 32_738,
    dtype: "float32",
    indexDtype: "int32",
    stored: 9,
    compression: [],
    genes: "var",
    fault
  });
  const seen = (name: string, verdict: "counts" | "log-normalized"): MatrixRow["candidate"] => ({
    name,
    fault: null,
    faultCode: null,
    evidence: {
      matrix: name,
      verdict,
      why: "all values are whole",
      complete: false,
      rowsExamined: 512,
      valuesExamined: 1,
      fractionNonzero: 0.026,
      min: 0,
      max: 1,
      nan: 0,
      infinite: 0,
      negative: 0,
      nonInteger: 0,
      nearInteger: 0,
      firstNan: null,
      firstInfinite: null,
      firstNegative: null,
      firstNonInteger: null,
      constantSum: null,
      noise: 0,
      leftOut: []
    }
  });
  const rows: MatrixRow[] = [
    {info: info("X"), candidate: seen("X", "log-normalized")},
    {info: info("raw/X"), candidate: seen("raw/X", "counts")},
    {info: info("layers/a"), candidate: null},
    {info: info("layers/b", "it lacks indptr"), candidate: null}
  ];

  test("shows what each matrix holds, with the evidence, and marks the chosen one", () => {
    const picker = matrixPicker(rows, "raw/X");
    const cells = [...picker.querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent)
    );
    expect(cells[1].slice(1)).toEqual([
      "raw/X",
      "counts",
      "2,700 × 32,738",
      "sparse, by cell, float32",
      "all values are whole (512 cells, 2.6 % not zero)"
    ]);
    expect(cells.map((row) => row[2])).toEqual(["log-normalized", "counts", "not looked at", "damaged"]);
    expect(cells[3][5]).toBe("it lacks indptr");
    expect([...picker.querySelectorAll("input")].map(({checked}) => checked)).toEqual([false, true, false, false]);
  });

  test("offers counts and what was not looked at; the rest only if any matrix may be used; the damaged never", () => {
    const disabled = (picker: Element) => [...picker.querySelectorAll("input")].map((input) => input.disabled);
    expect(disabled(matrixPicker(rows, "raw/X"))).toEqual([true, false, false, true]);
    expect(disabled(matrixPicker(rows, "raw/X", {anyMatrix: true}))).toEqual([false, false, false, true]);
  });

  test("tells of a choice once", () => {
    const picker = matrixPicker(rows, "raw/X");
    document.body.append(picker);
    const input = heard(picker, "input");
    picker.querySelectorAll("input")[2].click();
    expect([input.length, picker.value]).toEqual([1, "layers/a"]);
    picker.value = "raw/X";
    picker.value = "layers/none";
    expect([input.length, picker.value]).toEqual([1, "raw/X"]);
  });
});

describe("the choice of cells", () => {
  const data = {
    nCells: 24_500,
    obsColumns: [
      {name: "cell_type", groups: 12},
      {name: "donor", groups: 8}
    ],
    msPerCell: 120
  };
  const field = (form: Element, label: string) => form.querySelector(`[aria-label="${label}"]`);
  const mode = (form: Element, value: string) =>
    form.querySelector<HTMLInputElement>(`input[type=radio][value=${value}]`)!;

  test("a large file begins with a thousand at random, a small one with all", () => {
    expect(cellChoice(data).value).toEqual({mode: "random", n: 1000, seed: 0});
    expect(cellChoice({...data, nCells: 400}).value).toEqual({mode: "all"});
  });

  test("shows the time that each choice takes here, once it is known", () => {
    const form = cellChoice(data);
    const times = () => [...form.querySelectorAll(".wb-choice-time")].map((time) => time.textContent);
    expect(times()).toEqual(["about 49 min", "about 2 min", "about 2 min"]);
    form.update({...data, msPerCell: null});
    expect(times()).toEqual(["", "", ""]);
    expect(text(form, ".wb-choice-note")).toContain("known once");
  });

  test("is an input: value and input event go together", () => {
    const form = cellChoice(data);
    document.body.append(form);
    const input = heard(form, "input");
    mode(form, "stratified").click();
    set(field(form, "obs column to spread over"), "donor");
    set(field(form, "cells to draw"), "500");
    set(field(form, "seed"), "7");
    expect(form.value).toEqual({mode: "stratified", n: 500, seed: 7, column: "donor"});
    expect(input).toHaveLength(4);
    form.value = {mode: "all"};
    expect(mode(form, "all").checked).toBe(true);
  });

  test.each([
    ["cells to draw", "0", "between 1 and 24,500"],
    ["cells to draw", "24501", "between 1 and 24,500"],
    ["cells to draw", "1.5", "between 1"],
    ["seed", "-1", "whole number from 0"],
    ["seed", "4294967296", "to 4,294,967,295"]
  ])("%s %s is refused in words, and the last good choice stays", (label, value, words) => {
    const form = cellChoice(data);
    const input = heard(form, "input");
    set(field(form, label), value);
    expect(text(form, ".wb-choice-note")).toContain(words);
    expect(form.value).toEqual({mode: "random", n: 1000, seed: 0});
    expect(input).toHaveLength(0);
    set(field(form, label), "12");
    expect(text(form, ".wb-choice-note")).not.toContain(words);
  });

  test("another file keeps of the choice what fits it", () => {
    const form = cellChoice(data, {mode: "stratified", n: 1000, seed: 3, column: "donor"});
    form.update({nCells: 300, obsColumns: [{name: "batch", groups: 2}], msPerCell: null});
    expect(form.value).toEqual({mode: "random", n: 300, seed: 3});
  });
});

describe("the table", () => {
  const table = new Table({
    row: vectorFromArray([0, 1, 2], new Int32()),
    "obs:type": vectorFromArray(["B", null, "T"], new Dictionary(new Utf8(), new Int32())),
    tokens: vectorFromArray([[1, 2, 3, 4, 5, 6], null, []], new List(new Field("item", new Int32()))),
    ok: vectorFromArray([true, false, null], new Bool())
  });

  test("shows first rows, types and what is missing", () => {
    const view = tableView(table, {rows: 2, title: "sentences"});
    const head = () => [...view.querySelectorAll<HTMLElement>("thead th")].slice(1);
    const body = () =>
      [...view.querySelectorAll("tbody tr")].map((row) => [...row.children].slice(1).map((cell) => cell.textContent));
    expect(head().map((cell) => cell.textContent)).toEqual([
      "rowint32",
      "obs:typecategory, or none",
      "tokenslist of int32, or none",
      "okboolean, or none"
    ]);
    expect(body().slice(0, 2)).toEqual([
      ["0", "B", "1, 2, 3, 4 … (6)", "true"],
      ["1", "", "", "false"]
    ]);
    expect(text(view, ".wb-small")).toBe("3 rows, 4 columns");
    view.querySelector("form")!.scrollTo = () => undefined;
    head()[0].click();
    head()[0].click();
    expect(body().map(([row]) => row)).toEqual(["2", "1", "0"]);
    expect(view.querySelectorAll("input"), "no box without a name").toHaveLength(0);
    view.update(table.slice(0, 1));
    expect(text(view, ".wb-small")).toBe("1 row, 4 columns");
  });

  test("types and values have plain words", () => {
    expect(typeText(new FixedSizeList(512, new Field("item", new Float32())))).toBe("512 × float32");
    expect([valueText(NaN), valueText(12n), valueText([]), valueText(Float32Array.of(0.5, 1))]).toEqual([
      "NaN",
      "12",
      "",
      "0.5, 1"
    ]);
  });
});
