import {describe, expect, test} from "vitest";
import {alignGenes} from "../../../src/components/core/cells/align.js";
import type {CellProbabilities} from "../../../src/components/core/cells/normalize.js";
import {samplingSeed} from "../../../src/components/core/cells/sample.js";
import type {Encoder} from "../../../src/components/core/embed/encoder.js";
import {explainCell, type ExplainOptions, type GeneChange} from "../../../src/components/core/explain/explain-cell.js";

const symbols = Array.from({length: 40}, (_, i) => `GENE${i}`);
const alignment = alignGenes(
  symbols,
  symbols.map((symbol, i) => ({symbol, token: 100 + i, chromosome: 1 + (i % 3), start: i}))
);
const cell: CellProbabilities = {
  row: 0,
  status: "ok",
  genes: Int32Array.from(symbols.keys()),
  probabilities: new Float32Array(40).fill(1 / 40),
  totalCounts: 40,
  nGenes: 40,
  alignedCounts: 40,
  fault: null
};

/** Its vector is how often GENE7 and GENE8 are in the sentence, and it counts sentences. */
function encoder(): Encoder & {used: {sentences: number}} {
  const used = {sentences: 0};
  return {
    used,
    name: "made-up",
    width: 2,
    limits: {maxBatch: 8, preferredBatch: 8},
    async embed(tokens: Int32Array, batch: number, length: number) {
      used.sentences += batch;
      const count = (i: number, token: number) =>
        tokens.subarray(i * length, (i + 1) * length).filter((one) => one === token).length;
      return Float32Array.from({length: 2 * batch}, (_, at) => count(at >> 1, 107 + (at & 1)) / 10);
    },
    close: async () => undefined
  } as unknown as Encoder & {used: {sentences: number}};
}

const options: ExplainOptions = {
  constants: {sampleSize: 200, pad: 0, cls: 3, chromosomeEnd: 2, chromosomeOffset: 1000},
  sampling: "reference",
  seedOf: (k) => samplingSeed(0, k, 10),
  draws: 6
};

const without = (name: string, genes: number[]): GeneChange => ({name, genes, how: "leave out"});

describe("a cell is explained", () => {
  test("by the genes that its vector depends on", async () => {
    const model = encoder();
    const one = (gene: number) => without(symbols[gene], [gene]);
    const {parts, noise, reach} = await explainCell(
      cell,
      alignment,
      model,
      [one(3), one(7), without("both", [7, 8])],
      options
    );
    expect(model.used.sentences).toBe(6 * (2 + 3 * 3));
    const [three, seven, both] = parts;
    expect(parts.map(({name}) => name)).toEqual(["GENE3", "GENE7", "both"]);
    expect(both).toMatchObject({shown: 2, share: expect.closeTo(0.05, 6)});
    expect(both.vector).toEqual(new Float32Array(2));
    expect(both.move).toBeGreaterThan(seven.move);
    expect(seven.move).toBeGreaterThan(reach);
    expect(seven.move).toBeGreaterThan(2 * seven.control);
    expect(three.move).toBeLessThan(noise);
  });

  test("genes that it does not show change nothing", async () => {
    const fewer = {...cell, genes: cell.genes.slice(0, 20), probabilities: new Float32Array(20).fill(1 / 20)};
    const model = encoder();
    const {parts} = await explainCell(fewer, alignment, model, [without("unseen", [30])], options);
    expect(parts[0]).toMatchObject({shown: 0, share: 0, move: 0, control: 0});
    expect(model.used.sentences, "the cell as it is, under two sets of seeds").toBe(6 * 2);
  });

  test("by genes that are added: as probable as its most probable gene", async () => {
    const probabilities = new Float32Array(20).fill(1 / 40);
    probabilities[0] = 21 / 40;
    const fewer = {...cell, genes: cell.genes.filter((gene) => gene !== 8).slice(0, 20), probabilities};
    const add = (name: string, genes: number[]): GeneChange => ({name, genes, how: "add"});
    const {parts, vector, noise} = await explainCell(
      fewer,
      alignment,
      encoder(),
      [add("GENE8", [8]), add("GENE7", [7]), add("both", [7, 8]), add("GENE0", [0]), add("GENE30", [30])],
      options
    );
    const [eight, seven, both, first, thirty] = parts;
    expect(eight).toMatchObject({shown: 1, share: expect.closeTo(21 / 61, 6)});
    expect(seven).toMatchObject({shown: 1, share: expect.closeTo(21 / 60, 6)});
    expect(both).toMatchObject({shown: 2, share: expect.closeTo(42 / 81, 6)});
    // 200 draws, counted in tens, over 6 sentences: the standard error of a mean is below 0.3.
    expect(Math.abs(eight.vector[1] - (20 * 21) / 61)).toBeLessThan(1);
    expect(Math.abs(both.vector[0] - (20 * 21) / 81)).toBeLessThan(1);
    expect(eight.move).toBeGreaterThan(3 * eight.control);
    expect(first, "what is the most probable already").toMatchObject({move: 0, shown: 1});
    expect(first.vector).toEqual(vector);
    expect(thirty.move, "a gene that the model does not look at").toBeLessThan(2 * noise);
  });

  test("other seeds lie as far away as the noise says", async () => {
    const {vector, otherSeeds, noise} = await explainCell(cell, alignment, encoder(), [], options);
    const far = Math.hypot(vector[0] - otherSeeds[0], vector[1] - otherSeeds[1]);
    expect(far).toBeGreaterThan(0);
    expect(far).toBeLessThan(3 * noise);
  });

  test("the noise is what other seeds move the mean by", async () => {
    const means: {vector: Float32Array; noise: number; reach: number}[] = [];
    for (let run = 0; run < 20; run += 1) {
      const seedOf = (k: number) => samplingSeed(run + 1, k, 1000);
      const {vector, noise, reach} = await explainCell(cell, alignment, encoder(), [], {...options, seedOf});
      means.push({vector, noise, reach});
    }
    const apart = means.flatMap(({vector}, i) =>
      means.slice(i + 1).map((other) => (vector[0] - other.vector[0]) ** 2 + (vector[1] - other.vector[1]) ** 2)
    );
    const measured = Math.sqrt(apart.reduce((sum, square) => sum + square, 0) / apart.length);
    const stated = Math.sqrt(means.reduce((sum, {noise}) => sum + noise ** 2, 0) / means.length);
    expect(stated / measured).toBeGreaterThan(0.75);
    expect(stated / measured).toBeLessThan(1.33);
    const typical = means.reduce((sum, {reach}) => sum + reach / means.length, 0);
    const within = apart.filter((square) => Math.sqrt(square) <= typical).length / apart.length;
    expect(within).toBeGreaterThan(0.85);
    expect(within).toBeLessThan(1);
  });

  test("is refused where nothing would be left, and with one draw", async () => {
    const all = explainCell(cell, alignment, encoder(), [without("all", [...cell.genes])], options);
    await expect(all).rejects.toMatchObject({code: "nothing-left", message: expect.stringContaining("without all")});
    const once = explainCell(cell, alignment, encoder(), [], {...options, draws: 1});
    await expect(once).rejects.toMatchObject({code: "bad-draws"});
  });
});
