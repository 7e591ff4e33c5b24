import type {MatrixChoice} from "./choose-matrix.js";

/**
 * The way to counts of a file in which no matrix holds them: the option that recovers them where that was found possible; never one
 * that takes logarithms for counts. One imperative sentence without a full stop.
 */
export function noCountsRemedy({candidates, recoverable}: Pick<MatrixChoice, "candidates" | "recoverable">): string {
  if (candidates.length === 0) return "write the counts into X, or open the file that they are in";
  if (recoverable !== null) {
    const {name, of, why} = recoverable;
    return `take the counts recovered from ${of} with --matrix ${name} (on the page: Use these counts, in the Load chapter); ${why}`;
  }
  const seen = candidates.flatMap(({evidence}) => (evidence === null ? [] : [evidence.verdict]));
  if (seen.length === 0) return candidates[0].faultRemedy ?? "write the file again with anndata's write_h5ad";
  const put = "put raw counts into X, raw/X or a layer";
  return seen.every((verdict) => verdict === "invalid") ? `${put}, or name the matrix to use all the same` : put;
}
