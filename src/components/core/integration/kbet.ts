import {chiSquareTail} from "../statistics/chi-square-tail.js";
import {nearestNeighbors} from "../vectors/neighbors.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {WorkOptions} from "../vectors/work.js";

const significance = 0.05;
const fewestCells = 10;

/**
 * kBET's acceptance rate within labels (Büttner and others 2019, Nat. Methods 16; per label as in scIB): for each cell a chi-square test whether the batches of its neighborhood (the cell and
 * its nearest of the same label, Euclidean) are those of the label, at 0.05; the share of cells that pass, mean over labels. 1: well mixed. A neighborhood has a
 * quarter of the label's mean batch size, 10 to 70 cells. Labels of one batch or with fewer than 10 cells are left out; NaN if none is left. `labels` and `batches` from 0,
 * -1 for none. Throws what `nearestNeighbors` throws.
 */
export async function kbetAcceptance(
  vectors: Float32Array,
  width: number,
  labels: Int32Array,
  batches: Int32Array,
  work: WorkOptions = {}
): Promise<number> {
  const rates: number[] = [];
  const groups = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  for (let label = 0; label < groups; label += 1) {
    const cells = Int32Array.from(labels.keys()).filter((cell) => labels[cell] === label && batches[cell] >= 0);
    const present = [...new Set(cells.map((cell) => batches[cell]))];
    if (present.length < 2 || cells.length < fewestCells) continue;
    const codes = cells.map((cell) => present.indexOf(batches[cell]));
    const expected = present.map((_, b) => codes.filter((code) => code === b).length / cells.length);
    const size = Math.min(cells.length, Math.max(10, Math.min(70, Math.floor(cells.length / present.length / 4))));
    const picked = pickVectors(vectors, width, cells);
    const near = await nearestNeighbors(picked, width, size - 1, {...work, metric: "euclidean"});
    let passed = 0;
    for (let cell = 0; cell < cells.length; cell += 1) {
      const found = new Int32Array(present.length);
      found[codes[cell]] += 1;
      for (let j = 0; j < near.k; j += 1) found[codes[near.indices[cell * near.k + j]]] += 1;
      const chi = expected.reduce((sum, share, b) => sum + (found[b] - share * size) ** 2 / (share * size), 0);
      if (chiSquareTail(chi, present.length - 1) >= significance) passed += 1;
    }
    rates.push(passed / cells.length);
  }
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}
