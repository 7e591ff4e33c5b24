/**
 * A fixed random order of n points (Fisher-Yates over the mulberry32 generator), so that no group lies on top only
 * because it stands later in the file. The same n and seed give the same order.
 */
export function drawOrder(n: number, seed = 1): Uint32Array {
  const order = Uint32Array.from({length: n}, (_, i) => i);
  let state = seed >>> 0;
  for (let i = n - 1; i > 0; --i) {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    const j = Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
