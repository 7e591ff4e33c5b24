import {WorkbookError} from "../errors.js";

/** A ROC curve: shares of the other items and of the positive ones at or above each threshold, from (0, 0) to (1, 1). */
export interface RocCurve {
  falsePositiveRate: Float32Array;
  truePositiveRate: Float32Array;
}

/**
 * The ROC curve of scores (higher is more positive), tied items in one step. At most `points` + 1 points about evenly spaced
 * along the curve, enough to draw; `areaUnderRoc` gives the area from all items. Empty where all items are positive or none
 * is. Throws a WorkbookError of domain "space" if lengths differ.
 */
export function rocCurve(scores: ArrayLike<number>, positive: ArrayLike<number | boolean>, points = 200): RocCurve {
  const n = scores.length;
  if (positive.length !== n) {
    const fault = `${n} scores are given for ${positive.length} items`;
    throw new WorkbookError({domain: "space", code: "bad-scores", fault, remedy: "give one score for every item"});
  }
  const order = Uint32Array.from({length: n}, (_, i) => i).sort((a, b) => scores[b] - scores[a]);
  let positives = 0;
  for (let i = 0; i < n; ++i) if (positive[i]) ++positives;
  const others = n - positives;
  if (positives === 0 || others === 0)
    return {falsePositiveRate: new Float32Array(0), truePositiveRate: new Float32Array(0)};
  const x = [0];
  const y = [0];
  let [hits, misses] = [0, 0];
  for (let i = 0; i < n; ++i) {
    if (positive[order[i]]) ++hits;
    else ++misses;
    if (i + 1 < n && scores[order[i + 1]] === scores[order[i]]) continue;
    const [right, up] = [misses / others, hits / positives];
    if (i + 1 < n && right - x[x.length - 1] + up - y[y.length - 1] < 2 / points) continue;
    x.push(right);
    y.push(up);
  }
  return {falsePositiveRate: Float32Array.from(x), truePositiveRate: Float32Array.from(y)};
}
