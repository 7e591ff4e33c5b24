import type {Neighbors} from "../vectors/neighbors.js";

/**
 * Local inverse Simpson's index of each cell (Korsunsky and others 2019, Nat. Methods 16): the effective number of groups among its neighbors, which are weighted by
 * exp(-beta distance) with beta such that the weights' perplexity is `perplexity`. 1 (one group alone) to the number of groups. `codes` are the groups of
 * the cells that `neighbors` names, from 0. NaN for a cell without neighbors.
 */
export function lisi(
  {count, k, indices, distances}: Neighbors,
  codes: Int32Array,
  groups: number,
  perplexity: number
): Float64Array {
  const found = new Float64Array(count).fill(NaN);
  const shares = new Float64Array(groups);
  for (let cell = 0; cell < count; cell += 1) {
    let size = 0;
    while (size < k && indices[cell * k + size] >= 0) size += 1;
    if (size === 0) continue;
    const mine = distances.subarray(cell * k, cell * k + size);
    const weights = weightsOf(mine, Math.min(perplexity, size));
    shares.fill(0);
    weights.forEach((weight, j) => (shares[codes[indices[cell * k + j]]] += weight));
    found[cell] = 1 / shares.reduce((sum, share) => sum + share ** 2, 0);
  }
  return found;
}

/** Weights of neighbors, which add up to 1 and have this perplexity; equal ones where no beta gives it. */
function weightsOf(distances: Float64Array, perplexity: number): Float64Array {
  const nearest = distances[0];
  const spread = distances[distances.length - 1] - nearest;
  const target = Math.log(perplexity);
  const at = (beta: number) => {
    const weights = distances.map((distance) => Math.exp(-beta * (distance - nearest)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    let entropy = 0;
    for (let j = 0; j < weights.length; j += 1) {
      weights[j] /= sum;
      if (weights[j] > 0) entropy -= weights[j] * Math.log(weights[j]);
    }
    return {weights, entropy};
  };
  if (!(spread > 0) || perplexity >= distances.length) return at(0).weights;
  let [low, high] = [0, 1 / spread];
  while (at(high).entropy > target && high < 1e300) [low, high] = [high, high * 2];
  for (let round = 0; round < 200 && high - low > 1e-15 * high; round += 1) {
    const middle = (low + high) / 2;
    if (at(middle).entropy > target) low = middle;
    else high = middle;
  }
  return at(high).weights;
}
