// @vitest-environment jsdom
import {expect, test} from "vitest";
import type {RepairReport} from "../../src/components/core/cells/repair-report.js";
import {certainRepairs, formatRepairs, parseRepairs} from "../../src/components/core/repair-kinds.js";
import {bound} from "../../src/components/views/address-input.js";
import {repairInput, type RepairInput} from "../../src/components/views/repair-input.js";

const nothing = {names: 0, countShare: 0, examples: []};
const report: RepairReport = {
  kinds: [
    {
      kind: "prefix",
      certain: true,
      needs: ["prefix"],
      taken: true,
      names: 1,
      countShare: 0.5,
      examples: [{from: "GRCh38_CD4", to: "CD4"}]
    },
    {
      kind: "aliases",
      certain: false,
      needs: ["dots", "aliases"],
      taken: false,
      names: 1200,
      countShare: 0.0761,
      examples: ["SEPT9", "SEPT7", "SEPT6", "SEPT8"].map((from) => ({from, to: from.replace("SEPT", "SEPTIN")}))
    }
  ],
  settled: nothing,
  unclear: {names: 1, countShare: 0.01, examples: [{name: "1-Mar", symbols: ["MARCHF1", "MTARC1"]}]},
  clashes: nothing
};
const labels = (input: RepairInput) => [...input.querySelectorAll("label")].map((label) => label.textContent);
const box = (input: RepairInput, at: number) => input.querySelectorAll<HTMLInputElement>("input")[at];

test("has a box for each kind that the names want, with names, share and examples", () => {
  const input = repairInput(report);
  expect(input.querySelector("legend")!.textContent).toBe("Repair gene names");
  expect(labels(input)).toEqual([
    "1 name with the name of a genome in front, 50.0 % of the counts: GRCh38_CD4 → CD4",
    "names with dots where the symbol has dashes, where another repair needs it",
    expect.stringMatching(
      /^1,200 names known as previous or alias symbol, 7\.6 % of the counts: SEPT9 → SEPTIN9, .*SEPTIN6, \.\.\.$/
    ),
    "1-Mar isas it isMARCHF1MTARC1"
  ]);
  expect([0, 1, 2].map((at) => box(input, at).checked)).toEqual([true, false, false]);
  expect(input.value).toEqual(certainRepairs);
});

test("is an input: a click changes the value before its event comes, setting the value tells nobody", () => {
  const input = repairInput(report);
  document.body.replaceChildren(input);
  const heard: (readonly string[])[] = [];
  input.addEventListener("input", () => heard.push(input.value));
  box(input, 2).click();
  expect(heard).toEqual([["spaces", "prefix", "version", "pair", "aliases"]]);
  box(input, 0).click();
  expect(input.value).toEqual(["spaces", "version", "pair", "aliases"]);
  const select = input.querySelector("select")!;
  select.value = "MTARC1";
  select.dispatchEvent(new Event("input", {bubbles: true}));
  expect(heard.at(-1)).toEqual(["spaces", "version", "pair", "aliases", "1-Mar=MTARC1"]);
  select.value = "";
  select.dispatchEvent(new Event("input", {bubbles: true}));
  expect(heard.at(-1)).toEqual(["spaces", "version", "pair", "aliases"]);
  input.value = [];
  expect(heard).toHaveLength(4);
  expect([0, 1, 2].map((at) => box(input, at).checked)).toEqual([false, false, false]);
});

test("keeps what this file does not ask for, and shows what was settled", () => {
  const input = repairInput(report, {value: parseRepairs("case,1-Mar=MARCHF1,2-Sep=SEPTIN2")});
  expect(input.querySelector("select")!.value).toBe("MARCHF1");
  document.body.replaceChildren(input);
  box(input, 2).click();
  expect(formatRepairs(input.value)).toBe("aliases,case,1-Mar=MARCHF1,2-Sep=SEPTIN2");
});

test("says so where nothing is to be repaired", () => {
  const input = repairInput({...report, kinds: [], unclear: nothing});
  expect(input.textContent).toMatch(/No name of this file would match more/);
  expect(input.value).toEqual(certainRepairs);
});

test("can be tied to the page's address", () => {
  history.replaceState(null, "", "/page?repair=aliases");
  const tie = {name: "repair", default: certainRepairs, parse: parseRepairs, format: formatRepairs};
  const input = bound<readonly string[], RepairInput>(repairInput(report), tie);
  document.body.replaceChildren(input);
  expect(box(input, 2).checked).toBe(true);
  box(input, 2).click();
  expect(location.search).toBe("");
});
