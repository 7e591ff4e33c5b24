import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {alignGenes} from "../../../src/components/core/cells/align.js";
import {cellSteps} from "../../../src/components/core/cells/cell-steps.js";
import {drawBand} from "../../../src/components/core/cells/draw-band.js";
import {drawnGroups} from "../../../src/components/core/cells/drawn-genes.js";
import {effectiveGenes} from "../../../src/components/core/cells/effective-genes.js";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";
import {measureCoverage} from "../../../src/components/core/cells/gene-coverage.js";
import {normalize} from "../../../src/components/core/cells/normalize.js";
import {cellSentence} from "../../../src/components/core/cells/sentence.js";
import {tokenRows} from "../../../src/components/core/cells/token-rows.js";
import {measureSpread} from "../../../src/components/core/cells/probability-spread.js";
import type {CsrBlock, Sampling} from "../../../src/components/core/types.js";
import {constants} from "./helpers.js";

const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
/** Every third gene of the model, and every tenth of these a name that it does not know. */
const names = genes.filter((_, i) => i % 3 === 0).map(({symbol}, i) => (i % 10 === 0 ? `spike-${i}` : symbol));
const alignment = alignGenes(names, genes);

/** A cell whose counts follow from its row. */
function cell(row: number, present = 700): CsrBlock {
  const indices = Int32Array.from({length: present}, (_, i) => i * 9);
  const values = Float32Array.from(indices, (_, i) => 1 + ((i * 7 + row) % 13) ** 2);
  return {rows: Int32Array.of(row), nCols: names.length, indptr: Int32Array.of(0, present), indices, values};
}

const steps = (sampling: Sampling, row = 4) => cellSteps(cell(row), alignment, {sampling, seed: row, constants});

describe("one cell's steps", () => {
  test.each(["reference", "low-variance"] as const)("end in the tokens of a run, %s sampling", (sampling) => {
    const found = steps(sampling);
    const expected = cellSentence(normalize(cell(4), alignment)[0], alignment, {sampling, seed: 4, constants});
    expect(found.sentence!.sequence).toEqual(expected.tokens);
    expect(tokenRows(found).map(({token}) => token)).toEqual([...expected.tokens!]);
  });

  test("keep count, logarithm and probability of each gene beside its name", () => {
    const {symbols, counts, logs, probabilities, alignedCounts, totalCounts} = steps("reference");
    const {indices, values} = cell(4);
    const known = Array.from(indices.keys()).filter((i) => !names[indices[i]].startsWith("spike"));
    expect(symbols).toEqual(known.map((i) => names[indices[i]]));
    expect([...counts]).toEqual(known.map((i) => values[i]));
    expect(logs[10]).toBeCloseTo(Math.log(1 + counts[10]), 6);
    const sum = logs.reduce((total, value) => total + value, 0);
    expect(probabilities[10]).toBeCloseTo(logs[10] / sum, 8);
    expect(alignedCounts).toBe(counts.reduce((total, value) => total + value, 0));
    expect(totalCounts).toBeGreaterThan(alignedCounts);
  });

  test("tell what a logarithm before would have done, by the formula", () => {
    const {counts, probabilitiesIfLogged, totalCounts, probabilities} = steps("reference");
    const logged = Array.from(counts, (count) => Math.log1p(Math.log1p((count / totalCounts) * 10_000)));
    const sum = logged.reduce((total, value) => total + value, 0);
    logged.forEach((value, i) => expect(probabilitiesIfLogged[i]).toBeCloseTo(value / sum, 8));
    expect(effectiveGenes(probabilitiesIfLogged)).toBeGreaterThan(effectiveGenes(probabilities));
  });

  test("have no sentence where there is nothing to draw from, and say why where a value is no count", () => {
    const empty = {...cell(1, 0)};
    expect(cellSteps(empty, alignment, {sampling: "reference", seed: 1, constants})).toMatchObject({
      status: "empty",
      sentence: null,
      fault: null,
      symbols: []
    });
    const bad = cell(1);
    bad.values[5] = -2;
    const found = cellSteps(bad, alignment, {sampling: "reference", seed: 1, constants});
    expect(found).toMatchObject({status: "failed", sentence: null});
    expect(found.fault).toMatch(/holds -2, which is no count/);
    expect(tokenRows(found)).toEqual([]);
    expect(drawnGroups(found).groups).toEqual([]);
  });
});

describe("drawn against expected", () => {
  test("the band of the reference holds at least 95 % of the binomial distribution, and one step less on either side does not", () => {
    for (const probability of [0.0003, 0.002, 0.01, 0.2]) {
      const {low, high} = drawBand(probability, 1024, "reference");
      const below = (k: number) => {
        let [sum, logTerm] = [0, 1024 * Math.log(1 - probability)];
        for (let i = 0; i <= k; ++i) {
          sum += Math.exp(logTerm);
          logTerm += Math.log(((1024 - i) / (i + 1)) * (probability / (1 - probability)));
        }
        return sum;
      };
      expect(below(low - 1)).toBeLessThan(0.025);
      expect(below(low)).toBeGreaterThanOrEqual(0.025);
      expect(below(high)).toBeGreaterThanOrEqual(0.975);
      expect(below(high - 1)).toBeLessThan(0.975);
    }
  });

  test("low-variance sampling draws every gene floor or ceil of its expected number of times", () => {
    const found = drawnGroups(steps("low-variance"));
    expect(found.within).toBe(1);
    expect(found.groups.reduce((sum, {genes: n, drawn}) => sum + n * drawn, 0)).toBe(1024);
  });

  test("the reference's groups add up to the draws and to the genes, nearly all within the band", () => {
    const cellFound = steps("reference");
    const {groups, within, distinct} = drawnGroups(cellFound);
    expect(groups.reduce((sum, {genes: n, drawn}) => sum + n * drawn, 0)).toBe(1024);
    expect(groups.reduce((sum, {genes: n}) => sum + n, 0)).toBe(cellFound.probabilities.length);
    expect(distinct).toBe(new Set(cellFound.sentence!.draws).size);
    expect(within).toBeGreaterThan(0.93);
    expect(within).toBeLessThan(1);
  });
});

describe("all cells", () => {
  async function* blocks() {
    yield cell(0);
    yield cell(1);
    yield cell(2, 0);
  }

  test("coverage adds up what each cell loses", async () => {
    const {rows, totalCounts, nGenes, lostShare, countsOfGene} = await measureCoverage(blocks(), alignment);
    expect([...rows]).toEqual([0, 1, 2]);
    const {indices, values} = cell(1);
    const total = Array.from(values).reduce((sum, value) => sum + value, 0);
    const lost = Array.from(values).reduce(
      (sum, value, i) => sum + (names[indices[i]].startsWith("spike") ? value : 0),
      0
    );
    expect(totalCounts[1]).toBe(total);
    expect(nGenes[1]).toBe(700);
    expect(lost).toBeGreaterThan(0);
    expect(lostShare[1]).toBeCloseTo(lost / total, 12);
    expect(lostShare[2]).toBeNaN();
    expect(countsOfGene.reduce((sum, value) => sum + value, 0)).toBe(totalCounts[0] + totalCounts[1]);
  });

  test("the spread of probabilities is each cell's own, and an empty cell is told of", async () => {
    const spread = await measureSpread(blocks(), alignment);
    expect([...spread.rows]).toEqual([0, 1]);
    expect(spread.without).toBe(1);
    const {probabilities} = normalize(cell(1), alignment)[0];
    expect(spread.largest[1]).toBe(probabilities.reduce((most, probability) => Math.max(most, probability), 0));
    expect(spread.effective[1]).toBe(effectiveGenes(probabilities));
    expect(spread.nGenes[1]).toBe(probabilities.length);
  });

  test("n equally likely genes count as n", () => {
    expect(effectiveGenes(new Float64Array(37).fill(1 / 37))).toBeCloseTo(37, 9);
    expect(effectiveGenes([1, 0, 0])).toBe(1);
    expect(effectiveGenes([])).toBe(0);
  });
});
