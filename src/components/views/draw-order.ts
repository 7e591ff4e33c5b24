import {createRandom} from "../core/random.js";

/**
 * A fixed random order of n points (Fisher-Yates), so that no group lies on top only because it stands later in the file. The same
 * n and seed give the same order.
 */
export function drawOrder(n: number, seed = 1): Uint32Array {
  const order = Uint32Array.from({length: n}, (_, i) => i);
  const random = createRandom(seed);
  for (let i = n - 1; i > 0; --i) {
    const j = Math.floor(random.next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
