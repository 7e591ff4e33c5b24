import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {dispersionScores, variableGenes} from "../../../src/components/core/space/variable-genes.js";

/** Made by tests/reference/variable_genes.py: scanpy's formula with numpy and pandas. */
const {counts, scores, chosen} = JSON.parse(readFileSync("tests/fixtures/variable/variable-genes.json", "utf8")) as {
  counts: number[][];
  scores: (number | null)[];
  chosen: Record<string, number[]>;
};

function momentsOf() {
  const scaled = counts.map((cell) => {
    const total = cell.reduce((sum, count) => sum + count, 0);
    return cell.map((count) => (total === 0 ? 0 : (1e4 * count) / total));
  });
  const n = counts.length;
  const mean = Float64Array.from(counts[0], (_, gene) => scaled.reduce((sum, cell) => sum + cell[gene], 0) / n);
  const variance = mean.map((m, gene) => scaled.reduce((sum, cell) => sum + (cell[gene] - m) ** 2, 0) / (n - 1));
  return {mean, variance};
}

describe("the most variable genes", () => {
  const moments = momentsOf();

  test("have scanpy's normalized dispersion (flavor seurat)", () => {
    const found = dispersionScores(moments);
    scores.forEach((score, gene) => {
      if (score === null) expect(found[gene], `gene ${gene}`).toBeNaN();
      else expect(Math.abs(found[gene] - score), `gene ${gene}`).toBeLessThan(1e-9);
    });
  });

  test.each(Object.keys(chosen))("are the ones that scanpy chooses, %s of them", (most) => {
    expect([...variableGenes(moments, Number(most))]).toEqual(chosen[most]);
  });

  test("are none where nothing varies", () => {
    const same = {mean: Float64Array.of(1, 1, 0), variance: new Float64Array(3)};
    expect([...variableGenes(same, 2)]).toEqual([]);
  });
});
