import {WorkbookError} from "../errors.js";

/**
 * Area under the ROC curve: the share of pairs (one positive item, one other) in which the positive one has the higher
 * score, ties counted half (the Mann-Whitney statistic; Hanley and McNeil, Radiology 143:29, 1982). 0.5 is guessing, 1 a
 * perfect order; NaN where all items are positive or none is. `positive` is true or not 0 for positive items. Throws a
 * WorkbookError of domain "space" if lengths differ or a score is NaN.
 */
export function areaUnderRoc(scores: ArrayLike<number>, positive: ArrayLike<number | boolean>): number {
  const n = scores.length;
  if (positive.length !== n) throw refused(`${n} scores are given for ${positive.length} items`);
  const order = Uint32Array.from({length: n}, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let positives = 0;
  let rankSum = 0;
  for (let from = 0; from < n;) {
    const score = scores[order[from]];
    if (Number.isNaN(score)) throw refused(`the score of item ${order[from]} is no number`);
    let to = from;
    let hits = 0;
    for (; to < n && scores[order[to]] === score; ++to) if (positive[order[to]]) ++hits;
    // Ranks count from 1; tied items share their mean rank.
    rankSum += hits * ((from + 1 + to) / 2);
    positives += hits;
    from = to;
  }
  const others = n - positives;
  if (positives === 0 || others === 0) return NaN;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * others);
}

function refused(fault: string): WorkbookError {
  return new WorkbookError({domain: "space", code: "bad-scores", fault, remedy: "give one score for every item"});
}
