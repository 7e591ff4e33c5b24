// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {areaUnderRoc} from "../../src/components/core/space/area-under-roc.js";
import {rocCurve} from "../../src/components/core/space/roc-curve.js";
import {expressionView} from "../../src/components/views/expression-view.js";

/** 40 genes: the first 12 counted; the model likes gene 30 although it is absent, and not gene 3 although it is counted. */
function made() {
  const symbols = Array.from({length: 40}, (_, gene) => `GENE${gene}`);
  const counts = Float32Array.from(symbols, (_, gene) => (gene < 12 ? gene + 1 : 0));
  const probabilities = Float32Array.from(symbols, (_, gene) =>
    gene === 30 ? 0.99 : gene === 3 ? 0.001 : 0.9 - gene / 50
  );
  const detection = Float32Array.from(symbols, (_, gene) => (gene % 7) / 7);
  const counted = counts.map((count) => Number(count > 0));
  return {
    row: 5,
    symbols,
    counts,
    probabilities,
    detection,
    otherCells: 259,
    auroc: areaUnderRoc(probabilities, counted),
    baselineAuroc: areaUnderRoc(detection, counted),
    curve: rocCurve(probabilities, counted),
    baselineCurve: rocCurve(detection, counted)
  };
}

const lists = (element: Element) =>
  Object.fromEntries(
    Array.from(element.querySelectorAll("table"), (table) => [
      table.caption!.textContent,
      Array.from(table.querySelectorAll("tbody tr"), (row) => Array.from(row.children, (cell) => cell.textContent))
    ])
  );

describe("what the model expects of a cell", () => {
  test("three lists name the genes with expectation, count and detection, and the areas stand at the curve", () => {
    const expression = made();
    const view = expressionView({expression, cell: "cell-5, astrocyte"});
    const found = lists(view);
    expect(found["Most expected"][0]).toEqual(["GENE30", "99", "0", "29"]);
    expect(found["Expected, not counted"].map(([gene]) => gene).slice(0, 2)).toEqual(["GENE30", "GENE12"]);
    expect(found["Counted, least expected"][0]).toEqual(["GENE3", "< 1", "4", "43"]);
    expect(Object.values(found).map((rows) => rows.length)).toEqual([10, 10, 10]);
    expect(view.textContent).toContain("cell-5, astrocyte: 12 of 40 genes");
    expect(view.querySelector("[role=img]")!.getAttribute("aria-label")).toBe(
      `ROC curve. Area under the curve: model ${expression.auroc.toFixed(3)}, detection in other cells ${expression.baselineAuroc.toFixed(3)}.`
    );
    expect(expression.auroc).toBeGreaterThan(expression.baselineAuroc);
    expect(view.querySelectorAll("path, [aria-label=line]").length).toBeGreaterThan(2);
  });

  test("a cell without others to compare with has one curve, and no cell says why there is none", () => {
    const none = {falsePositiveRate: new Float32Array(0), truePositiveRate: new Float32Array(0)};
    const view = expressionView({
      expression: {
        ...made(),
        otherCells: 0,
        baselineAuroc: NaN,
        baselineCurve: none,
        detection: new Float32Array(40).fill(NaN)
      },
      cell: "c"
    });
    expect(view.querySelectorAll(".wb-expression-key li")).toHaveLength(1);
    expect(view.textContent).not.toMatch(/NaN/);
    view.update(null, "no cell is chosen");
    expect(view.textContent).toBe("no cell is chosen");
  });
});
