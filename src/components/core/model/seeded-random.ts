/**
 * Uniform random numbers in [0, 1) with 32 random bits each, the same for the same seed everywhere: a Weyl sequence
 * through a 32-bit finaliser (the mixing of MurmurHash3). For made-up weights and sentences; sampling of cells uses
 * numpy's generator.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}
