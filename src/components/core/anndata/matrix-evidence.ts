import type {Features, LeftOutFeatures} from "./features.js";
import type {MatrixInfo} from "./matrix-info.js";
import {largestNoise} from "./rounded-block.js";

/** What the values of a matrix turn out to be. Only "counts" is what the model was trained on. */
export type MatrixVerdict = "counts" | "log-normalized" | "normalized" | "scaled" | "empty" | "invalid";

/** Where a value was seen. */
export interface Sighting {
  row: number;
  column: number;
  /** null where it is NaN or infinite, which JSON cannot hold. */
  value: number | null;
}

/** Figures gathered from the values of a matrix, and what follows from them. */
export interface MatrixEvidence {
  /** Name of the matrix ("X"). */
  matrix: string;
  verdict: MatrixVerdict;
  /** One sentence without a full stop: what was seen that makes the verdict. */
  why: string;
  /** Whether all values were looked at, or a sample spread over the matrix. */
  complete: boolean;
  /** Cells looked at (of a large gene-by-gene matrix: all cells, of some genes). */
  rowsExamined: number;
  /** Nonzero values looked at. */
  valuesExamined: number;
  /** Share of nonzero values among all places looked at. */
  fractionNonzero: number;
  /** Smallest and largest finite value among the nonzero ones; 0 if there is none. */
  min: number;
  max: number;
  /** Numbers of values that are NaN, infinite, below zero, not whole. */
  nan: number;
  infinite: number;
  negative: number;
  nonInteger: number;
  /** Of those that are not whole, those within 0.02 of a whole number above 0: nearly all of them of counts that were changed a little. */
  nearInteger: number;
  /** One value of each kind that counts as a fault, the first that was seen. */
  firstNan: Sighting | null;
  firstInfinite: Sighting | null;
  firstNegative: Sighting | null;
  firstNonInteger: Sighting | null;
  /** Sum that every cell has after expm1 (log-normalized) or as it is (normalized), if they agree within 1 %. */
  constantSum: number | null;
  /** Of counts that are stored as fractions: how far the furthest is from a whole number; 0 where all are whole. */
  noise: number;
  /** Features that are not genes, which no other figure here is of, and their share of all counts (null: not measured, or no counts). */
  leftOut: LeftOutShare[];
}

/** Features of one kind that are not genes, and their share of the counts looked at. */
export interface LeftOutShare extends LeftOutFeatures {
  share: number | null;
}

type FaultKind = "nan" | "infinite" | "negative" | "nonInteger";

/** Gathers the figures of MatrixEvidence value by value, in one pass. */
export class EvidenceGatherer {
  private places = 0;
  private readonly totals = {valuesExamined: 0, nan: 0, infinite: 0, negative: 0, nonInteger: 0, nearInteger: 0};
  private readonly first: Record<FaultKind, Sighting | null> = {
    nan: null,
    infinite: null,
    negative: null,
    nonInteger: null
  };
  private min = Infinity;
  private max = -Infinity;
  private readonly sums: number[] = [];
  private readonly expSums: number[] = [];
  private readonly noise = {largest: 0, farOff: 0, ofZero: 0};
  private readonly leftOutSums: Float64Array;
  private geneSum = 0;
  rowsExamined = 0;

  /** `features`: those of the matrix's table. */
  constructor(private readonly features: Pick<Features, "leftOut">) {
    this.leftOutSums = new Float64Array(features.leftOut.length);
  }

  /** Counts `count` more places of the matrix as looked at, zeros included. */
  addPlaces(count: number): void {
    this.places += count;
  }

  /** Adds one value that is not zero. */
  add(row: number, column: number, value: number): void {
    const {totals} = this;
    totals.valuesExamined++;
    if (Number.isNaN(value)) return this.sight("nan", row, column, value);
    if (!Number.isFinite(value)) return this.sight("infinite", row, column, value);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (value < 0) this.sight("negative", row, column, value);
    if (value > 0) this.geneSum += value;
    if (Number.isInteger(value)) {
      if (value < 0) this.noise.farOff++;
      return;
    }
    this.sight("nonInteger", row, column, value);
    const off = Math.abs(value - Math.round(value));
    if (off <= 0.02 && Math.round(value) !== 0) this.totals.nearInteger++;
    if (off > largestNoise || value < -largestNoise) this.noise.farOff++;
    else this.noise.largest = Math.max(this.noise.largest, off);
    if (Math.round(value) === 0) this.noise.ofZero++;
  }

  /** Adds one value of a feature that is not a gene, of the `kind`-th kind that is left out. */
  addLeftOut(kind: number, value: number): void {
    if (value > 0 && value < Infinity) this.leftOutSums[kind] = this.leftOutSums[kind] + value;
  }

  /** Adds the sum of a whole row, as it is and after expm1. */
  addRowSums(sum: number, expSum: number): void {
    if (sum === 0) return;
    this.sums.push(sum);
    this.expSums.push(expSum);
  }

  finish({name, nRows, nCols, recovered}: MatrixInfo, complete: boolean): MatrixEvidence {
    const {totals, first, places} = this;
    const seen = this.max >= this.min;
    const figures = {
      complete,
      rowsExamined: this.rowsExamined,
      ...totals,
      fractionNonzero: places === 0 ? 0 : totals.valuesExamined / places,
      min: seen ? this.min : 0,
      max: seen ? this.max : 0,
      firstNan: first.nan,
      firstInfinite: first.infinite,
      firstNegative: first.negative,
      firstNonInteger: first.nonInteger
    };
    const noise = this.noiseOfCounts();
    const judged = judge(figures, nRows, nCols, constantOf(this.sums), constantOf(this.expSums), noise);
    return {matrix: name, ...judged, ...figures, noise, leftOut: this.shares(recovered !== undefined)};
  }

  /**
   * How far counts that are stored with noise are off; 0 where values are whole, or further off. Values that would become zero are
   * noise only beside counts above 1: shares of a whole lie as close to zero.
   */
  private noiseOfCounts(): number {
    const {largest, farOff, ofZero} = this.noise;
    return farOff === 0 && this.max >= (ofZero > 0 ? 1.5 : 0.5) ? largest : 0;
  }

  /** Of recovered counts no share is known: what is left out was not recovered. */
  private shares(recovered: boolean): LeftOutShare[] {
    const all = this.leftOutSums.reduce((sum, part) => sum + part, this.geneSum);
    const share = (k: number) => (recovered || all === 0 ? null : this.leftOutSums[k] / all);
    return this.features.leftOut.map((kind, k) => ({...kind, share: share(k)}));
  }

  private sight(kind: FaultKind, row: number, column: number, value: number): void {
    this.totals[kind]++;
    this.first[kind] ??= {row, column, value: Number.isFinite(value) ? value : null};
  }
}

type Figures = Omit<MatrixEvidence, "matrix" | "verdict" | "why" | "constantSum" | "noise" | "leftOut">;
type Judgment = Pick<MatrixEvidence, "verdict" | "why" | "constantSum">;

/** Largest log1p of a count that occurs: e^20 is 5 * 10^8. */
const largestLog = 20;
/** Logarithms are hardly ever whole (log2 of counts + 1 is, of counts of 1, 3, 7): below this share it is not they. */
const fewFractions = 0.1;

function judge(
  figures: Figures,
  nRows: number,
  nCols: number,
  sum: number | null,
  expSum: number | null,
  noise: number
): Judgment {
  const {nan, infinite, negative, nonInteger, valuesExamined, max} = figures;
  const say = (verdict: MatrixVerdict, why: string, constantSum: number | null = null): Judgment => ({
    verdict,
    why,
    constantSum
  });
  if (nRows === 0) return say("empty", "it has no cells");
  if (nCols === 0) return say("empty", "it has no genes");
  if (valuesExamined === 0) return say("empty", `every value${figures.complete ? "" : " looked at"} is zero`);
  if (nan > 0) {
    return say("invalid", `${count(nan, "value")} ${nan === 1 ? "is" : "are"} NaN, the first ${at(figures.firstNan)}`);
  }
  if (infinite > 0) {
    const verb = infinite === 1 ? "is" : "are";
    return say("invalid", `${count(infinite, "value")} ${verb} infinite, the first ${at(figures.firstInfinite)}`);
  }
  if (noise > 0) {
    const all = valuesExamined.toLocaleString("en");
    const within = Number(noise.toPrecision(2));
    const why = `all ${all} nonzero values looked at are within ${within} of whole numbers, the largest ${Math.round(max)}`;
    return say("counts", why);
  }
  const share = (part: number) => `${percent(part / valuesExamined)} of nonzero values are`;
  if (negative > 0) {
    const {firstNegative: one} = figures;
    const seen = `${share(negative)} negative, the first (${show(one)}) ${at(one)}`;
    return nonInteger > 0 ? say("scaled", `${seen}: centered or scaled data`) : say("invalid", seen);
  }
  if (nonInteger === 0) {
    const all = valuesExamined.toLocaleString("en");
    return say("counts", `all ${all} nonzero values looked at are whole numbers, the largest ${max}`);
  }
  const {firstNonInteger: one} = figures;
  const fractional = `${share(nonInteger)} not whole numbers (${show(one)} ${at(one)})`;
  if (expSum !== null && max <= largestLog) {
    return say("log-normalized", `${fractional}, and expm1 of every cell adds up to ${round(expSum)}`, expSum);
  }
  if (sum !== null) return say("normalized", `${fractional}, and every cell adds up to ${round(sum)}`, sum);
  if (max <= 1) return say("normalized", `${fractional}, none above 1: shares, not counts`);
  if (nonInteger < fewFractions * valuesExamined) {
    return say("normalized", `${fractional}, the others are: corrected or estimated counts, it seems`);
  }
  if (max <= largestLog) {
    return say("log-normalized", `${fractional}, none above ${round(max)}: log-transformed, it seems`);
  }
  return say("normalized", `${fractional}, the largest ${round(max)}: normalized or estimated, not counted`);
}

/** The value that all of `sums` have within 1 %; null if they differ or are fewer than three. */
function constantOf(sums: number[]): number | null {
  if (sums.length < 3) return null;
  let low = Infinity;
  let high = -Infinity;
  for (const sum of sums) {
    if (!(sum > 0) || !Number.isFinite(sum)) return null;
    low = Math.min(low, sum);
    high = Math.max(high, sum);
  }
  return high - low <= 0.01 * high ? sums[sums.length >> 1] : null;
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

function at(sighting: Sighting | null): string {
  return sighting === null ? "" : `in row ${sighting.row}, column ${sighting.column}`;
}

function show(sighting: Sighting | null): string {
  if (sighting?.value == null) return "";
  const {value} = sighting;
  return String(Number.isInteger(round(value)) ? value : round(value));
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}

function percent(share: number): string {
  const value = 100 * share;
  if (value >= 99.95 && share < 1) return "99.9 %"; // never "100 %" of what is not all
  return `${value < 0.1 ? Number(value.toPrecision(1)) : Number(value.toFixed(1))} %`;
}
