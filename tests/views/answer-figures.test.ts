// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {dotPlot} from "../../src/components/views/dot-plot.js";
import {groupDistributions} from "../../src/components/views/group-distributions.js";
import {markerTable, type MarkerRow} from "../../src/components/views/marker-table.js";
import {pagedTable} from "../../src/components/views/paged-table.js";
import {clusterRange, stabilityFigure} from "../../src/components/views/stability-figure.js";

const texts = (root: Element, selector: string): string[] =>
  [...root.querySelectorAll(selector)].map((element) => element.textContent);

describe("the stability of clusters", () => {
  const stability = [
    {resolution: 0.5, clusters: [3, 3, 3, 3, 3], betweenSeeds: 1, withChosen: 0.75},
    {resolution: 1, clusters: [5, 6, 5, 5, 7], betweenSeeds: 0.8, withChosen: 0.9},
    {resolution: 2, clusters: [9, 9, 9, 9, 8], betweenSeeds: 0.6, withChosen: 0.5}
  ];

  test("is drawn as two marks a resolution, and said in words with its numbers", () => {
    const figure = stabilityFigure(stability);
    expect(figure.querySelectorAll("circle")).toHaveLength(6);
    const label = figure.querySelector("[role=img]")!.getAttribute("aria-label")!;
    expect(label).toContain(
      "resolution 1: 5 to 7 clusters, adjusted Rand index 0.80 between seeds, 0.90 with those shown"
    );
    expect(clusterRange(stability[0])).toBe("3");
    const [low, , high] = [...figure.querySelectorAll("circle")].map((dot) => Number(dot.getAttribute("cy")));
    expect(low, "0.75 stands above 0.5").toBeLessThan(high);
    figure.update(null, "Not yet.");
    expect(figure.textContent).toContain("Not yet.");
  });
});

describe("a dot plot", () => {
  const data = {
    groups: ["B cells", "others"],
    cells: [10, 90],
    genes: ["MS4A1", "CD3D"],
    means: [2, 0, 0.5, 1],
    shares: [1, 0, 0.25, 0.5]
  };

  test("has dots whose area is the share and whose color is the mean; none for a gene that no cell of a group has", () => {
    const dots = [...dotPlot(data).querySelectorAll(".wb-dot")];
    expect(dots.map((dot) => dot.textContent)).toEqual([
      "MS4A1 in B cells: 100 % of cells, mean 2",
      "MS4A1 in others: 25 % of cells, mean 0.5",
      "CD3D in others: 50 % of cells, mean 1"
    ]);
    const [all, quarter, half] = dots.map((dot) => Number(dot.getAttribute("r")) ** 2);
    expect(quarter / all).toBeCloseTo(0.25, 10);
    expect(half / all).toBeCloseTo(0.5, 10);
    const [most, least] = dots.map((dot) => Number.parseFloat(dot.getAttribute("style")!.split(":")[1]!));
    expect(most).toBe(100);
    expect(least).toBeCloseTo(31, 6);
  });

  test("is said in words, and keeps groups without cells empty", () => {
    const means = [2, 0, NaN, NaN];
    const figure = dotPlot({...data, cells: [10, 0], means, shares: means});
    expect(figure.querySelectorAll(".wb-dot")).toHaveLength(1);
    const label = figure.querySelector("[role=img]")!.getAttribute("aria-label")!;
    expect(label).toContain("B cells: MS4A1, in 200 % of the cells; others: none of them");
  });
});

test("a gene by group shows violins of the cells that express it, beside the share that does", () => {
  const values = Float64Array.of(0, 0, 1, 2, 3);
  const groups = [
    {name: "B cells", values},
    {name: "T cells", values: new Float64Array(4)}
  ];
  const figure = groupDistributions({gene: "MS4A1", groups});
  expect(texts(figure, "svg > text").slice(-2)).toEqual(["B cells  60 %", "T cells  0 %"]);
  expect(figure.querySelectorAll(".wb-violin")).toHaveLength(1);
  const label = figure.querySelector("[role=img]")!.getAttribute("aria-label")!;
  expect(label).toBe(
    "MS4A1. B cells: 60 % of 5 cells express it, median of these 2; T cells: 0 % of 4 cells express it."
  );
});

const row = (gene: string, auc: number, more: Partial<MarkerRow> = {}): MarkerRow => ({
  gene,
  auc,
  log2FoldChange: 1,
  shareIn: 0.5,
  shareOut: 0.1,
  q: 1e-5,
  donorsHigher: null,
  ...more
});

describe("the table of markers", () => {
  test("says that cells are no replicates, and which gene was pressed", () => {
    const table = markerTable();
    const rows = [row("MS4A1", 0.9, {log2FoldChange: 30.5}), row("CD3D", 0.3, {q: 0})];
    table.update({rows, cells: 12, others: 88, donors: null});
    expect(table.querySelector("[role=status]")!.textContent).toMatch(
      /^12 selected cells against 88 others\. Cells are not replicates: .* name a column of donors/
    );
    expect(texts(table, "tbody tr:first-child td")).toEqual(["MS4A1", "0.900", "only in", "50.0 %", "10.0 %", "1e-5"]);
    expect(texts(table, "tbody tr:last-child td").at(-1)).toBe("< 1e-300");
    const genes: string[] = [];
    table.addEventListener("gene", (event) => genes.push((event as CustomEvent<{gene: string}>).detail.gene));
    table.querySelectorAll<HTMLButtonElement>("tbody button")[1].click();
    expect(genes).toEqual(["CD3D"]);
    table.look("CD3D");
    expect(texts(table, "[aria-current=true] td")[0]).toBe("CD3D");
  });

  test("has donors where a column is named", () => {
    const table = markerTable();
    table.update({rows: [row("MS4A1", 0.9, {donorsHigher: 2})], cells: 1, others: 8, donors: 3});
    expect(texts(table, "thead th").at(-1)).toBe("donors");
    expect(texts(table, "tbody td").at(-1)).toBe("2 of 3");
    expect(table.querySelector("[role=status]")!.textContent).toContain("3 donors have 5 cells on both sides");
    table.update(null, "Select cells.");
    expect(table.textContent).toBe("Select cells.");
  });
});

test("a paged table is sorted by a column, the highest first and then the lowest, and turns to a row where it stands then", () => {
  const table = pagedTable<number>(
    [
      {name: "value", number: true, value: (n) => n, cell: String},
      {name: "plain", cell: () => "-"}
    ],
    {title: "Numbers", size: 2}
  );
  table.update([3, NaN, 1, 2]);
  const shown = () => texts(table, "tbody td:first-child");
  expect(shown()).toEqual(["3", "NaN"]);
  const button = table.querySelector<HTMLButtonElement>("thead button")!;
  expect(table.querySelectorAll("thead button")).toHaveLength(1);
  button.click();
  expect(shown()).toEqual(["3", "2"]);
  expect(table.querySelector("th")!.getAttribute("aria-sort")).toBe("descending");
  button.click();
  expect(shown()).toEqual(["1", "2"]);
  table.show(1);
  expect(shown()).toEqual(["3", "NaN"]);
  expect(texts(table, "[aria-current=true] td")[0]).toBe("NaN");
});
