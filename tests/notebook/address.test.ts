// @vitest-environment jsdom
import {beforeEach, expect, test} from "vitest";
import type {OpenFile} from "../../src/components/core/stages/stage.js";
import {
  cellsFromText,
  cellsToText,
  thresholdsFromText,
  thresholdsToText
} from "../../src/components/notebook/cells-text.js";
import {embedInput, sampleInput, umapInput} from "../../src/components/notebook/stage-inputs.js";
import {batchesInput, labelsInput} from "../../src/components/notebook/trust-inputs.js";
import {queryParameter, setQueryParameter} from "../../src/components/views/address-query.js";

const parameters = "sampling seeds average backend neighbors min_dist epochs seed labels batches color".split(" ");
const ask = (query: string): void => {
  for (const name of parameters) setQueryParameter(name, new URLSearchParams(query).get(name));
};
beforeEach(() => ask(""));

test("choices of cells and thresholds come back from their texts; other texts mean none", () => {
  for (const cells of [
    {mode: "all"},
    {mode: "random", n: 10, seed: 4_294_967_295},
    {mode: "stratified", n: 40, seed: 3, column: "cell-type"}
  ] as const) {
    expect(cellsFromText(cellsToText(cells))).toEqual(cells);
  }
  for (const text of ["", "random-0-0", "random-5", "stratified-5-1", "some"])
    expect(cellsFromText(text)).toBeUndefined();
  const some = {minCounts: 500, minGenes: null, maxMito: 0.2};
  expect([thresholdsToText(some), thresholdsFromText("500,,0.2")]).toEqual(["500,,0.2", some]);
  expect(thresholdsToText({minCounts: null, minGenes: null, maxMito: null})).toBeNull();
  for (const text of ["500", "a,,", "-1,,"]) expect(thresholdsFromText(text)).toBeUndefined();
});

test("the stages' inputs take what the address names, and nothing that means nothing", () => {
  ask("sampling=low-variance&seeds=name&average=2&backend=wasm&neighbors=30&min_dist=0.25&epochs=100&seed=7");
  expect(sampleInput().value).toEqual({method: "low-variance", seeds: "name"});
  expect(embedInput().value).toEqual({average: 2, backend: "wasm"});
  expect(umapInput().value).toEqual({neighbors: 30, minDist: 0.25, epochs: 100, seed: 7});
  ask("sampling=guess&seeds=&average=3&backend=abacus&neighbors=x&epochs=none");
  expect(sampleInput().value).toEqual({method: "reference", seeds: "row"});
  expect(embedInput().value).toEqual({average: 1, backend: "auto"});
  expect(umapInput().value).toEqual({neighbors: 15, minDist: null, epochs: null, seed: 42});
});

test("a change is written to the address, and the reference's choice is not", () => {
  const input = sampleInput();
  const select = (input as unknown as HTMLElement).querySelector("select")!;
  const choose = (place: number) => {
    select.selectedIndex = place;
    select.dispatchEvent(new Event("input", {bubbles: true}));
  };
  choose(1);
  expect([input.value.method, queryParameter("sampling")]).toEqual(["low-variance", "low-variance"]);
  choose(0);
  expect([input.value.method, queryParameter("sampling")]).toEqual(["reference", null]);
});

test("labels are the address's, else what colors the map, else what is called like types; batches are the last to be taken", () => {
  const columns = ["donor", "cell_type", "plate"].map((name) => ({name, kind: "categorical", categories: ["a", "b"]}));
  const labels = (query: string, some = columns) => {
    ask(query);
    return labelsInput({obs: some} as unknown as OpenFile).value;
  };
  expect(labels("labels=plate")).toBe("plate");
  expect(labels("labels=of+another+file&color=obs:donor")).toBe("donor");
  expect(labels("color=gene:CD3E")).toBe("cell_type");
  expect(labels("batches=cell_type")).toBe("donor");
  expect(labels("batches=donor", columns.slice(0, 1))).toBe("donor");
  expect(labels("", [])).toBeNull();
  expect(batchesInput({obs: columns} as unknown as OpenFile, "donor").value).toBeNull();
});
