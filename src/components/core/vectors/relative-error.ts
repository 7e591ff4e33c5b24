import {WorkbookError} from "../errors.js";

/**
 * Relative error of embeddings against the spread between cells (docs/model.md, "Fidelity"):
 * e = rms_i |ours_i - reference_i| / rms_i |reference_i - mean(reference)|, over n cells of d numbers, row-major.
 * 0 is equal; another cell's embedding gives about 1.3. Needs at least two different reference cells; NaN or infinity
 * in either gives Infinity, so that a broken vector never passes.
 */
export function relativeError(ours: ArrayLike<number>, reference: ArrayLike<number>, n: number, d: number): number {
  if (n < 2 || ours.length !== n * d || reference.length !== n * d) {
    throw new WorkbookError({
      domain: "encoder",
      code: "bad-comparison",
      fault: `${ours.length} and ${reference.length} numbers are given for ${n} cells of ${d}`,
      remedy: "compare the same two or more cells"
    });
  }
  const mean = new Float64Array(d);
  for (let i = 0; i < n * d; ++i) mean[i % d] += reference[i] / n;
  let error = 0;
  let spread = 0;
  for (let i = 0; i < n * d; ++i) {
    error += (ours[i] - reference[i]) ** 2;
    spread += (reference[i] - mean[i % d]) ** 2;
  }
  const e = Math.sqrt(error / spread);
  return Number.isFinite(e) ? e : Infinity;
}
