// @vitest-environment jsdom
import {beforeEach, expect, test} from "vitest";
import type {OpenFile} from "../../src/components/core/stages/stage.js";
import {speciesInput} from "../../src/components/notebook/species-input.js";
import {queryParameter, setQueryParameter} from "../../src/components/views/address-query.js";

beforeEach(() => setQueryParameter("species", null));

function inputOf(species: object, asked: string | null = null) {
  setQueryParameter("species", asked);
  const input = speciesInput({inspection: {genes: {species}}} as unknown as OpenFile);
  return {input, select: input.querySelector("select")!};
}
const told = {verdict: "one", used: "human", asked: false, found: [{species: "human"}]};

test("is hidden where the model has one species and the file no other", () => {
  expect(inputOf({...told, model: ["human"]}).input.hidden).toBe(true);
  expect(inputOf({...told, verdict: "unclear", model: ["human"]}).input.hidden).toBe(true);
});

test("offers the model's species beside the one recognized, and writes the choice into the address", () => {
  const {input, select} = inputOf({...told, model: ["human", "mouse"]});
  expect([input.hidden, input.value]).toEqual([false, null]);
  expect([...select.options].map(({text}) => text)).toEqual(["human (recognized)", "human", "mouse"]);
  select.value = "mouse";
  select.dispatchEvent(new Event("input", {bubbles: true}));
  expect([input.value, queryParameter("species")]).toEqual(["mouse", "mouse"]);
});

test("of a file of two species the model's one can be chosen; what the model lacks is no choice", () => {
  const mixed = {...told, verdict: "several", model: ["human"]};
  const {input, select} = inputOf(mixed);
  expect([input.hidden, select.options[0].text]).toEqual([false, "by the gene names"]);
  expect(inputOf(mixed, "human").input.value).toBe("human");
  expect(inputOf(mixed, "rat").input.value).toBeNull();
});
