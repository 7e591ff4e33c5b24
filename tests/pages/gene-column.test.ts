// @vitest-environment jsdom
import {expect, test, vi} from "vitest";
import {geneColumnChoice} from "../../src/components/pages/gene-column.js";
import type {Session} from "../../src/components/pages/session.js";

function fieldOf(genes: object, columns: object[], geneColumn: string | null = null) {
  const [change, changed] = [vi.fn(), vi.fn()];
  const session = {file: {inspection: {genes, var: columns}}, view: {geneColumn}, change} as unknown as Session;
  const field = geneColumnChoice(session, changed);
  return {field, select: field?.querySelector("select") ?? null, change, changed};
}
const values = (select: HTMLSelectElement | null) => [...select!.options].map(({value}) => value);

test("where the rule finds no names that the model knows, the column that fits stands first and can be taken, and given up again", () => {
  const genes = {source: "var_names", better: {source: "var/gene_short_name", aligned: 1105}};
  const columns = [
    {name: "n_cells", kind: "numeric"},
    {name: "chromosome", kind: "categorical"},
    {name: "gene_short_name", kind: "string"}
  ];
  const {select, change, changed} = fieldOf(genes, columns);
  expect(values(select)).toEqual(["", "gene_short_name", "chromosome"]);
  expect(select!.value).toBe("");
  expect(select!.options[1].textContent).toContain("1,105");
  select!.value = "gene_short_name";
  select!.dispatchEvent(new Event("change"));
  expect(change).toHaveBeenCalledWith({geneColumn: "gene_short_name"});
  expect(changed).toHaveBeenCalledOnce();

  const taken = fieldOf({source: "var/gene_short_name", better: null}, columns, "gene_short_name");
  expect(taken.select!.value).toBe("gene_short_name");
  taken.select!.value = "";
  taken.select!.dispatchEvent(new Event("change"));
  expect(taken.change).toHaveBeenCalledWith({geneColumn: null});
});

test("genes of raw/X are offered the column of their own table; without any text column there is nothing to choose", () => {
  const raw = fieldOf({source: "raw/var_names", better: {source: "raw/var/symbol", aligned: 7}}, [
    {name: "of_var", kind: "string"}
  ]);
  expect(values(raw.select)).toEqual(["", "symbol"]);
  expect(fieldOf({source: "var_names", better: null}, [{name: "n_cells", kind: "numeric"}]).field).toBeNull();
});
