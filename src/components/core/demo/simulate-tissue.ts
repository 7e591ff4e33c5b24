import {NumpyGenerator} from "../cells/numpy-rng.js";
import type {CsrBlock} from "../types.js";
import {negativeBinomial} from "./negative-binomial.js";
import {normals} from "./normals.js";
import type {DemoProfiles} from "./profiles.js";

/** What a droplet holds: a cell, one whose RNA has mostly leaked out, two cells of different types, or none. */
export type Quality = "good" | "dying" | "doublet" | "near-empty";

/** A type's cells in a tissue. */
export interface TissuePart {
  /** Name in the profiles. */
  profile: string;
  /** Type that its cells are labeled with; parts may share one. */
  type: string;
  cells: number;
  /** Median counts a cell. */
  medianCounts: number;
}

/** A tissue to simulate; ranges are [low, high], drawn from evenly. */
export interface TissueRecipe {
  parts: readonly TissuePart[];
  /** Standard deviation of the natural log of the counts a cell (10x data: 0.3 to 0.5). */
  countsSpread: number;
  /** Donors and their shares of the droplets. Each scales every gene by exp(normal x `donorSpread`). */
  donors: readonly {name: string; share: number}[];
  donorSpread: number;
  /**
   * Programs that run across types (stress, metabolism, cycle): each has a random loading of standard normal size on
   * every gene and a strength of standard deviation `spread` in every cell, both on the scale of the natural log.
   */
  programs: {number: number; spread: number};
  /** Share of a cell's counts that is ambient RNA: RNA afloat in the suspension, the mean of all parts. */
  ambientShare: readonly [number, number];
  /** Standard deviation of the natural log of the mitochondrial share between cells. */
  mitochondrialSpread: number;
  /** Cells beside those of `parts`; their types are drawn in proportion to `parts`. */
  dying: {cells: number; mitochondrialShare: readonly [number, number]; remainingCounts: readonly [number, number]};
  doublets: number;
  /** Droplets with ambient RNA only. */
  nearEmpty: {cells: number; counts: readonly [number, number]};
  seed: number;
}

/** Simulated counts and what is true of each droplet, in one shuffled order. */
export interface SimulatedTissue {
  /** Droplets x genes of the profiles. */
  counts: CsrBlock;
  /** Type; of a doublet that of the cell with more counts; `unassigned` where there is no cell. */
  cellType: string[];
  donor: string[];
  quality: Quality[];
}

/** Label of droplets without a cell. */
export const unassigned = "unassigned";

/**
 * Droplets drawn from types' profiles, seeded. The mean of gene g in a cell is its counts (log-normal) times the type's
 * share of g as programs shift it, mixed with ambient RNA, times the donor's factor; the count is negative-binomial
 * around it with the gene's dispersion, so that dropout follows from depth. It is the gamma-Poisson sketch of Splatter
 * (Zappia, Phipson and Oshlack 2017, doi:10.1186/s13059-017-1305-0) with means and dispersions taken from data.
 * `mitochondrial` says which genes of the profiles are. Throws an Error if the recipe names a profile that is missing.
 */
export function simulateTissue(
  profiles: DemoProfiles,
  mitochondrial: readonly boolean[],
  recipe: TissueRecipe
): SimulatedTissue {
  const random = new NumpyGenerator(recipe.seed);
  const normal = () => normals(random, 1)[0];
  const between = ([low, high]: readonly [number, number]) => low + (high - low) * random.double();
  const pick = <T>(things: readonly T[], share: (thing: T) => number): T => {
    let left = random.double() * things.reduce((sum, thing) => sum + share(thing), 0);
    return things.find((thing) => (left -= share(thing)) < 0) ?? things[things.length - 1];
  };
  const parts = recipe.parts.map((part) => {
    const abundance = abundanceOf(profiles, part.profile);
    const own = abundance.reduce((sum, share, g) => sum + (mitochondrial[g] ? share : 0), 0);
    return {...part, abundance, own};
  });
  const factors = recipe.donors.map(() =>
    normals(random, profiles.tokens.length).map((z) => Math.exp(z * recipe.donorSpread))
  );
  const loadings = times(recipe.programs.number, () => normals(random, profiles.tokens.length));
  const ambient = weightedMean(parts);
  const cellOf = cellMaker({recipe, mitochondrial, loadings, ambient, normal, between});
  const anyPart = () => pick(parts, ({cells}) => cells);
  const twoCells = (): Droplet => {
    const first = anyPart();
    const second = pick(parts, ({type, cells}) => (type === first.type ? 0 : cells));
    const [a, b] = [cellOf(first), cellOf(second)];
    const type = a.counts >= b.counts ? a.type : b.type;
    return {type, quality: "doublet", counts: a.counts + b.counts, means: a.means.map((mean, g) => mean + b.means[g])};
  };
  const noCell = (): Droplet => {
    const counts = between(recipe.nearEmpty.counts);
    return {type: unassigned, quality: "near-empty", counts, means: ambient.map((share) => share * counts)};
  };

  const droplets = [
    ...parts.flatMap((part) => times(part.cells, () => cellOf(part))),
    ...times(recipe.dying.cells, () => cellOf(anyPart(), true)),
    ...times(recipe.doublets, twoCells),
    ...times(recipe.nearEmpty.cells, noCell)
  ];
  const order = Int32Array.from(droplets.keys());
  random.shuffle(order);
  const rows = Array.from(order, (at) => {
    const donor = pick([...recipe.donors.keys()], (d) => recipe.donors[d].share);
    const {type, quality, means} = droplets[at];
    // One double a draw, all of a droplet's at once, which is quicker.
    const doubles = random.fillDoubles(new Float64Array(means.reduce((sum, mean) => (mean > 0 ? sum + 1 : sum), 0)));
    let next = 0;
    const drawn = {double: () => doubles[next++]};
    const counts = means.map((mean, g) =>
      mean > 0 ? negativeBinomial(drawn, mean * factors[donor][g], profiles.dispersion[g]) : 0
    );
    return {type, quality, donor: recipe.donors[donor].name, counts};
  });
  return {
    counts: toCsr(rows.map(({counts}) => counts)),
    cellType: rows.map(({type}) => type),
    donor: rows.map(({donor}) => donor),
    quality: rows.map(({quality}) => quality)
  };
}

/** A part of the tissue, with the share of each gene in its RNA and that of its mitochondrial genes together. */
type Part = TissuePart & {abundance: Float64Array; own: number};

interface CellMakerOptions {
  recipe: TissueRecipe;
  mitochondrial: readonly boolean[];
  /** Of each program on each gene. */
  loadings: readonly Float64Array[];
  /** Share of each gene in ambient RNA. */
  ambient: Float64Array;
  /** Draws of the standard normal distribution, and uniform ones from a range. */
  normal: () => number;
  between: (range: readonly [number, number]) => number;
}

/** Makes the mean counts of a cell; where it is dying, of what is left of it. */
function cellMaker({recipe, mitochondrial, loadings, ambient, normal, between}: CellMakerOptions) {
  return ({type, abundance, own, medianCounts}: Part, dying = false): Droplet => {
    const counts =
      medianCounts * Math.exp(normal() * recipe.countsSpread) * (dying ? between(recipe.dying.remainingCounts) : 1);
    const target = dying
      ? between(recipe.dying.mitochondrialShare)
      : Math.min(0.9, own * Math.exp(normal() * recipe.mitochondrialSpread));
    const afloat = between(recipe.ambientShare);
    const state = new Float64Array(abundance.length);
    for (const loading of loadings) {
      const strength = normal() * recipe.programs.spread;
      for (let g = 0; g < state.length; ++g) state[g] += strength * loading[g];
    }
    let others = 0;
    for (let g = 0; g < state.length; ++g) {
      state[g] = mitochondrial[g] ? 0 : abundance[g] * Math.exp(state[g]);
      others += state[g];
    }
    const means = abundance.map((share, g) => {
      const inCell = mitochondrial[g] ? share * (target / own) : state[g] * ((1 - target) / others);
      return counts * ((1 - afloat) * inCell + afloat * ambient[g]);
    });
    return {type, quality: dying ? "dying" : "good", counts, means};
  };
}

interface Droplet {
  type: string;
  quality: Quality;
  /** Expected counts, and those of each gene. */
  counts: number;
  means: Float64Array;
}

function abundanceOf({types}: DemoProfiles, profile: string): Float64Array {
  const found = types.find(({name}) => name === profile);
  if (found === undefined) {
    throw new Error(`there is no profile "${profile}", only ${types.map(({name}) => name).join(", ")}`);
  }
  return found.abundance;
}

/** Share of each gene in the RNA of all cells together. */
function weightedMean(parts: readonly (TissuePart & {abundance: Float64Array})[]): Float64Array {
  const weights = parts.map(({cells, medianCounts}) => cells * medianCounts);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return parts[0].abundance.map((_, g) =>
    parts.reduce((sum, {abundance}, p) => sum + (abundance[g] * weights[p]) / total, 0)
  );
}

function times<T>(n: number, make: () => T): T[] {
  return Array.from({length: n}, make);
}

function toCsr(rows: readonly Float64Array[]): CsrBlock {
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
  return {rows: Int32Array.from(rows.keys()), nCols: rows[0]?.length ?? 0, indptr, indices, values};
}
