import {cosineWith} from "../vectors/cosine-with.js";
import {relativeError} from "../vectors/relative-error.js";
import {labelAgreement} from "../space/label-agreement.js";
import {vectorSpread} from "../space/vector-spread.js";

/** How well one set of vectors tells the labels of its cells. */
export interface SetScores {
  /** Leave-one-out vote of the 5 nearest by cosine, with standard errors. */
  accuracy: number;
  accuracyError: number;
  macroRecall: number;
  macroRecallError: number;
  /** Mean cosine of all pairs of cells: near 1 in a collapsed model. */
  meanCosine: number;
}

/** Two sets of vectors of the same cells. */
export interface VectorComparison {
  cells: number;
  classes: number;
  /** Share of the largest class. */
  majority: number;
  whole: SetScores;
  broken: SetScores;
  /** Error of the broken vectors against the spread of the whole ones (docs/model.md, "Fidelity"). */
  relativeError: number;
  /** The same for vectors that belong to another cell: as wrong as can be. */
  otherCell: number;
  /** Mean cosine of each cell's two vectors. */
  cosine: number;
}

/**
 * Compares `broken` with `whole` (both row-major, `width` wide, the same cells in the same order; `labels` a class a cell).
 * Throws what `labelAgreement` throws.
 */
export async function compareVectors(
  whole: Float32Array,
  broken: Float32Array,
  width: number,
  labels: Int32Array,
  classes: number,
  signal?: AbortSignal
): Promise<VectorComparison> {
  const scoresOf = async (vectors: Float32Array) => {
    const {accuracy, accuracyError, macroRecall, macroRecallError, majority} = await labelAgreement(
      vectors,
      width,
      labels,
      classes,
      {signal}
    );
    const {meanCosine: cosine} = vectorSpread(vectors, width);
    return {majority, scores: {accuracy, accuracyError, macroRecall, macroRecallError, meanCosine: cosine}};
  };
  const cells = labels.length;
  const next = Float32Array.from(whole, (_, i) => whole[(i + width) % whole.length]);
  const [first, second] = [await scoresOf(whole), await scoresOf(broken)];
  return {
    cells,
    classes,
    majority: first.majority,
    whole: first.scores,
    broken: second.scores,
    relativeError: relativeError(broken, whole, cells, width),
    otherCell: relativeError(next, whole, cells, width),
    cosine: meanCosine(whole, broken, width)
  };
}

function meanCosine(a: Float32Array, b: Float32Array, width: number): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += width)
    sum += cosineWith(a.subarray(at, at + width))(b.subarray(at, at + width));
  return sum / (a.length / width);
}
