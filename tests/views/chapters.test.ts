// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {chromosomeName} from "../../src/components/core/cells/chromosome-name.js";
import {cellPicker, matchingCells} from "../../src/components/views/cell-picker.js";
import {codeBox} from "../../src/components/views/code-box.js";
import {distributionView, quartiles} from "../../src/components/views/distribution-view.js";
import {drawnView} from "../../src/components/views/drawn-view.js";
import {fileTreeView} from "../../src/components/views/file-tree.js";
import {
  galleryAlignment,
  galleryCellSteps,
  galleryFileTree,
  galleryRecoveries
} from "../gallery/src/made-up/chapters.js";
import {geneAlignmentView} from "../../src/components/views/gene-alignment-view.js";
import {recoveryPython, recoveryView} from "../../src/components/views/recovery-view.js";
import {compareDraws} from "../../src/components/core/cells/compare-draws.js";
import {sentenceComparison} from "../../src/components/views/sentence-comparison.js";
import {sentenceText} from "../../src/components/views/sentence-text.js";
import {sentenceView} from "../../src/components/views/sentence-view.js";
import {tokenTable} from "../../src/components/views/token-table.js";
import {probabilitiesView} from "../../src/components/views/probabilities-view.js";

const press = (element: Element, key: string): void =>
  void element.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
const texts = (root: Element, selector: string): string[] =>
  Array.from(root.querySelectorAll(selector), (element) => element.textContent.trim());
Element.prototype.scrollIntoView = () => {};

describe("a file's tree", () => {
  const shown = (tree: Element): string[] =>
    Array.from(tree.querySelectorAll("[role=treeitem]"))
      .filter((row) => row.closest("ul[hidden]") === null)
      .map((row) => row.querySelector(".wb-tree-name")!.textContent!);

  test("opens, closes and is walked through by the arrow keys, and describes what has the focus", () => {
    const tree = fileTreeView(galleryFileTree());
    document.body.replaceChildren(tree);
    expect(shown(tree)).toEqual(["(file)", "X", "layers", "obs", "obsm", "uns", "var"]);
    const focused = () => document.activeElement!;
    tree.querySelector<HTMLElement>("[tabindex='0']")!.focus();
    press(focused(), "ArrowDown");
    expect(focused().textContent).toMatch(/X sparse matrix, by cell · 3 parts$/);
    press(focused(), "ArrowRight");
    expect(focused().getAttribute("aria-expanded")).toBe("true");
    expect(shown(tree)).toContain("indptr");
    press(focused(), "ArrowRight");
    expect(focused().querySelector(".wb-tree-name")!.textContent).toBe("data");
    expect(tree.querySelector(".wb-tree-details")!.textContent).toMatch(
      /path\/X\/data.*2,286,884.*float32.*9.15 MB.*65,536.*byte shuffle, gzip/
    );
    press(focused(), "ArrowLeft");
    press(focused(), "ArrowLeft");
    expect(shown(tree)).not.toContain("indptr");
    press(focused(), "End");
    expect(focused().querySelector(".wb-tree-name")!.textContent).toBe("var");
    expect(tree.querySelectorAll("[tabindex='0']")).toHaveLength(1);
  });

  test("shows a part that cannot be described", () => {
    const tree = fileTreeView(galleryFileTree());
    expect(texts(tree, ".wb-tree-row").find((text) => text.includes("damaged"))).toContain("neither a group nor data");
  });
});

describe("genes that are missing", () => {
  test("are listed by their counts, and found by part of a name", () => {
    const view = geneAlignmentView(galleryAlignment());
    document.body.replaceChildren(view);
    const {names, matched, countsOfGene} = galleryAlignment();
    const missing = names
      .map((name, i) => ({name, counts: countsOfGene[i], matched: matched[i]}))
      .filter((gene) => gene.matched === 0)
      .sort((a, b) => b.counts - a.counts);
    expect(texts(view, "tbody td:first-child")).toEqual(missing.slice(0, 12).map(({name}) => name));
    expect(view.textContent).toContain(`knows ${names.length - missing.length} of the file's ${names.length} genes`);
    const search = view.querySelector<HTMLInputElement>("[type=search]")!;
    search.value = "linc1";
    search.dispatchEvent(new Event("input"));
    expect(texts(view, "tbody td:first-child").every((name) => name.startsWith("LINC1"))).toBe(true);
    view.querySelector<HTMLInputElement>("[value=matched]")!.click();
    expect(texts(view, "tbody td")).toEqual(["none"]);
  });
});

describe("choosing a cell", () => {
  const names = ["AAAC-1", "TTTG-1", "aaac-2", "G12", "12", "CCAAAC"];

  test("by row number first, then by the beginning and by any part of a name", () => {
    expect(matchingCells(names, null, "aaac", 9)).toEqual([0, 2, 5]);
    expect(matchingCells(names, null, "1", 9)).toEqual([1, 4, 0, 3]);
    expect(matchingCells(names, Int32Array.of(2, 5), "aaac", 9)).toEqual([2, 5]);
    expect(matchingCells(names, null, "zz", 9)).toEqual([]);
    expect(matchingCells(names, null, "3: G12", 9)).toEqual([3]);
  });

  test("by typing, arrow keys and Enter, and by the buttons beside", () => {
    const picker = cellPicker(names, Int32Array.of(0, 2, 5), 0);
    document.body.replaceChildren(picker);
    const heard: number[] = [];
    picker.addEventListener("input", () => heard.push(picker.value));
    const input = picker.querySelector("input")!;
    expect(input.value).toBe("0: AAAC-1");
    input.focus();
    input.value = "aa";
    input.dispatchEvent(new Event("input", {bubbles: true}));
    expect(input.getAttribute("aria-expanded")).toBe("true");
    expect(texts(picker, "[role=option]")).toEqual(["0 AAAC-1", "2 aaac-2", "5 CCAAAC"]);
    press(input, "ArrowDown");
    expect(input.getAttribute("aria-activedescendant")).toBe(picker.querySelector("[aria-selected=true]")!.id);
    press(input, "Enter");
    picker.querySelector<HTMLButtonElement>("[aria-label='Next cell']")!.click();
    picker.querySelector<HTMLButtonElement>("[aria-label='Next cell']")!.click();
    expect(heard).toEqual([2, 5]);
  });
});

describe("one cell", () => {
  const {steps, extents} = galleryCellSteps();

  test("shows its genes most probable first, with counts, logarithms and probabilities", () => {
    const view = probabilitiesView(steps);
    const order = Array.from(steps.probabilities.keys()).sort(
      (a, b) => steps.probabilities[b] - steps.probabilities[a] || a - b
    );
    expect(texts(view, "tbody td:first-child")).toEqual(order.slice(0, 12).map((gene) => steps.symbols[gene]));
    expect(view.querySelector("tbody td:nth-child(2)")!.textContent).toBe(String(steps.counts[order[0]]));
    expect(view.querySelector("[role=img]")!.getAttribute("aria-label")).toMatch(
      /Half of the counts are on \d+ genes, half of the probability is on \d+, and on \d+ if the file were log-normalized/
    );
    view.update({...steps, status: "empty", sentence: null});
    expect(view.textContent).toContain("no counts on genes that the model knows");
  });

  test("is walked through along the genome, in the sentence's order, by the keyboard", () => {
    const view = sentenceView({steps, extents});
    const table = tokenTable(steps);
    const told: number[] = [];
    view.addEventListener("gene", (event) => told.push((event as CustomEvent<number>).detail));
    const picture = view.querySelector("svg")!;
    const words = () => view.querySelector("[role=status]")!.textContent!;
    const {order, sequence} = steps.sentence!;
    press(picture, "Home");
    expect(words()).toMatch(
      new RegExp(`^${steps.symbols[order.genes[0][0]]}: chr ${chromosomeName(order.chromosomes[0])}, `)
    );
    expect(words()).toMatch(/places? 2/);
    press(picture, "ArrowDown");
    expect(words()).toContain(`${steps.symbols[order.genes[1][0]]}: chr ${chromosomeName(order.chromosomes[1])}`);
    press(picture, "ArrowUp");
    press(picture, "End");
    expect(words()).toContain(steps.symbols[order.genes.at(-1)!.at(-1)!]);
    expect(told[0]).toBe(2);
    expect(told[1]).toBe(2 + order.genes[0].length + 2);
    for (const place of told) {
      table.show(place);
      expect(table.querySelector("tr[aria-current] td:nth-child(2)")!.textContent).toBe(String(sequence[place]));
    }
    expect(picture.querySelectorAll(".wb-sentence-gene").length).toBe(new Set(steps.sentence!.draws).size);
  });

  test("names the genes drawn most, those drawn once never", () => {
    const picture = sentenceView({steps, extents}).querySelector("svg")!;
    const times = new Map<string, number>();
    for (const gene of steps.sentence!.draws) times.set(steps.symbols[gene], (times.get(steps.symbols[gene]) ?? 0) + 1);
    const named = texts(picture, ".wb-sentence-name").map((name) => times.get(name)!);
    expect(named.length).toBeGreaterThan(10);
    expect(Math.min(...named)).toBeGreaterThan(1);
    expect(named[0]).toBe(Math.max(...times.values()));
    expect(picture.querySelectorAll(".wb-sentence-leader").length).toBe(named.length);
  });

  test("can be read: chromosomes in order, genes along them, repeats counted", () => {
    const view = sentenceText();
    view.update(steps);
    const {order} = steps.sentence!;
    const lines = texts(view, "li");
    expect(lines.length).toBe(order.chromosomes.length);
    const read = lines.flatMap((line) =>
      [...line.slice(line.indexOf(": ") + 2).matchAll(/(\S+?)(?:\u00a0×(\d+))?(?: |$)/g)].flatMap(([, name, times]) =>
        Array<string>(Number(times ?? 1)).fill(name)
      )
    );
    expect(read).toEqual(order.genes.flatMap((genes) => Array.from(genes, (gene) => steps.symbols[gene])));
    expect(lines[0]).toContain(`chr ${chromosomeName(order.chromosomes[0])} ${order.genes[0].length} token`);
    view.update(null, "Waiting");
    expect(view.textContent).toBe("Waiting");
  });

  test("is compared with another: genes of both, of one alone, and the draws in common", () => {
    const other = galleryCellSteps("low-variance").steps;
    const {both, here, there, share} = compareDraws(steps, other)!;
    const drawn = ({symbols, sentence}: typeof steps) => new Set(Array.from(sentence!.draws, (gene) => symbols[gene]));
    const [mine, theirs] = [drawn(steps), drawn(other)];
    expect(both.map(({symbol}) => symbol).sort()).toEqual([...mine].filter((name) => theirs.has(name)).sort());
    expect([here.length, there.length]).toEqual([mine.size - both.length, theirs.size - both.length]);
    const sum = (list: typeof both, side: "here" | "there") => list.reduce((all, gene) => all + gene[side], 0);
    expect(sum(both, "here") + sum(here, "here")).toBe(steps.sentence!.draws.length);
    expect(both[0].here + both[0].there).toBeGreaterThanOrEqual(both[1].here + both[1].there);
    expect(compareDraws(steps, steps)).toMatchObject({here: [], there: [], share: 1});
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(1);
    const view = sentenceComparison();
    view.update({here: {name: "a", steps}, there: {name: "b", steps: other}});
    expect(view.querySelector("[role=img]")!.getAttribute("aria-label")).toBe(
      `only a: ${here.length} genes; both: ${both.length} genes; only b: ${there.length} genes`
    );
    expect(texts(view, '[data-kind="both"] tbody tr:first-child > *')).toEqual([
      both[0].symbol,
      `×${both[0].here}`,
      `×${both[0].there}`
    ]);
    view.update({here: {name: "a", steps}, there: {name: "b", steps: {...other, sentence: null}}});
    expect(view.textContent).toContain("One of the two cells has no counts");
  });

  test("is said to be drawn fairly or not, in words", () => {
    const label = (view: Element) => view.querySelector("[role=img]")!.getAttribute("aria-label")!;
    expect(label(drawnView(steps))).toMatch(/\d+ of \d+ genes with counts were drawn, \d+ draws are repeats; 9\d/);
    expect(label(drawnView(galleryCellSteps("low-variance").steps))).toContain(
      "100 % of the genes lie within the two whole numbers"
    );
  });

  test("has a token table that turns pages", () => {
    const table = tokenTable(steps);
    expect(texts(table, "tbody tr:first-child td")[2]).toBe("start: the cell's own token (CLS)");
    table.querySelector<HTMLButtonElement>("[aria-label$='last page']")!.click();
    expect(texts(table, "tbody tr:last-child td").slice(0, 2)).toEqual([
      (steps.sentence!.sequence.length - 1).toLocaleString("en"),
      "2000"
    ]);
    expect(table.querySelector<HTMLButtonElement>("[aria-label$='next page']")!.disabled).toBe(true);
  });
});

describe("distributions", () => {
  test("tell median and quartiles, and how many cells have no value", () => {
    expect(quartiles([1, 2, 3, 4, NaN])).toEqual({count: 4, low: 1.75, median: 2.5, high: 3.25});
    const view = distributionView({title: "Lost", values: [0.1, 0.2, 0.3, NaN], axis: "share", format: "share"});
    expect(view.querySelector("figcaption")!.textContent).toBe(
      "Median 20 %, half of the cells between 15 % and 25 %. 1 cell without a value left out."
    );
    view.update(null, "Adding up …");
    expect(view.textContent).toContain("Adding up …");
    expect(view.querySelector("figcaption")!.textContent).toBe("");
  });
});

describe("counts that can be recovered", () => {
  test("are offered with their errors and not embedded, or refused with the reason", () => {
    const [possible, refused] = galleryRecoveries().map((recovery) => recoveryView(recovery));
    expect(possible.textContent).toContain("Nothing is embedded from them unless you choose them");
    expect(possible.textContent).toContain("scaled to a sum of 10,000");
    expect(refused.textContent).toMatch(/cannot be recovered from X.*Only 0 of 300 cells/);
    expect(refused.querySelector("button")).toBeNull();
    expect(recoveryPython("layers/a'b\"", 2)).toContain('adata.layers["a\'b\\""]');
    expect(recoveryPython("layers/x", 2)).toContain("np.expm1(cell * np.log(2))");
  });
});

test("code that cannot be copied is opened instead", async () => {
  const box = codeBox({button: "Copy", summary: "code", language: "python"});
  expect(box.querySelector("button")!.disabled).toBe(true);
  box.update("print(1)");
  document.body.replaceChildren(box);
  box.querySelector("button")!.click();
  await Promise.resolve();
  expect(box.querySelector("details")!.open).toBe(true);
  expect(box.code).toBe("print(1)");
});
