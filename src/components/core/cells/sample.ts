import type {Sampling} from "../types.js";
import type {RandomSource} from "./numpy-rng.js";

/**
 * Draws `size` genes with replacement from a cumulative distribution: places in `cdf`, in draw order. The generator
 * stands afterwards where the chromosome shuffle continues with it.
 *
 * "reference" is numpy's `choice(G, size, p=probabilities, replace=True)`: one double u for each draw, the place of u.
 * "low-variance" is systematic resampling: one double u, the places of (i + u) / size for i = 0 to size - 1. Each gene then
 * stands floor or ceil of its expected number of times; the expectation is the same, the noise between seeds is less.
 */
export function drawGenes(cdf: Float64Array, size: number, sampling: Sampling, generator: RandomSource): Int32Array {
  return sampling === "reference" ? drawIndependently(cdf, size, generator) : drawSystematically(cdf, size, generator);
}

/**
 * The seed of a cell's k-th sentence: its row in the file plus k times the number of cells in the file, so that no two
 * sentences of a run share one. k = 0 is the reference's seed.
 */
export function samplingSeed(row: number, k: number, nCellsInFile: number): number {
  return row + k * nCellsInFile;
}

/** A power of two, so that finding a number's part of [0, 1) is exact. */
const guideSize = 1024;

/** The place of the lower end of each of `guideSize` equal parts of [0, 1): where the search for a number begins. */
function guideTable(cdf: Float64Array): Int32Array {
  const guide = new Int32Array(guideSize);
  let place = 0;
  for (let part = 0; part < guideSize; ++part) {
    while (cdf[place] <= part / guideSize) ++place;
    guide[part] = place;
  }
  return guide;
}

function drawIndependently(cdf: Float64Array, size: number, generator: RandomSource): Int32Array {
  const uniform = generator.fillDoubles(new Float64Array(size));
  const guide = guideTable(cdf);
  const draws = new Int32Array(size);
  for (let i = 0; i < size; ++i) {
    let place = guide[(uniform[i] * guideSize) | 0];
    while (cdf[place] <= uniform[i]) ++place;
    draws[i] = place;
  }
  return draws;
}

function drawSystematically(cdf: Float64Array, size: number, generator: RandomSource): Int32Array {
  const draws = new Int32Array(size);
  const offset = generator.double();
  let place = 0;
  for (let i = 0; i < size; ++i) {
    const position = (i + offset) / size;
    // Rounding can take the last position to 1, past every entry; it stays with the last gene.
    while (place < cdf.length - 1 && cdf[place] <= position) ++place;
    draws[i] = place;
  }
  return draws;
}
