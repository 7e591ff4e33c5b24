/**
 * Milliseconds a cell of normalizing, sampling and writing the sentence, one thread, on real counts that Python read:
 *
 *     node --import tsx tests/reference/bench-cells.ts OUT_OF_SENTENCES_PY.ndjson...      (made with --counts)
 */
import {readFileSync} from "node:fs";
import {basename} from "node:path";
import {
  alignGenes,
  cellSentence,
  cumulativeDistribution,
  drawGenes,
  normalize,
  NumpyGenerator,
  orderOnGenome,
  parseGenes
} from "../../src/components/core/cells/index.js";
import type {CsrBlock} from "../../src/components/core/types.js";
import {readReference, type ReferenceFile} from "./read-reference.js";

const constants = {sampleSize: 1024, pad: 0, cls: 1, chromosomeEnd: 2000, chromosomeOffset: 1000};
const genes = parseGenes(readFileSync(new URL("../../src/data/human-genes.csv", import.meta.url), "utf8"));

for (const path of process.argv.slice(2)) {
  const file = readReference(path);
  const block = blockOf(file);
  const cells = block.rows.length;
  const alignment = alignGenes(file.names, genes);
  const normalized = normalize(block, alignment);
  const usable = normalized.filter((cell) => cell.status === "ok");
  const cdfs = usable.map((cell) => cumulativeDistribution(cell.probabilities));
  const draws = usable.map((cell, i) =>
    drawGenes(cdfs[i], 1024, "reference", new NumpyGenerator(cell.row)).map((place) => cell.genes[place])
  );
  const time: Record<string, () => unknown> = {
    align: () => alignGenes(file.names, genes),
    normalize: () => normalize(block, alignment),
    cdf: () => usable.map((cell) => cumulativeDistribution(cell.probabilities)),
    draw: () => usable.map((cell, i) => drawGenes(cdfs[i], 1024, "reference", new NumpyGenerator(cell.row))),
    order: () => usable.map((cell, i) => orderOnGenome(draws[i], alignment, new NumpyGenerator(cell.row))),
    all: () =>
      normalize(block, alignment).map((cell) =>
        cellSentence(cell, alignment, {sampling: "reference", seed: cell.row, constants})
      ),
    "all, low-variance": () =>
      normalize(block, alignment).map((cell) =>
        cellSentence(cell, alignment, {sampling: "low-variance", seed: cell.row, constants})
      )
  };
  console.log(`${basename(path)}: ${cells} cells, ${Math.round(block.indices.length / cells)} entries a cell`);
  for (const [name, work] of Object.entries(time)) {
    const ms = best(work) / (name === "align" ? 1 : cells);
    console.log(`  ${name.padEnd(20)}${ms.toFixed(4)} ms${name === "align" ? " a file" : " a cell"}`);
  }
}

function best(work: () => unknown): number {
  let least = Infinity;
  for (let round = 0; round < 8; ++round) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

function blockOf(file: ReferenceFile): CsrBlock {
  const indptr = new Int32Array(file.cells.length + 1);
  for (const [i, cell] of file.cells.entries()) indptr[i + 1] = indptr[i] + (cell.columns?.length ?? 0);
  const indices = new Int32Array(indptr[file.cells.length]);
  const values = new Float64Array(indices.length);
  for (const [i, cell] of file.cells.entries()) {
    indices.set(cell.columns ?? [], indptr[i]);
    values.set(cell.counts ?? [], indptr[i]);
  }
  return {rows: Int32Array.from(file.cells, (cell) => cell.row), nCols: file.names.length, indptr, indices, values};
}
