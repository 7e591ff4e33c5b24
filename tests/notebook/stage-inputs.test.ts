// @vitest-environment jsdom
import {beforeEach, expect, test, vi} from "vitest";
import {embedInput, sampleInput, umapInput} from "../../src/components/notebook/stage-inputs.js";

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
  expect(form.value).toEqual({neighbors: 15, minDist: 0.1, epochs: null, seed: 42});
  const told = vi.fn();
  form.addEventListener("input", told);
  type(form, 0, "30");
  type(form, 2, "100");
  expect(form.value).toEqual({neighbors: 30, minDist: 0.1, epochs: 100, seed: 42});
  expect(told).toHaveBeenCalledTimes(2);
  type(form, 2, "");
  type(form, 3, "");
  expect(form.value).toEqual({neighbors: 30, minDist: 0.1, epochs: null, seed: 42});
});
