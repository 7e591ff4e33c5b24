// @vitest-environment jsdom
import {expect, test} from "vitest";
import {variantsQuestion} from "../../src/components/views/variants-question.js";
import {variantsResult} from "../../src/components/views/variants-result.js";

const figures = {bytes: 38.7e6, relativeError: 0.022, recall15: 0.989, cells: 260};
const fault = "the fp16 variant is too far from float32: relative error 0.2 (limit 0.01) on the first 48 of 260 cells";

test("each variant is shown with its figures beside their limits, and the verdict in words", () => {
  const result = variantsResult("UCE", {
    ...{origin: "260 cells of demo.h5ad", backend: "webgpu", made: "ab"},
    variants: [
      {precision: "fp16", ...figures, relativeError: 0.2, cells: 48, fault},
      {precision: "int8", ...figures, fault: null}
    ]
  });
  const cellsOf = (precision: string) =>
    [...result.querySelectorAll(`[data-precision=${precision}] > *`)].map((cell) => cell.textContent);
  expect(cellsOf("int8")).toEqual([
    "8 bit",
    "38.7 MB",
    "0.022 (at most 0.07)",
    "0.989 (at least 0.97)",
    "260 cells",
    "near enough"
  ]);
  expect(cellsOf("fp16").slice(-2)).toEqual(["48 cells", `left out: ${fault}`]);
  expect(result.textContent).toContain("is kept as a model of its own");
  expect(result.textContent).toContain("on the same device (WebGPU)");
  let closed = 0;
  result.addEventListener("close", () => (closed += 1));
  result.querySelector("button")!.click();
  expect(closed).toBe(1);
});

test("a variant that could not be made has no figures, and where none is fit the model stays", () => {
  const result = variantsResult("UCE", {
    ...{origin: "260 cells of demo.h5ad", backend: "wasm", made: null},
    variants: [{precision: "fp16", bytes: 0, relativeError: null, recall15: null, cells: 0, fault: "a weight is 1e6"}]
  });
  expect([...result.querySelectorAll("td")].map((cell) => cell.textContent)).toEqual([
    "–",
    "–",
    "–",
    "0 cells",
    "left out: a weight is 1e6"
  ]);
  expect(result.textContent).toContain("The model stays as it is.");
  expect(result.textContent).toContain("(the processor)");
});

test("the question names the cells on its button", () => {
  const form = variantsQuestion({
    model: "UCE",
    cells: "260 cells of demo.h5ad",
    what: ["That takes a minute."],
    enough: true
  });
  document.body.append(form);
  expect(form.querySelector("button")!.textContent).toBe("Measure on 260 cells of demo.h5ad");
  const told: string[] = [];
  for (const name of ["agree", "refuse"]) form.addEventListener(name, () => told.push(name));
  for (const button of form.querySelectorAll("button")) button.click();
  expect(told).toEqual(["agree", "refuse"]);
  const few = variantsQuestion({model: "UCE", cells: "12 cells of small.h5ad", what: [], enough: false});
  expect(few.querySelector("button")!.disabled).toBe(true);
});
