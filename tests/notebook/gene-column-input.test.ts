// @vitest-environment jsdom
import {beforeEach, expect, test} from "vitest";
import type {OpenFile} from "../../src/components/core/stages/stage.js";
import {geneColumnInput} from "../../src/components/notebook/gene-column-input.js";
import {queryParameter, setQueryParameter} from "../../src/components/views/address-query.js";

beforeEach(() => setQueryParameter("genes", null));

function inputOf(genes: object, columns: object[], asked: string | null = null) {
  setQueryParameter("genes", asked);
  const input = geneColumnInput({inspection: {genes, var: columns}} as unknown as OpenFile);
  return {input, select: input.querySelector("select")!};
}
const values = (select: HTMLSelectElement) => [...select.options].map(({value}) => value);
const choose = (select: HTMLSelectElement, value: string) => {
  select.value = value;
  select.dispatchEvent(new Event("input", {bubbles: true}));
};

test("where the rule finds no names that the model knows, the column that fits stands first and can be taken, and given up again", () => {
  const genes = {source: "var_names", better: {source: "var/gene_short_name", aligned: 1105}};
  const columns = [
    {name: "n_cells", kind: "numeric"},
    {name: "chromosome", kind: "categorical"},
    {name: "gene_short_name", kind: "string"}
  ];
  const {input, select} = inputOf(genes, columns);
  expect(values(select)).toEqual(["", "gene_short_name", "chromosome"]);
  expect([input.value, input.hidden]).toEqual([null, false]);
  expect(select.options[1].textContent).toContain("1,105");
  choose(select, "gene_short_name");
  expect([input.value, queryParameter("genes")]).toEqual(["gene_short_name", "gene_short_name"]);

  const taken = inputOf(genes, columns, "chromosome");
  expect(taken.input.value).toBe("chromosome");
  choose(taken.select, "");
  expect([taken.input.value, queryParameter("genes")]).toEqual([null, null]);
});

test("genes of raw/X are offered the column of their own table; without any text column there is nothing to choose", () => {
  const raw = inputOf({source: "raw/var_names", better: {source: "raw/var/symbol", aligned: 7}}, [
    {name: "of_var", kind: "string"}
  ]);
  expect(values(raw.select)).toEqual(["", "symbol"]);
  expect(inputOf({source: "var_names", better: null}, [{name: "n_cells", kind: "numeric"}]).input.hidden).toBe(true);
});

test("a column that the file lacks is no choice, and the address keeps it until another is chosen", () => {
  const {input} = inputOf({source: "var_names", better: null}, [{name: "symbol", kind: "string"}], "of another file");
  expect([input.value, queryParameter("genes")]).toEqual([null, "of another file"]);
});
