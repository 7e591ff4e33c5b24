import {logisticProbability} from "../statistics/logistic.js";
import {nearestInOther} from "../vectors/nearest-in-other.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {WorkOptions} from "../vectors/work.js";
import {labelFeatures, type LabelCalibration} from "./calibrate-labels.js";
import {neighborVotes} from "./neighbor-votes.js";
import type {Reference} from "./reference.js";
import {requireSameWidth} from "./require-same-model.js";

/** Labels of cells; arrays have a value a cell. */
export interface TransferredLabels {
  /** The label that the neighbors vote for, also where it is not to be trusted. */
  nearest: Int32Array;
  /** That label; -1 for unknown. */
  codes: Int32Array;
  /** Probability that the label is right, given that the reference has the cell's label, 0 to 1. */
  confidence: Float64Array;
  /** Probability that the reference has the cell's label, 0 to 1; below one half the cell is unknown. */
  known: Float64Array;
}

/**
 * Labels `vectors` (row-major, `width` wide) by the vote of their nearest labeled cells of the reference (cosine), as `calibrateLabels` found it to be trusted. Throws the
 * WorkbookError "other-width" (domain "space") if the reference's vectors are of another width, what `nearestInOther` throws, and the signal's reason.
 */
export async function transferLabels(
  vectors: Float32Array,
  width: number,
  reference: Reference,
  {k, usual, known, right}: LabelCalibration,
  work: WorkOptions = {}
): Promise<TransferredLabels> {
  requireSameWidth(width, reference);
  const labeled = Int32Array.from(reference.codes.keys()).filter((cell) => reference.codes[cell] >= 0);
  const among = pickVectors(reference.vectors, width, labeled);
  const neighbors = await nearestInOther(vectors, among, width, k, work);
  const votes = neighborVotes(
    neighbors,
    labeled.map((cell) => reference.codes[cell])
  );
  const features = labelFeatures(votes, usual);
  const each = (of: typeof known) => votes.shares.map((_, i) => logisticProbability(of, features, i * 2));
  const isKnown = each(known);
  return {
    nearest: votes.codes,
    codes: votes.codes.map((code, i) => (isKnown[i] < 0.5 ? -1 : code)),
    confidence: each(right),
    known: isKnown
  };
}
