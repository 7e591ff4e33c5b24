import {describe, expect, test} from "vitest";
import {
  alignGenes,
  type CellProbabilities,
  cellSentence,
  normalize,
  orderOnGenome,
  type RandomSource,
  samplingSeed,
  sentenceSteps
} from "../../../src/components/core/cells/index.js";
import {constants, genesAt, readCellsFixture} from "./helpers.js";

/** A generator that leaves every order as it is. */
const still: RandomSource = {double: () => 0, fillDoubles: (out) => out.fill(0), shuffle: () => undefined};

describe("the genome order", () => {
  const alignment = alignGenes(["A", "B", "C", "D"], genesAt([7, 50], [3, 90], [7, 50], [7, 10]));

  test("is ascending by chromosome before the shuffle, and by start inside one", () => {
    const order = orderOnGenome(Int32Array.of(0, 1, 3, 1), alignment, still);
    expect([...order.chromosomes]).toEqual([3, 7]);
    expect(order.genes.map((genes) => [...genes])).toEqual([
      [1, 1],
      [3, 0]
    ]);
  });

  test("keeps genes that share a start in draw order, repeats where they were drawn", () => {
    expect([...orderOnGenome(Int32Array.of(2, 0, 2, 3, 0), alignment, still).genes[0]]).toEqual([3, 2, 0, 2, 0]);
    expect([...orderOnGenome(Int32Array.of(0, 2, 0, 3, 2), alignment, still).genes[0]]).toEqual([3, 0, 2, 0, 2]);
  });

  test("is the same through float64 keys, which a very large sample needs", () => {
    const draws = Int32Array.of(2, 0, 2, 3, 0, 1);
    const wide = {...alignment, columns: {length: 2 ** 40} as Int32Array};
    expect(orderOnGenome(draws, wide, still)).toEqual(orderOnGenome(draws, alignment, still));
  });
});

describe("synthetic cells, against numpy", () => {
  const {cells, block, genes, names, unmatched, nCellsInFile} = readCellsFixture();
  const alignment = alignGenes(names, genes);
  const ours = normalize(block, alignment);
  const given = cells.map((cell, i): CellProbabilities => ({
    ...ours[i],
    genes: cell.genes ?? new Int32Array(0),
    probabilities: cell.probabilities ?? new Float32Array(0)
  }));
  const tokensOf = (cell: CellProbabilities, sampling: "reference" | "low-variance", k = 0): number[] | null => {
    const seed = samplingSeed(cell.row, k, nCellsInFile);
    const {tokens} = cellSentence(cell, alignment, {sampling, seed, constants});
    return tokens === null ? null : [...tokens];
  };

  test("the fixture has the cells that matter: empty ones, one gene, two genes, ties, repeated names", () => {
    expect(cells.filter((cell) => cell.probabilities === null).map((cell) => cell.row)).toEqual([103, 107]);
    expect([cells[9], cells[11]].map((cell) => cell.probabilities?.length)).toEqual([1, 2]);
    expect(new Set(alignment.symbols).size).toBe(alignment.symbols.length - 2);
    expect(new Set(alignment.genomeRank).size).toBeLessThan(new Set(alignment.symbols).size - 2);
  });

  test("names that the model does not have are listed in file order", () => {
    expect(alignment.unmatched).toEqual(unmatched);
  });

  test("a cell without counts on aligned genes is empty, every other is ok", () => {
    expect(ours.map((cell) => cell.status)).toEqual(
      cells.map((cell) => (cell.probabilities === null ? "empty" : "ok"))
    );
  });

  test("probabilities agree to the last bit", () => {
    for (const [i, cell] of ours.entries()) {
      expect(cell.genes).toEqual(given[i].genes);
      expect(cell.probabilities).toEqual(given[i].probabilities);
    }
  });

  test("draws and chromosome order agree", () => {
    for (const [i, cell] of cells.entries()) {
      if (cell.draws === null) continue;
      const steps = sentenceSteps(ours[i], alignment, {sampling: "reference", seed: cell.row, constants});
      expect([...steps.draws]).toEqual(cell.draws);
      expect([...steps.order.chromosomes]).toEqual(cell.chromosomes);
    }
  });

  test("reference sentences agree token by token, from our probabilities and from numpy's", () => {
    expect(ours.map((cell) => tokensOf(cell, "reference"))).toEqual(cells.map((cell) => cell.reference));
    expect(given.map((cell) => tokensOf(cell, "reference"))).toEqual(cells.map((cell) => cell.reference));
  });

  test("low-variance sentences agree token by token", () => {
    expect(ours.map((cell) => tokensOf(cell, "low-variance"))).toEqual(cells.map((cell) => cell.lowVariance));
  });

  test("the second sentence of a cell is the one of seed row + N", () => {
    for (const [i, cell] of cells.entries()) {
      if (cell.secondRound !== null) expect(tokensOf(ours[i], "reference", 1)).toEqual(cell.secondRound);
    }
  });

  test("a sentence is 1025 tokens and two a chromosome, every chromosome closed", () => {
    for (const cell of ours.filter(({status}) => status === "ok")) {
      const {tokens, order} = sentenceSteps(cell, alignment, {sampling: "reference", seed: cell.row, constants});
      expect(tokens.length).toBe(1025 + 2 * order.chromosomes.length);
      expect(tokens[0]).toBe(constants.cls);
      expect(tokens.filter((token) => token === constants.chromosomeEnd).length).toBe(order.chromosomes.length);
      expect(tokens.at(-1)).toBe(constants.chromosomeEnd);
    }
  });

  test("a subset of rows gives the same sentences as the whole", () => {
    const [from, to] = [block.indptr[5], block.indptr[6]];
    const [alone] = normalize(
      {
        rows: block.rows.slice(5, 6),
        nCols: block.nCols,
        indptr: Int32Array.of(0, to - from),
        indices: block.indices.slice(from, to),
        values: block.values.slice(from, to)
      },
      alignment
    );
    expect(tokensOf(alone, "reference")).toEqual(cells[5].reference);
  });

  test("a cell that is not ok keeps its status and has no tokens", () => {
    const options = {sampling: "reference" as const, seed: 103, constants};
    expect(cellSentence(ours[3], alignment, options)).toEqual({row: 103, status: "empty", tokens: null});
    expect(cellSentence({...ours[3], status: "failed"}, alignment, options).status).toBe("failed");
  });
});
