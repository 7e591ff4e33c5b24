/** Uniform and normal random numbers from a seed. */
export interface SeededRandom {
  /** Uniform in [0, 1), 32 bits of it random. */
  next(): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * The generator of layouts, starts and samples of rows: sfc32 (C. Doty-Humphrey, PractRand), period at least 2^32 and
 * 2^127 on average, seeded through splitmix32. Not the generator of the sentences, which is numpy's. Any finite seed;
 * its fraction is dropped.
 */
export function createRandom(seed: number): SeededRandom {
  let mixed = Math.trunc(seed) >>> 0;
  const mix = () => {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let z = mixed ^ (mixed >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  let a = mix();
  let b = mix() ^ Math.trunc(seed / 2 ** 32);
  let c = mix();
  let counter = 1;
  let spare: number | undefined;

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  for (let i = 0; i < 12; i += 1) next();

  return {
    next,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    }
  };
}
