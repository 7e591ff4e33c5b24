// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {agreementTable} from "../../src/components/views/agreement-table.js";
import {confusionMatrix} from "../../src/components/views/confusion-matrix.js";
import {cosineStrips} from "../../src/components/views/cosine-strips.js";
import {labelOrigin} from "../../src/components/views/label-origin.js";
import {mixingTable} from "../../src/components/views/mixing-table.js";
import {recallBars} from "../../src/components/views/recall-bars.js";
import {noiseInWords, samplingAdvice, type MeasuredSampling} from "../../src/components/views/sampling-advice.js";
import {scoreCard} from "../../src/components/views/score-card.js";
import {seedTable} from "../../src/components/views/seed-table.js";

const rowsOf = (element: Element) =>
  [...element.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].filter((cell) => cell.getAttribute("aria-hidden") === null).map((cell) => cell.textContent)
  );
const words = (element: Element) => element.querySelector("p")!.textContent!;

describe("the scores of the index page", () => {
  const figures = {accuracy: 0.91, accuracyError: 0.018, macroRecall: 0.88, macroRecallError: 0.03};
  const shown = (column: string, trained: string | null = null) => {
    const card = scoreCard();
    card.update({column, cells: 260, classes: 4, majority: 0.4, model: figures, components: figures, trained});
    return card;
  };

  test("have their errors and the number of cells", () => {
    const card = shown("cell_type");
    expect(rowsOf(card).slice(0, 1)).toEqual([["this model", "0.91 ± 0.02", "0.88 ± 0.03"]]);
    expect(words(card)).toContain("260 cells, 4 groups");
    expect(words(card)).toContain("± is one standard error");
    expect(card.textContent).not.toContain("batch");
  });

  test("of cells that the model was trained on are called optimistic", () => {
    expect(shown("cell_type").querySelector(".wb-trained")).toBeNull();
    expect(words(shown("cell_type", "all 260 cells are of a data set that the model was trained on (X)"))).toBe(
      "All 260 cells are of a data set that the model was trained on (X). The model's scores are optimistic here: judge it by cells that it has not seen."
    );
  });

  test("of a batch are worded as separation, not as praise", () => {
    const card = shown("donor");
    expect(card.querySelector("caption")!.textContent).toBe("Does donor separate the cells?");
    expect(words(card)).toContain("High agreement with a batch means that cells are separated by batch");
  });
});

describe("label agreement", () => {
  const data = {
    column: "type",
    count: 400,
    types: 4,
    majority: 0.4,
    model: {accuracy: 0.8, accuracyError: 0.02, macroRecall: 0.7, macroRecallError: 0.03},
    components: {accuracy: 0.82, accuracyError: 0.019, macroRecall: 0.75, macroRecallError: 0.0001},
    nComponents: 30
  };

  test("stands beside components and the largest type, with its uncertainty", () => {
    const table = agreementTable(data);
    expect(rowsOf(table)).toEqual([
      ["vectors of this model", "0.800 ± 0.020", "0.700 ± 0.030"],
      ["30 principal components", "0.820 ± 0.019", "0.750 ± < 0.001"],
      ["(always the largest type)", "0.400", "0.250"]
    ]);
    expect(words(table)).toContain("n = 400 cells of 4 types. ± is one standard error");
    expect(words(table)).toContain("no more than chance");
  });

  test("says who is ahead only beyond two standard errors", () => {
    expect(words(agreementTable({...data, components: {...data.components, accuracy: 0.85}}))).toContain(
      "Principal components are ahead"
    );
    expect(words(agreementTable({...data, components: {...data.components, accuracy: 0.7}}))).toContain(
      "The model is ahead"
    );
  });

  test("of a batch is called separation, and nobody is ahead", () => {
    const said = words(agreementTable({...data, column: "donor_id", components: {...data.components, accuracy: 0.7}}));
    expect(said).toContain("The model separates cells by donor_id more.");
    expect(said).toContain("high agreement with a batch means that cells are separated by batch");
    expect(said).not.toContain("ahead");
  });

  test("recall is listed by size; types without cells are left out", () => {
    const bars = recallBars({
      names: ["a", "none", "b"],
      support: [2, 0, 8],
      model: [0.5, NaN, 0.75],
      components: [1, NaN, 0.25],
      modelError: [0.25, NaN, 0.125],
      componentsError: [0.2, NaN, 0.125],
      nComponents: 30
    });
    expect(rowsOf(bars)).toEqual([
      ["b", "8", "0.75 ± 0.13", "0.25 ± 0.13"],
      ["a", "2", "0.50 ± 0.25", "1.00 ± 0.20"]
    ]);
    expect(words(bars)).toContain("ahead in 1, principal components (PCs) in 1 of 2 types");
    expect(
      [...bars.querySelectorAll<HTMLElement>("tbody .wb-recall-model")].map((bar) =>
        bar.style.getPropertyValue("--value")
      )
    ).toEqual(["0.7500", "0.5000"]);
  });

  test("the confusion matrix has every count, and names the largest confusion", () => {
    const matrix = confusionMatrix({
      names: ["a", "none", "b"],
      confusion: [7, 0, 3, 0, 0, 0, 1, 0, 4],
      space: "the model"
    });
    expect(rowsOf(matrix)).toEqual([
      ["1a", "10", "7", "3"],
      ["2b", "5", "1", "4"]
    ]);
    expect(words(matrix)).toContain("a classified as b, 3 of 10 cells");
    expect(matrix.querySelector("tbody td:nth-child(4)")!.getAttribute("style")).toContain("0.3");
    expect(words(confusionMatrix({names: ["a", "b"], confusion: [1, 0, 0, 1], space: "x"}))).toContain(
      "No cell is taken for another type"
    );
  });
});

test("mixing stands beside what chance gives, type by type and for all", () => {
  const one = (label: number, cells: number, observed: number) => ({
    label,
    cells,
    observed,
    observedError: cells === 10 ? 0.05 : 0.02,
    expected: 0.5
  });
  const table = mixingTable({
    names: ["a", "b"],
    batches: "donor",
    k: 15,
    model: {observed: 0.31, observedError: 0.02, expected: 0.5, classes: [one(0, 10, 0.4), one(1, 90, 0.3)]},
    components: {observed: 0.21, observedError: NaN, classes: [one(0, 10, 0.3), one(1, 90, 0.2)]},
    nComponents: 30
  });
  expect(rowsOf(table)).toEqual([
    ["b", "90", "0.50", "0.30 ± 0.02", "0.20 ± 0.02"],
    ["a", "10", "0.50", "0.40 ± 0.05", "0.30 ± 0.05"]
  ]);
  expect([...table.querySelector("tfoot tr")!.children].map((cell) => cell.textContent)).toEqual([
    "all these types",
    "100",
    "0.50",
    "0.31 ± 0.02",
    "0.21 ± –"
  ]);
  expect(words(table)).toContain("1 type has 16 cells or fewer: there all others are neighbors");
});

test("where labels come from is an input that says what the answer means", () => {
  const choice = labelOrigin();
  document.body.append(choice);
  let inputs = 0;
  choice.addEventListener("input", () => (inputs += 1));
  expect(choice.value).toBe("unknown");
  choice.querySelector<HTMLInputElement>("input[value=clustering]")!.click();
  expect([choice.value, inputs]).toEqual(["clustering", 1]);
  expect(words(choice)).toContain("favor principal components");
  choice.value = "markers";
  expect(words(choice)).toContain("neither space is favored");
  expect(choice.querySelector<HTMLInputElement>("input:checked")!.value).toBe("markers");
});

describe("the noise of seeds", () => {
  const measured = (
    sampling: "reference" | "low-variance",
    overlaps: number[],
    same = 0.9,
    within = [0.1, 0.3, 0.5, 0.6, 0.7]
  ): MeasuredSampling => ({
    sampling,
    k: 15,
    sameCell: {quantiles: [0, 0, same, 1, 1]},
    withinType: {count: 9, quantiles: within},
    allCells: {count: 9, quantiles: within},
    averages: overlaps.map((overlap, i) => ({averaged: 2 ** i, overlap}))
  });

  test("advice follows the measured overlaps", () => {
    const helps = samplingAdvice([measured("reference", [0.47, 0.58]), measured("low-variance", [0.67, 0.74])]);
    expect(helps.map(({choice}) => choice)).toEqual([
      "reference sampling, one draw",
      "low-variance sampling, one draw",
      "the mean of 2 draws, low-variance sampling"
    ]);
    expect(helps[1].why).toBe(
      "at the same cost it keeps 67 % of a cell's 15 nearest when the seed changes, the reference 47 %"
    );
    const equal = samplingAdvice([measured("reference", [0.7, 0.71]), measured("low-variance", [0.71, 0.715])]);
    expect(equal.map(({choice}) => choice)).toEqual(["reference sampling, one draw", "either sampling"]);
    expect(samplingAdvice([measured("reference", [0.5])])).toEqual([]);
  });

  test("cosines are read against those of other cells", () => {
    expect(noiseInWords(measured("reference", [0.5], 0.8))).toContain(
      "0.80 with itself under another seed, and of 0.50 with cells of its own type. That is above 95 %"
    );
    expect(noiseInWords(measured("reference", [0.5], 0.65))).toContain("above three quarters");
    expect(noiseInWords(measured("low-variance", [0.5], 0.55))).toContain("largely the seed's");
    expect(noiseInWords({...measured("reference", [0.5]), withinType: {count: 0, quantiles: []}})).toContain(
      "with other cells"
    );
  });

  test("distributions have a text with their numbers, and none without pairs", () => {
    const strip = {name: "same cell", count: 12, quantiles: [0.5, 0.6, 0.7, 0.8, 0.9], histogram: [0, 3, 9], color: 1};
    const figure = cosineStrips({
      from: -0.2,
      groups: [{name: "reference", strips: [strip, {...strip, name: "nothing", count: 0}]}]
    });
    const pictures = [...figure.querySelectorAll("svg")];
    expect(pictures.map((picture) => picture.getAttribute("aria-label"))).toEqual([
      "same cell: median cosine 0.700, 90 % between 0.500 and 0.900, 12 pairs"
    ]);
    expect([...figure.querySelectorAll(".wb-strip-axis span")].map((tick) => tick.textContent)).toEqual([
      "0",
      "0.25",
      "0.5",
      "0.75",
      "1"
    ]);
    expect(pictures[0].querySelector(".wb-strip-area")!.getAttribute("d")).toMatch(
      /^M0 24L0\.00 24\.00L33\.33 24\.00L33\.33 16\.67.*L66\.67 2\.00L100\.00 2\.00L100 24Z$/
    );
  });

  test("the table has what stays and what it costs", () => {
    const table = seedTable({
      cells: 60,
      k: 15,
      chanceOverlap: 15 / 59,
      all: 2000,
      rows: [
        {
          sampling: "reference",
          averaged: 2,
          cosine: 0.9,
          relativeError: 0.47,
          overlap: 0.766,
          foundAgain: 1,
          errors: {overlap: 0.0123, relativeError: 0.021, cosine: 0.0104, foundAgain: 0.022},
          msPerCell: 240,
          msForAll: 480_000
        }
      ]
    });
    expect(rowsOf(table)).toEqual([
      ["reference", "2", "76.6 ± 1.2 %", "0.47 ± 0.02", "0.900 ± 0.010", "100.0 ± 2.2 %", "240 ms", "8 min"]
    ]);
    expect(words(table)).toContain("chance alone gives 25.4 %");
  });
});
