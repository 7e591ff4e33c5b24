import {resolve} from "node:path";
import {describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {joinAnnData} from "../../../src/components/core/anndata/join-anndata.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import {normalize} from "../../../src/components/core/cells/normalize.js";
import {defaultParameters} from "../../../src/components/core/parameters.js";
import {prepareCells} from "../../../src/components/core/pipeline/prepare-cells.js";
import {publicFilter} from "../../../src/components/core/pipeline/public-filter.js";
import {defaultChain, stageAddress} from "../../../src/components/core/stages/chain.js";
import {stageKeys} from "../../../src/components/core/store/stage-keys.js";
import type {ModelGene} from "../../../src/components/core/types.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";

/** 60 cells, 90 genes; numpy: (X > 0).sum(0) < 10 for 46 genes, then (X[:, kept] > 0).sum(1) < 25 for 4 cells. */
const path = resolve("tests/fixtures/choice/dense_by_cell.h5ad");
const open = async () => openAnnData(await openH5File(path));
const load = {matrix: "X", geneColumn: null, repair: []};

async function prepared(filter?: "public") {
  const anndata = await open();
  const genes = anndata
    .varNames("var")
    .map((symbol, i): ModelGene => ({symbol, token: 10 + i, chromosome: 1, start: i}));
  return prepareCells(anndata, genes, {...load, ...(filter && {filter})}, null);
}

describe("the public script's filter", () => {
  it("leaves out the genes and cells that scanpy's two filters do, whatever cells are chosen", async () => {
    const {anndata, matrix} = await prepared();
    const {genes, cells, columns, leftOutRows} = await publicFilter(anndata, matrix);
    expect([genes, cells, columns.length, leftOutRows.length]).toEqual([46, 4, 90, 60]);
    const detected = new Int32Array(90);
    for await (const {indices, values} of streamRows(anndata, matrix))
      indices.forEach((column, i) => (detected[column] += Number(values[i] > 0)));
    expect(Array.from(columns)).toEqual(Array.from(detected, (count) => Number(count >= 10)));
  });

  it("gives the cells that it leaves out no distribution, and the others one over the genes that stay", async () => {
    const {anndata, matrix, alignment, leftOut, notices} = await prepared("public");
    expect(leftOut).toEqual({genes: 46, cells: 4});
    expect(alignment.columns).toHaveLength(44);
    expect(notices.map(({message}) => message).join()).toMatch(
      /46 genes that fewer than 10 cells have are left out, and 4 cells with fewer than 25 of the others, which get no vector/
    );
    const statuses: string[] = [];
    for await (const block of streamRows(anndata, matrix))
      for (const {status, genes, totalCounts} of normalize(block, alignment)) {
        statuses.push(status);
        expect(totalCounts).toBeGreaterThan(0);
        if (status === "ok") expect(genes.length).toBeGreaterThanOrEqual(25);
      }
    expect(statuses.filter((status) => status === "empty")).toHaveLength(4);
    expect(statuses.filter((status) => status === "ok")).toHaveLength(56);
  });

  it("is off unless it is asked for, and another result then", async () => {
    const {alignment, leftOut} = await prepared();
    expect([alignment.leftOutRows, leftOut]).toEqual([undefined, undefined]);
    const filtered = {...defaultParameters, filter: "public" as const};
    const addresses = [defaultParameters, filtered].map((parameters) =>
      stageAddress("file", {...defaultChain, parameters}, "load")
    );
    expect(addresses[0]).not.toContain("filter");
    expect(addresses[1]).toContain('["filter","public"]');
    const inputs = {identity: "file", matrix: "X", model: "m", precision: "fp32", rows: null} as const;
    const [off, on] = await Promise.all(
      [defaultParameters, filtered].map((parameters) => stageKeys({...inputs, parameters}))
    );
    for (const name of ["load", "sample", "vectors"] as const) expect(on[name]).not.toBe(off[name]);
  });

  it("goes by each of several files alone", async () => {
    const joined = joinAnnData([await open(), await open()]);
    const genes = joined
      .varNames("var")
      .map((symbol, i): ModelGene => ({symbol, token: 10 + i, chromosome: 1, start: i}));
    const {leftOut, files} = await prepareCells(joined, genes, {...load, filter: "public"}, null);
    expect(leftOut).toEqual({genes: 92, cells: 8});
    expect(files!.map((one) => one.prepared.alignment.columns.length)).toEqual([44, 44]);
  });
});
