import {nearestInSpace} from "../vectors/nearest-in-space.js";
import {relativeError} from "../vectors/relative-error.js";
import {sharedCells} from "../vectors/shared-cells.js";
import {unitRows} from "../vectors/unit-rows.js";
import {cosineDistribution, type CosineDistribution} from "./cosine-distribution.js";
import {meanError} from "./mean-error.js";
import {seedNoise, type SeedNoise} from "./seed-noise.js";

/** How far two draws of the same cells are apart; every pair of draws of different seeds, every cell. */
export interface DrawsApart {
  /** Lower edge of the histogram, which ends at 1. */
  from: number;
  /** Cosines of a cell's two vectors. */
  sameCell: CosineDistribution;
  /** Relative error e, mean over pairs. */
  relativeError: number;
  /** Share of a cell's nearest that stay, and its standard error over cells. */
  overlap: number;
  overlapError: number;
}

/** What leaving genes out before embedding does, beside what another seed does. */
export interface FilterEffect {
  cells: number;
  seeds: number;
  /** Neighbors in `overlap`, and what chance gives. */
  k: number;
  chanceOverlap: number;
  /** All genes, another seed; some genes, another seed; all genes against some, another seed. */
  all: DrawsApart;
  some: DrawsApart;
  between: DrawsApart;
  /** Two cells of one type, all genes, in a histogram as `all` has it; no pairs without types. */
  withinType: CosineDistribution;
}

const bins = 48;

/**
 * Compares vectors of the same cells from all genes (`all`) and from some (`some`): for each sampling seed row-major, `width` wide. Draws of different seeds are compared throughout, so that the three
 * sets of figures have the noise of the seed alike. `types`: a type a cell, -1 for none. Throws what `seedNoise` throws.
 */
export function filterEffect(
  all: readonly Float32Array[],
  some: readonly Float32Array[],
  width: number,
  types?: Int32Array
): FilterEffect {
  const noise = seedNoise(all, width, types);
  const {cells, seeds, k, chanceOverlap} = noise;
  const pairs = all.flatMap((_, a) => some.flatMap((_, b) => (a === b ? [] : [{ours: some[b], theirs: all[a]}])));
  const cosines: number[] = [];
  const overlap = new Float64Array(cells);
  let error = 0;
  for (const {ours, theirs} of pairs) {
    error += relativeError(ours, theirs, cells, width) / pairs.length;
    const [a, b] = [unitRows(ours, width), unitRows(theirs, width)];
    for (let cell = 0; cell < cells; cell += 1) {
      let product = 0;
      for (let i = cell * width; i < (cell + 1) * width; i += 1) product += a[i] * b[i];
      cosines.push(product);
      const near = (vectors: Float64Array) => nearestInSpace(vectors, width, cell, k).cells;
      overlap[cell] += sharedCells(near(a), near(b)) / k / pairs.length;
    }
  }
  const lowest = cosines.reduce((least, one) => Math.min(least, one), noise.from);
  const from = Math.max(-1, Math.floor(lowest * 20) / 20);
  const on = (of: SeedNoise): DrawsApart => ({
    from: of.from,
    sameCell: of.sameCell,
    relativeError: of.averages[0].relativeError,
    overlap: of.averages[0].overlap,
    overlapError: of.averages[0].errors.overlap
  });
  const ofSome = seedNoise(some, width, types);
  return {
    cells,
    seeds,
    k,
    chanceOverlap,
    all: on(noise),
    some: on(ofSome),
    between: {
      from,
      sameCell: cosineDistribution(Float64Array.from(cosines), from, bins),
      relativeError: error,
      overlap: overlap.reduce((sum, one) => sum + one, 0) / cells,
      overlapError: meanError(overlap)
    },
    withinType: noise.withinType
  };
}
