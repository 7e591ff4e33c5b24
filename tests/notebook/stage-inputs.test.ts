// @vitest-environment jsdom
import {beforeEach, expect, test, vi} from "vitest";
import {defaultChain} from "../../src/components/core/stages/chain.js";
import type {OpenFile} from "../../src/components/core/stages/stage.js";
import {embedInput, sampleInput, umapInput} from "../../src/components/notebook/stage-inputs.js";
import {queryParameter, setQueryParameter} from "../../src/components/views/address-query.js";

/** Embeddings of all cells of a file, as far as the input looks at them. */
const embeddingsOf = (cells: number) => ({
  file: {cellIds: Array.from({length: cells}, (_, i) => `c${i}`)} as OpenFile,
  chain: defaultChain
});

beforeEach(() => history.replaceState(null, "", "/stages/umap"));

const fields = 'input[type="number"], input[type="text"]';
const type = (form: Element, place: number, value: string): void => {
  const input = form.querySelectorAll<HTMLInputElement>(fields)[place];
  input.value = value;
  input.dispatchEvent(new Event("input", {bubbles: true}));
};

test("values come from the address, and what makes no sense leaves the usual one", () => {
  history.replaceState(
    null,
    "",
    "/?neighbors=8&min_dist=0.5&epochs=50&seed=7&sampling=low-variance&seeds=name&average=4"
  );
  expect(umapInput().value).toEqual({neighbors: 8, minDist: 0.5, epochs: 50, seed: 7});
  expect(sampleInput().value).toEqual({method: "low-variance", seeds: "name"});
  expect(embedInput().value).toEqual({average: 4, backend: "auto"});
  history.replaceState(null, "", "/?neighbors=many&sampling=other&average=3&backend=abacus");
  expect(umapInput().value.neighbors).toBe(15);
  expect(sampleInput().value.method).toBe("reference");
  expect(embedInput().value).toEqual({average: 1, backend: "auto"});
});

test("a layout's input has what umap takes, tells of changes once, and an empty number of epochs is a choice", () => {
  const form = umapInput();
  expect(form.value).toEqual({neighbors: 15, minDist: null, epochs: null, seed: 42});
  const told = vi.fn();
  form.addEventListener("input", told);
  type(form, 0, "30");
  type(form, 2, "100");
  expect(form.value).toEqual({neighbors: 30, minDist: null, epochs: 100, seed: 42});
  expect(told).toHaveBeenCalledTimes(2);
  type(form, 2, "");
  type(form, 3, "");
  expect(form.value).toEqual({neighbors: 30, minDist: null, epochs: null, seed: 42});
});

test("the minimum distance is automatic until one is chosen: the input says which is used, the address carries what was chosen", () => {
  for (const [cells, usual] of [
    [260, "0.8"],
    [2000, "0.5"],
    [10_000, "0.3"],
    [10_001, "0.1"]
  ] as const) {
    setQueryParameter("min_dist", null);
    const form = umapInput();
    form.tell(embeddingsOf(cells));
    const field = form.querySelectorAll<HTMLInputElement>(fields)[1];
    expect([field.valueAsNumber, form.value.minDist]).toEqual([Number(usual), null]);
    expect(form.textContent).toContain(`Automatic: ${usual}, for ${cells.toLocaleString("en-US")} cells.`);
    type(form, 1, usual);
    expect(form.value.minDist).toBe(Number(usual));
    expect(queryParameter("min_dist")).toBe(usual);
    expect(form.textContent).toContain("Chosen.");
    [...form.querySelectorAll("button")].find(({textContent}) => textContent === "Back to automatic")!.click();
    expect(form.value.minDist).toBeNull();
    expect(queryParameter("min_dist")).toBeNull();
  }
});

test("a link to a minimum distance keeps it for any number of cells; nonsense leaves it automatic", () => {
  setQueryParameter("min_dist", "0.8");
  const form = umapInput();
  form.tell(embeddingsOf(50_000));
  expect(form.value.minDist).toBe(0.8);
  for (const text of ["", "2", "far"]) {
    setQueryParameter("min_dist", text);
    expect(umapInput().value.minDist).toBeNull();
  }
});
