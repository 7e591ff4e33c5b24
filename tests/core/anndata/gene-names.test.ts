import {describe, expect, it} from "vitest";
import {geneNameCandidates, geneNames} from "../../../src/components/core/anndata/gene-names.js";
import {openFixture} from "./open.js";

const symbols = ["TP53", "GAPDH", "ACTB", "CD3E", "MS4A1", "NKG7", "LYZ", "PPBP", "FOXP3"];

describe("gene names", () => {
  it("are the index where it holds symbols", async () => {
    const anndata = await openFixture("values-nan");
    expect(geneNames(anndata, anndata.matrix("X"))).toEqual({names: symbols, source: "var_names", axis: "var"});
    anndata.close();
  });

  it("are the first known column over half filled where the index holds Ensembl ids; gaps fall back", async () => {
    const anndata = await openFixture("genes-ensembl");
    const {names, source} = geneNames(anndata, anndata.matrix("X"));
    expect(source).toBe("var/feature_name"); // not gene_symbols: six of its nine are nan
    expect(names).toEqual([...symbols.slice(0, 7), "ENSG00000000007", "ENSG00000000008"]);
    anndata.close();
  });

  it("are the index where it begins with a spike-in, as the rule says; the column is offered", async () => {
    const anndata = await openFixture("genes-spike-in");
    const matrix = anndata.matrix("X");
    expect(geneNames(anndata, matrix).source).toBe("var_names");
    expect(geneNameCandidates(anndata, matrix).map(({source}) => source)).toEqual(["var_names", "var/feature_name"]);
    expect(geneNames(anndata, matrix, {column: "feature_name"}).names).toEqual(["ERCC-00002", ...symbols.slice(1)]);
    expect(() => geneNames(anndata, matrix, {column: "symbol"})).toThrow(
      /no readable column "symbol".*choose one of feature_name/
    );
    anndata.close();
  });

  it("of raw/X are raw's own", async () => {
    const anndata = await openFixture("values-counts-in-raw");
    const raw = geneNames(anndata, anndata.matrix("raw/X"));
    expect(raw).toEqual({names: symbols, source: "raw/var/feature_name", axis: "raw/var"});
    expect(geneNames(anndata, anndata.matrix("X")).names).toEqual(symbols.slice(0, 4));
    anndata.close();
  });
});
