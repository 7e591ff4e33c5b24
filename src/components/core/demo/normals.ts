import type {RandomSource} from "../cells/numpy-rng.js";

/** `n` draws of the standard normal distribution, by the Box-Muller transform of uniform doubles. */
export function normals(random: RandomSource, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.double()));
    const angle = 2 * Math.PI * random.double();
    out[i] = radius * Math.cos(angle);
    if (i + 1 < n) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}
