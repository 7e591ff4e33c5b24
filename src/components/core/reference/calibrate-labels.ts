import {WorkbookError} from "../errors.js";
import {createRandom} from "../random.js";
import {calibrationError} from "../statistics/calibration-error.js";
import {reliability, type ReliabilityBin} from "../statistics/reliability.js";
import {fitLogistic, logisticProbability, type Logistic} from "../statistics/logistic.js";
import {nearestNeighbors} from "../vectors/neighbors.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {WorkOptions} from "../vectors/work.js";
import {neighborVotes, type NeighborVotes} from "./neighbor-votes.js";
import type {Reference} from "./reference.js";

/** What is known of a label from the reference itself. */
export interface LabelCheck {
  name: string;
  cells: number;
  /** Of the label's held-out cells: share that got this label, of all and with unknown ones counted as wrong. */
  recall: number;
  /** Share of its held-out cells that are called unknown when the reference has no other cell of it. */
  unknownIfMissing: number;
}

/** How a reference labels cells, fitted on half of its cells and reported on the other half. */
export interface LabelCalibration {
  /** Neighbors that vote. */
  k: number;
  /** For each label the usual (median) mean distance of its cells to their neighbors. */
  usual: Float64Array;
  /** Probability that a cell is of a label that the reference has; below one half it is unknown. */
  known: Logistic;
  /** Probability that the label is right, of a cell whose label the reference has. */
  right: Logistic;
  /** Held-out cells, each classified by the others. */
  heldOut: {
    cells: number;
    /** Share called unknown, though the reference has their label. */
    unknown: number;
    /** Of those that were not called unknown. */
    accuracy: number;
    macroRecall: number;
    /** Expected calibration error of the confidence, ten bins, and the bins themselves. */
    calibrationError: number;
    reliability: ReliabilityBin[];
    labels: LabelCheck[];
  };
}

/** Options of `calibrateLabels`. */
export interface CalibrationOptions extends WorkOptions {
  /** Neighbors that vote (15). */
  k?: number;
  /** Of the choice of halves (0). */
  seed?: number;
}

/** Features of a cell: log of its distance over what is usual for the label, and the share of votes. */
const width = 2;
const fewestCells = 20;

/**
 * Calibrates label transfer on the reference's own cells. Each is classified twice: by all others, and by the others of other labels, as if the reference lacked its own. On
 * half of the cells (chosen at random) two logistic regressions are fitted to the neighbors' mean distance (against what is usual for the label) and their
 * agreement: is the label among the reference's (each label counting the same on both sides), and is the vote right. The other half says how good that is.
 * Throws the WorkbookError "too-few-cells" (domain "space") for fewer than 20 labeled cells or 2 labels, and the signal's reason.
 */
export async function calibrateLabels(
  reference: Reference,
  {k = 15, seed = 0, ...work}: CalibrationOptions = {}
): Promise<LabelCalibration> {
  const {vectors, width: size, names, codes: all} = reference;
  const labeled = Int32Array.from(all.keys()).filter((cell) => all[cell] >= 0);
  const codes = labeled.map((cell) => all[cell]);
  if (labeled.length < fewestCells || new Set(codes).size < 2) throw tooFew(reference, labeled.length);
  const picked = pickVectors(vectors, size, labeled);
  const among = neighborVotes(await nearestNeighbors(picked, size, k, work), codes);
  const without = neighborVotes(await nearestNeighbors(picked, size, k, {...work, outside: codes}), codes);
  const usual = usualDistances(among.distances, codes, names.length);
  const features = {present: labelFeatures(among, usual), missing: labelFeatures(without, usual)};
  const random = createRandom(seed);
  const fitted = Uint8Array.from(codes, () => (random.next() < 0.5 ? 1 : 0));
  const isRight = Uint8Array.from(codes, (code, i) => (among.codes[i] === code ? 1 : 0));
  const known = fitKnown(features, codes, names.length, fitted);
  const rightOnes = Float64Array.from(fitted);
  const right = fitLogistic(features.present, width, isRight, rightOnes);
  const calibration = {k, usual, known, right};
  return {...calibration, heldOut: report(reference, calibration, {codes, fitted, among, features})};
}

/** The features of cells by what their neighbors say: log(distance / usual distance of the label), share of votes. */
export function labelFeatures({codes, shares, distances}: NeighborVotes, usual: Float64Array): Float64Array {
  const features = new Float64Array(codes.length * width);
  codes.forEach((code, i) => {
    const expected = code < 0 ? NaN : usual[code];
    features[i * width] = Math.log((distances[i] + 1e-6) / (expected + 1e-6));
    features[i * width + 1] = shares[i];
  });
  return features;
}

function usualDistances(distances: Float64Array, codes: Int32Array, labels: number): Float64Array {
  return Float64Array.from({length: labels}, (_, label) => {
    const mine = distances.filter((_, i) => codes[i] === label).sort();
    return mine.length === 0 ? NaN : mine[mine.length >> 1];
  });
}

/** Fits whether the reference has a cell's label: the cells as they are against the same cells without their own label. */
function fitKnown(
  {present, missing}: {present: Float64Array; missing: Float64Array},
  codes: Int32Array,
  labels: number,
  fitted: Uint8Array
): Logistic {
  const sizes = new Float64Array(labels);
  codes.forEach((code, i) => (sizes[code] += fitted[i]));
  const n = codes.length;
  const features = new Float64Array(2 * n * width);
  features.set(present);
  features.set(missing, n * width);
  const isKnown = new Uint8Array(2 * n).fill(1, 0, n);
  // Each label counts the same on both sides, so that a large one does not decide alone.
  const weights = Float64Array.from({length: 2 * n}, (_, i) => {
    const cell = i % n;
    return fitted[cell] === 1 ? n / labels / sizes[codes[cell]] : 0;
  });
  return fitLogistic(features, width, isKnown, weights);
}

/** What the held-out half says. */
interface Held {
  codes: Int32Array;
  fitted: Uint8Array;
  among: NeighborVotes;
  features: {present: Float64Array; missing: Float64Array};
}

function report(
  {names}: Reference,
  {known, right}: Pick<LabelCalibration, "known" | "right">,
  {codes, fitted, among, features}: Held
): LabelCalibration["heldOut"] {
  const cells = [...codes.keys()].filter((i) => fitted[i] === 0);
  const isUnknown = (of: Float64Array, i: number) => logisticProbability(known, of, i * width) < 0.5;
  const told = cells.filter((i) => !isUnknown(features.present, i));
  const isRight = (i: number) => among.codes[i] === codes[i];
  const share = (of: readonly number[], holds: (i: number) => boolean) => of.filter(holds).length / of.length;
  const labels = names.flatMap((name, label): LabelCheck[] => {
    const mine = cells.filter((i) => codes[i] === label);
    if (mine.length === 0) return [];
    const recall = share(mine, (i) => isRight(i) && !isUnknown(features.present, i));
    return [{name, cells: mine.length, recall, unknownIfMissing: share(mine, (i) => isUnknown(features.missing, i))}];
  });
  const recalls = names.flatMap((_, label) => {
    const mine = told.filter((i) => codes[i] === label);
    return mine.length === 0 ? [] : [share(mine, isRight)];
  });
  const bins = reliability(
    told.map((i) => logisticProbability(right, features.present, i * width)),
    told.map((i) => (isRight(i) ? 1 : 0))
  );
  return {
    cells: cells.length,
    unknown: 1 - told.length / cells.length,
    accuracy: share(told, isRight),
    macroRecall: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
    calibrationError: calibrationError(bins),
    reliability: bins,
    labels
  };
}

function tooFew({name}: Reference, cells: number): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "too-few-cells",
    fault: `${name} has ${cells} labeled cells, too few to find out when a label can be trusted`,
    remedy: `use a reference with at least ${fewestCells} cells of two or more labels`
  });
}
