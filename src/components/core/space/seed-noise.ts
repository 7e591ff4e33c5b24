import {averageEmbeddings} from "../vectors/average-embeddings.js";
import {nearestInSpace} from "../vectors/nearest-in-space.js";
import {sharedCells} from "../vectors/shared-cells.js";
import {unitRows} from "../vectors/unit-rows.js";
import {relativeError} from "../vectors/relative-error.js";
import {WorkbookError} from "../errors.js";
import {cosineDistribution, type CosineDistribution} from "./cosine-distribution.js";
import {meanError} from "./mean-error.js";
import {shareError} from "./share-error.js";

/** What one number of averaged seeds gives. */
export interface AveragedSeeds {
  /** Seeds in each mean; 1 is no averaging. */
  averaged: number;
  /** Pairs of means that were compared: of groups of seeds that share none. */
  pairs: number;
  /** Standard errors of the figures below over the cells. */
  errors: Record<"cosine" | "relativeError" | "overlap" | "foundAgain", number>;
  /** Mean cosine of a cell with itself between two such means. */
  cosine: number;
  /** Relative error between them: rms distance of a cell from itself over rms distance of a cell from the mean cell. */
  relativeError: number;
  /** Share of each cell's nearest neighbors under one mean that are among its nearest under the other. */
  overlap: number;
  /** Share of cells whose nearest, under other seeds, is the cell itself. */
  foundAgain: number;
}

/** How much a cell's vector owes to the sampling seed. */
export interface SeedNoise {
  cells: number;
  seeds: number;
  /** Neighbors in `overlap`: 15, fewer where cells are few. */
  k: number;
  /** What `overlap` would be if neighbors were drawn at random: k / (cells - 1). */
  chanceOverlap: number;
  /** Lower edge of the histograms, which end at 1. */
  from: number;
  /** The same cell under two seeds: every pair of seeds of every cell. */
  sameCell: CosineDistribution;
  /** Two cells of one type, the k-th draw of both, for every k; no pairs without types. */
  withinType: CosineDistribution;
  /** Two cells of different types, likewise. */
  betweenTypes: CosineDistribution;
  /** Any two different cells, likewise. */
  allCells: CosineDistribution;
  /** By number of seeds averaged: 1, 2, 4, ... as far as two groups of seeds can be made. */
  averages: AveragedSeeds[];
}

const neighbors = 15;
const bins = 48;

/**
 * Measures seed noise: `draws` holds for each sampling seed the unit vectors of the same cells (row-major, `width` wide),
 * `types` a type a cell, -1 for none. All pairs, so for some hundreds of cells. docs/trust.md defines each number.
 * Throws a WorkbookError of domain "space" (code "too-few-draws") for fewer than two seeds or three cells.
 */
export function seedNoise(draws: readonly Float32Array[], width: number, types?: Int32Array): SeedNoise {
  const cells = draws.length === 0 ? 0 : draws[0].length / width;
  if (draws.length < 2 || cells < 3 || draws.some(({length}) => length !== cells * width))
    throw tooFew(cells, draws.length);
  const k = Math.min(neighbors, cells - 2);
  const pairs = pairCosines(draws, width, cells, types);
  const lowest = pairs.all.reduce((least, cosine) => Math.min(least, cosine), Math.min(...pairs.same));
  const from = Math.max(-1, Math.floor(lowest * 20) / 20);
  const describe = (cosines: Float64Array) => cosineDistribution(cosines, from, bins);
  const sizes = [1, 2, 4, 8, 16, 32].filter((size) => 2 * size <= draws.length);
  return {
    cells,
    seeds: draws.length,
    k,
    chanceOverlap: k / (cells - 1),
    from,
    sameCell: describe(pairs.same),
    withinType: describe(pairs.within),
    betweenTypes: describe(pairs.between),
    allCells: describe(pairs.all),
    averages: sizes.map((size) => compareMeans(meansOf(draws, width, cells, size), width, cells, k, size))
  };
}

/** Cosines of unit-length rows; lengths are divided out, so that rounding in float32 does not enter. */
function pairCosines(draws: readonly Float32Array[], width: number, cells: number, types?: Int32Array) {
  const unit = draws.map((vectors) => unitRows(vectors, width));
  const same: number[] = [];
  for (let cell = 0; cell < cells; ++cell) {
    for (let a = 0; a < draws.length; ++a)
      for (let b = a + 1; b < draws.length; ++b) same.push(product(unit[a], unit[b], cell, cell, width));
  }
  const [within, between, all]: [number[], number[], number[]] = [[], [], []];
  for (const vectors of unit) {
    for (let i = 0; i < cells; ++i) {
      for (let j = i + 1; j < cells; ++j) {
        const cosine = product(vectors, vectors, i, j, width);
        all.push(cosine);
        if (types === undefined || types[i] < 0 || types[j] < 0) continue;
        (types[i] === types[j] ? within : between).push(cosine);
      }
    }
  }
  return {
    same: Float64Array.from(same),
    within: Float64Array.from(within),
    between: Float64Array.from(between),
    all: Float64Array.from(all)
  };
}

/** Means of `size` consecutive seeds each, scaled to unit length: as many as there are whole groups. */
function meansOf(draws: readonly Float32Array[], width: number, cells: number, size: number): Float32Array[] {
  if (size === 1) return [...draws];
  return Array.from({length: Math.floor(draws.length / size)}, (_, group) => {
    const means = new Float32Array(cells * width);
    for (let cell = 0; cell < cells; ++cell) {
      const of = draws
        .slice(group * size, (group + 1) * size)
        .map((vectors) => vectors.subarray(cell * width, (cell + 1) * width));
      means.set(averageEmbeddings(of), cell * width);
    }
    return means;
  });
}

function compareMeans(
  means: readonly Float32Array[],
  width: number,
  cells: number,
  k: number,
  averaged: number
): AveragedSeeds {
  const unit = means.map((vectors) => unitRows(vectors, width));
  const sum = {pairs: 0, relativeError: 0, errorOfError: 0};
  // Of each cell, over all pairs.
  const [cosine, overlap, found] = [0, 1, 2].map(() => new Float64Array(cells));
  for (let a = 0; a < means.length; ++a) {
    for (let b = a + 1; b < means.length; ++b) {
      sum.pairs += 1;
      const e = relativeError(means[b], means[a], cells, width);
      sum.relativeError += e;
      sum.errorOfError += errorOfRatio(means[b], means[a], width, e);
      for (let cell = 0; cell < cells; ++cell) {
        const near = (vectors: Float64Array) => nearestInSpace(vectors, width, cell, k).cells;
        overlap[cell] += sharedCells(near(unit[a]), near(unit[b])) / k;
        const own = product(unit[a], unit[b], cell, cell, width);
        cosine[cell] += own;
        let nearest = true;
        for (let other = 0; nearest && other < cells; ++other) {
          nearest = other === cell || product(unit[a], unit[b], cell, other, width) < own;
        }
        if (nearest) found[cell] += 1;
      }
    }
  }
  const {pairs} = sum;
  const mean = (values: Float64Array) => values.reduce((total, value) => total + value, 0) / (pairs * cells);
  return {
    averaged,
    pairs,
    cosine: mean(cosine),
    relativeError: sum.relativeError / pairs,
    overlap: mean(overlap),
    foundAgain: mean(found),
    errors: {
      cosine: meanError(cosine) / pairs,
      relativeError: sum.errorOfError / pairs,
      overlap: meanError(overlap) / pairs,
      // Of a share, so that it is not 0 where all or none are found; pairs of one cell are no cells of their own.
      foundAgain: shareError(mean(found) * cells, cells)
    }
  };
}

/**
 * Standard error over the cells of `e`, the relative error of `ours` against `reference`: e squared is a ratio of two means over cells, whose
 * error the delta method gives (the mean cell is taken as known).
 */
function errorOfRatio(ours: Float32Array, reference: Float32Array, width: number, e: number): number {
  const cells = reference.length / width;
  const middle = new Float64Array(width);
  for (let i = 0; i < reference.length; ++i) middle[i % width] += reference[i] / cells;
  const residuals = new Float64Array(cells);
  let spread = 0;
  for (let i = 0; i < reference.length; ++i) {
    const [moved, out] = [(ours[i] - reference[i]) ** 2, (reference[i] - middle[i % width]) ** 2];
    residuals[Math.floor(i / width)] += moved - e ** 2 * out;
    spread += out / cells;
  }
  return e === 0 ? 0 : meanError(residuals) / spread / (2 * e);
}

function product(a: Float64Array, b: Float64Array, rowOfA: number, rowOfB: number, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; ++i) sum += a[rowOfA * width + i] * b[rowOfB * width + i];
  return sum;
}

function tooFew(cells: number, seeds: number): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "too-few-draws",
    fault: `the noise of sampling cannot be measured on ${cells} cells under ${seeds} seeds`,
    remedy: "choose at least 3 cells that have counts, and 2 seeds"
  });
}
