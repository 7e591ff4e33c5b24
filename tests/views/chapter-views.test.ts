// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import type {VectorComparison} from "../../src/components/core/pipeline/compare-vectors.js";
import {wholeArchitecture} from "../../src/components/core/model/architecture.js";
import {describeArchitecture} from "../../src/components/core/model/describe-architecture.js";
import type {Manifest} from "../../src/components/core/model/bundle.js";
import {architectureFigure} from "../../src/components/views/architecture-figure.js";
import {perCell} from "../../src/components/views/batch-points.js";
import {breakBench} from "../../src/components/views/break-bench.js";
import {divergingRamp} from "../../src/components/views/diverging.js";
import {typicalSize} from "../../src/components/views/heat-map.js";
import {nextInDirection} from "../../src/components/views/mini-map.js";
import {neighborLists} from "../../src/components/views/neighbor-lists.js";
import {contrast, luminance} from "../../src/components/views/oklab.js";
import {verdictOf} from "../../src/components/views/vector-verdict.js";

const heard = <T>(element: Element, name: string): T[] => {
  const details: T[] = [];
  element.addEventListener(name, (event) => details.push((event as CustomEvent<T>).detail));
  return details;
};

describe("the architecture's figure", () => {
  test("shows every part with its shape, and sums that agree", () => {
    const architecture = wholeArchitecture({
      layers: 4,
      width: 128,
      heads: 4,
      feedForward: 512,
      outputWidth: 64,
      maxLength: 2048,
      positions: "sinusoidal",
      activation: "gelu",
      layerNormEpsilon: 1e-5,
      expression: null
    });
    const described = describeArchitecture(
      {name: "m", untrained: true, architecture, tableRows: 1000} as unknown as Manifest,
      "fp32"
    );
    const figure = architectureFigure({...described, length: 1071, operations: 2.5e9});
    const cells = [...figure.querySelectorAll("tbody tr")].map((row) =>
      [...row.querySelectorAll("td")].map((cell) => cell.textContent)
    );
    expect(cells.map(([shape]) => shape)).toEqual([
      "L × 1",
      "L × 128",
      "L × 128",
      "L × 128",
      "L × 128",
      "1 × 128",
      "1 × 128",
      "1 × 64",
      "1 × 64"
    ]);
    const number = (text: string) => (text === "none" ? 0 : Number(text.replaceAll(",", "")));
    const total = number(figure.querySelector("tfoot td:nth-of-type(2)")!.textContent!);
    expect(cells.reduce((sum, [, weights]) => sum + number(weights), 0)).toBe(total);
    expect(total).toBe(described.parameters);
    expect(figure.textContent).toContain("weights are random");
    expect(figure.textContent).toContain("2.5 billion");
    figure.update(null);
    expect(figure.textContent).toContain("comes with an open file");
  });
});

describe("times a cell", () => {
  test("add up the cells, and leave out calls without any", () => {
    expect(
      perCell([
        {cells: 4, length: 9, ms: 100},
        {cells: 0, length: 0, ms: 0},
        {cells: 2, length: 9, ms: 30}
      ]).map(({done, each}) => [done, each])
    ).toEqual([
      [4, 25],
      [6, 15]
    ]);
  });
});

describe("what vectors say", () => {
  const spread = (meanCosine: number, max = 1) => ({count: 9, norm: {min: 1, mean: 1, max}, meanCosine});
  test("a collapse is called one, and only one", () => {
    expect(verdictOf(spread(0.99))).toContain("these vectors have collapsed");
    expect(verdictOf(spread(0.9))).toContain("close together");
    expect(verdictOf(spread(0.3))).toContain("these vectors have not collapsed.");
  });
  test("lengths that are not 1 are told", () => {
    expect(verdictOf(spread(0.3))).toContain("All 9 lengths are 1");
    expect(verdictOf(spread(0.3, 1.2))).toContain("from 1 to 1.2");
  });
});

describe("the bench of breaks", () => {
  const scores: VectorComparison = {
    cells: 60,
    classes: 11,
    majority: 0.1,
    whole: {accuracy: 0.78, accuracyError: 0.05, macroRecall: 0.7, macroRecallError: 0.06, meanCosine: 0.2},
    broken: {accuracy: 0.1, accuracyError: 0.04, macroRecall: 0.1, macroRecallError: 0.03, meanCosine: 0.99},
    relativeError: 1.7,
    otherCell: 1.35,
    cosine: -0.1
  };
  test("asks, shows progress, can be canceled, shows both scores, and goes back", () => {
    const bench = breakBench(["shuffled order", "random weights"]);
    const [broken, canceled] = [heard<string>(bench, "break"), heard<string>(bench, "cancel")];
    bench.reset(true);
    const row = bench.querySelector<HTMLElement>('[data-break="random weights"]')!;
    const button = row.querySelector("button")!;
    button.click();
    bench.update("random weights", {state: "running", done: 30, total: 120});
    expect(row.querySelector("progress")!.value).toBeCloseTo(0.25);
    button.click();
    expect([broken, canceled]).toEqual([["random weights"], ["random weights"]]);
    bench.update("random weights", {state: "done", scores});
    expect(row.textContent).toContain("0.78 → 0.10");
    expect(row.textContent).toContain("accuracy ± 0.05 and ± 0.04, macro recall ± 0.06 and ± 0.03");
    expect(row.textContent).toContain("has collapsed");
    expect(row.querySelector<HTMLElement>(".wb-break-full")!.style.left).toBe("10%");
    expect(bench.querySelector('[data-break="shuffled order"]')!.textContent).not.toContain("→");
    bench.reset(false);
    expect(row.textContent).not.toContain("→");
    expect(button.disabled).toBe(true);
  });
});

describe("lists of neighbors", () => {
  test("say how many are in both, join their places, and give the rank in the other space", () => {
    const lists = neighborLists();
    const group = {label: "B cell", light: "#123456", dark: "#abcdef"};
    const one = (row: number, otherRank: number) => ({row, name: `cell ${row}`, group, cosine: 0.5, otherRank});
    lists.update({cell: "x", group: null, space: [one(1, 2), one(2, 1234)], map: [one(3, 17), one(1, 1)]});
    const words = "1 of its 2 nearest cells in the embedding are among its 2 nearest on the map.";
    expect(lists.textContent).toContain(`${words} The one that was moved farthest away has rank 1,234 there.`);
    const rows = (kind: string) =>
      Array.from(lists.querySelectorAll(`[data-list="${kind}"] tbody tr`), (row) =>
        Array.from(row.children, ({textContent}) => textContent)
      );
    expect(rows("space")).toEqual([
      ["B cellcell 1", "0.50", "2", "1"],
      ["B cellcell 2", "0.50", "1,234", "2"]
    ]);
    expect(rows("map")[0]).toEqual(["1", "17", "0.50", "B cellcell 3"]);
    expect(Array.from(lists.querySelectorAll("line"), (line) => line.getAttribute("y2"))).toEqual(["1.5"]);
    expect(lists.querySelectorAll('[data-kind="both"]').length).toBe(2);
    lists.update(null, "Click a cell.");
    expect(lists.textContent).toBe("Click a cell.");
  });
});

describe("parts of drawings", () => {
  test("arrow keys go to the nearest point in their direction, and nowhere where there is none", () => {
    const positions = Float32Array.of(0, 0, 1, 0.5, 3, 0, 0, 2, -1, 5);
    expect(nextInDirection(positions, 0, 1, 0)).toBe(1);
    expect(nextInDirection(positions, 0, 0, 1)).toBe(3);
    expect(nextInDirection(positions, 0, 0, -1)).toBe(-1);
    expect(nextInDirection(positions, 0, -1, 0)).toBe(-1);
  });

  test("a color's range leaves the largest 2 % out and is never 0", () => {
    expect(typicalSize(Float32Array.from({length: 101}, (_, i) => -i))).toBe(98);
    expect(typicalSize(new Float32Array(10))).toBe(1);
  });

  test.each(["light", "dark"] as const)(
    "the diverging ramp on a %s page is symmetric in lightness and leaves the page on both sides",
    (mode) => {
      const ramp = divergingRamp(255, mode);
      for (const i of [0, 40, 90]) expect(Math.abs(luminance(ramp[i]) - luminance(ramp[254 - i]))).toBeLessThan(0.06);
      for (const end of [ramp[0], ramp[254]]) expect(contrast(end, ramp[127])).toBeGreaterThan(4.5);
      for (let i = 128; i < 255; ++i)
        expect((luminance(ramp[i]) - luminance(ramp[i - 1])) * (mode === "light" ? -1 : 1)).toBeGreaterThan(-1e-3);
    }
  );
});
