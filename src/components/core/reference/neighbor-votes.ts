import type {Neighbors} from "../vectors/neighbors.js";

/** What each cell's neighbors say; arrays have a value a cell. */
export interface NeighborVotes {
  /** The label with most votes; of equally many the one whose nearest voter is nearest. -1 where a cell has no neighbor. */
  codes: Int32Array;
  /** Its share of the votes, 0 to 1. */
  shares: Float64Array;
  /** Mean cosine distance to the neighbors, 0 to 2. */
  distances: Float64Array;
}

/** Counts votes of neighbors: `codes` are the labels of the cells that `neighbors` names, all from 0. */
export function neighborVotes({count, k, indices, distances}: Neighbors, codes: Int32Array): NeighborVotes {
  const votes: NeighborVotes = {
    codes: new Int32Array(count).fill(-1),
    shares: new Float64Array(count),
    distances: new Float64Array(count)
  };
  for (let cell = 0; cell < count; cell += 1) {
    const counts = new Map<number, number>();
    let voters = 0;
    for (let at = cell * k; at < (cell + 1) * k && indices[at] >= 0; at += 1, voters += 1) {
      const code = codes[indices[at]];
      counts.set(code, (counts.get(code) ?? 0) + 1);
      votes.distances[cell] += distances[at];
    }
    // A map keeps the order in which labels came, nearest first, so the first of equal counts is the nearer.
    for (const [code, count] of counts) {
      if (count / voters <= votes.shares[cell]) continue;
      votes.codes[cell] = code;
      votes.shares[cell] = count / voters;
    }
    if (voters > 0) votes.distances[cell] /= voters;
  }
  return votes;
}
