import {describe, expect, test} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import type {Bundle} from "../../../src/components/core/model/bundle.js";
import {cellSteps} from "../../../src/components/core/questions/cell-steps.js";
import {countRecovery} from "../../../src/components/core/questions/count-recovery.js";
import {fileTree} from "../../../src/components/core/questions/file-tree.js";
import {geneAlignment} from "../../../src/components/core/questions/gene-alignment.js";
import {probabilitySpread} from "../../../src/components/core/questions/probability-spread.js";
import type {QuestionContext} from "../../../src/components/core/questions/context.js";
import {defaultChain} from "../../../src/components/core/stages/chain.js";
import {fakeReader, type FakeOptions} from "../anndata/fake-reader.js";
import {constants} from "../cells/helpers.js";

/** A context of some rows (null: all) of a file that is a formula, with the matrix X, and a model that knows two of three of its genes. */
function contextOf(
  file: FakeOptions,
  {rows = null, matrix = "X"}: {rows?: Int32Array | null; matrix?: string | null} = {}
): QuestionContext {
  const anndata = openAnnData(fakeReader(file));
  const genes = Array.from({length: file.nCols}, (_, i) => ({
    symbol: `gene${i}`,
    token: 20_000 + i,
    chromosome: 564 + (i % 4),
    start: 10 * i
  })).filter((_, i) => i % 3 !== 0);
  const species = {species: "human", lists: [{name: "human", genes}]};
  const model = {genes, ...species, hash: "fake", manifest: {sentence: constants}} as unknown as Bundle;
  const chain = {...defaultChain, parameters: {...defaultChain.parameters, matrix}};
  return {anndata, model, chain, rows: async () => rows} as unknown as QuestionContext;
}
const options = () => ({signal: new AbortController().signal, onProgress: () => {}});

describe("what the first chapters ask of a stage", () => {
  const small = {nRows: 50, nCols: 60, perRow: 30};

  test("genes matched and missing, and what each of the cells asked for loses", async () => {
    const context = contextOf(small, {rows: Int32Array.of(4, 9)});
    const found = await geneAlignment(context, {}, options());
    expect(found.names).toHaveLength(60);
    expect([...found.matched]).toEqual(found.names.map((_, i) => Number(i % 3 !== 0)));
    expect([...found.cells!.rows]).toEqual([4, 9]);
    const counts = Array.from({length: 30}, (_, k) => 1 + ((4 * 30 + k) % 5));
    const total = counts.reduce((sum, count) => sum + count, 0);
    expect(found.cells!.totalCounts[0]).toBe(total);
    expect(found.cells!.lostShare[0]).toBeCloseTo(
      counts.filter((_, k) => k % 3 === 0).reduce((sum, count) => sum + count, 0) / total,
      12
    );
    expect(found.cells!.complete).toBe(true);
    expect(found.source).toBe("var_names");
  });

  test("genes alone are matched where counts are not wanted, and where no matrix is chosen by those of the first", async () => {
    const whole = await geneAlignment(contextOf(small), {}, options());
    const names = await geneAlignment(contextOf(small, {matrix: null}), {counts: false}, options());
    expect(names).toEqual({...whole, countsOfGene: null, cells: null});
    expect(whole.cells!.rows).toHaveLength(50);
  });

  test("one cell to its tokens, seeded by its row, and how far each chromosome reaches", async () => {
    const context = contextOf(small);
    const found = await cellSteps(context, {row: 7}, options());
    expect(found).toMatchObject({row: 7, status: "ok", matrix: "X", sentence: {seed: 7, sampling: "reference"}});
    expect(found.symbols).toEqual(
      Array.from({length: 30}, (_, i) => i)
        .filter((i) => i % 3 !== 0)
        .map((i) => `gene${i}`)
    );
    expect(found.extents.get(564)).toBe(560);
    await expect(cellSteps(context, {row: 50}, options())).rejects.toMatchObject({details: {code: "bad-rows"}});
  });

  test("how evenly probabilities are spread, over a sample where the file is large, and not at all where it is stored by gene", async () => {
    const few = await probabilitySpread(contextOf(small), {}, options());
    expect(few!.complete).toBe(true);
    expect(few!.rows).toHaveLength(50);
    const many = await probabilitySpread(contextOf({nRows: 200_000, nCols: 60, perRow: 30}), {}, options());
    expect(many!.complete).toBe(false);
    expect(many!.rows.length).toBeLessThan(100_000);
    expect(many!.rows.at(-1)).toBe(199_999);
    const byGene = contextOf({nRows: 200_000, nCols: 60, perRow: 100_000, encoding: "csc"});
    expect(await probabilitySpread(byGene, {}, options())).toBeNull();
    expect((await geneAlignment(byGene, {}, options())).cells).toBeNull();
  });

  test("the file's tree, and whether counts can be recovered", async () => {
    const context = contextOf({...small, value: (entry) => Math.log1p(1 + ((entry * 7) % 23))});
    const tree = await fileTree(context, {}, options());
    expect(tree.children.map(({name}) => name)).toEqual(["X", "obs", "var"]);
    expect(await countRecovery(context, {matrix: "X"}, options())).toMatchObject({
      possible: true,
      unscaled: true
    });
  });

  test("a question that is taken back ends", async () => {
    const stop = new AbortController();
    stop.abort();
    const taken = {signal: stop.signal, onProgress: () => {}};
    await expect(probabilitySpread(contextOf(small), {}, taken)).rejects.toThrow(/abort/i);
  });
});
