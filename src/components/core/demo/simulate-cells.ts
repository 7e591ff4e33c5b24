import {NumpyGenerator} from "../cells/numpy-rng.js";
import type {CsrBlock} from "../types.js";
import {normals} from "./normals.js";

/** A cell type to simulate: `profile[g]` is gene g's relative abundance (any positive scale). */
export interface SimulatedType {
  name: string;
  profile: Float64Array;
  cells: number;
}

/** How cells vary around their type's profile. */
export interface SimulationOptions {
  /** Median of the counts a cell (library size), log-normally spread. */
  medianCounts: number;
  /** Standard deviation of the natural log of the counts a cell (10x data: about 0.4). */
  countsSpread: number;
  /** Donors, cells assigned at random; each scales every gene by exp(normal x `batchSpread`). */
  donors: string[];
  batchSpread: number;
  /** Standard deviation of each gene's natural log between cells of one type. */
  cellSpread: number;
  seed: number;
}

/** Simulated counts with what is true of each cell. */
export interface SimulatedCells {
  counts: CsrBlock;
  cellType: string[];
  donor: string[];
}

/**
 * Counts drawn from a multinomial over each type's profile, with log-normal library sizes, a donor effect and noise
 * between cells: the usual generative sketch of droplet data (as in Splatter; Zappia, Phipson and Oshlack 2017,
 * doi:10.1186/s13059-017-1305-0), without its fitted parameters. Deterministic in `seed`; cells come shuffled.
 */
export function simulateCells(types: readonly SimulatedType[], options: SimulationOptions): SimulatedCells {
  const {medianCounts, countsSpread, donors, batchSpread, cellSpread, seed} = options;
  const random = new NumpyGenerator(seed);
  const nGenes = types[0].profile.length;
  const effects = donors.map(() => normals(random, nGenes).map((z) => Math.exp(z * batchSpread)));
  const order = Int32Array.from(types.flatMap(({cells}, t) => new Array<number>(cells).fill(t)));
  random.shuffle(order);
  const rows = Array.from(order, (t) => {
    const donor = Math.floor(random.double() * donors.length);
    const noise = normals(random, nGenes);
    const size = Math.round(medianCounts * Math.exp(normals(random, 1)[0] * countsSpread));
    const cdf = types[t].profile.map((value, g) => value * effects[donor][g] * Math.exp(noise[g] * cellSpread));
    for (let g = 1; g < nGenes; ++g) cdf[g] += cdf[g - 1];
    return {type: types[t].name, donor: donors[donor], counts: multinomial(random, cdf, size)};
  });
  return {
    counts: toCsr(rows.map(({counts}) => counts)),
    cellType: rows.map(({type}) => type),
    donor: rows.map(({donor}) => donor)
  };
}

function multinomial(random: NumpyGenerator, cdf: Float64Array, draws: number): Float32Array {
  const counts = new Float32Array(cdf.length);
  const total = cdf[cdf.length - 1];
  for (let i = 0; i < draws; ++i) {
    const u = random.double() * total;
    let low = 0;
    let high = cdf.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cdf[middle] > u) high = middle;
      else low = middle + 1;
    }
    counts[low] += 1;
  }
  return counts;
}

function toCsr(rows: Float32Array[]): CsrBlock {
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (indptr[i + 1] = indptr[i] + row.reduce((n, count) => n + Number(count > 0), 0)));
  const indices = new Int32Array(indptr[rows.length]);
  const values = new Float32Array(indices.length);
  let at = 0;
  for (const row of rows) {
    row.forEach((count, gene) => {
      if (count === 0) return;
      indices[at] = gene;
      values[at++] = count;
    });
  }
  return {rows: Int32Array.from(rows, (_, i) => i), nCols: rows[0]?.length ?? 0, indptr, indices, values};
}
