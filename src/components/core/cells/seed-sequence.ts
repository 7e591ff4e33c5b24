import {WorkbookError} from "../errors.js";

const initA = 0x43b0d7e5;
const multiplierA = 0x931e8875;
const initB = 0x8b51f9dd;
const multiplierB = 0x58f38ded;
const mixLeft = 0xca01f9dd;
const mixRight = 0x4973f715;

/**
 * numpy's SeedSequence(seed): stretches a seed into eight well-mixed 32-bit words, what `default_rng(seed)` starts its
 * generator with. `pool` is the mixed entropy (four words), `state` the eight words of `generate_state(4, uint64)`,
 * low half of each 64-bit word first. Seeds are whole numbers from 0 to 2^53 - 1, or any non-negative bigint.
 *
 * Method: O'Neill's seed_seq_fe, as numpy has it (numpy.random.SeedSequence). Throws a WorkbookError for a negative,
 * fractional or too large seed.
 */
export function seedSequence(seed: number | bigint): {pool: Uint32Array; state: Uint32Array} {
  const entropy = seedDigits(seed);
  const pool = new Uint32Array(4);
  let hash = initA;
  const hashmix = (value: number): number => {
    const mixed = value ^ hash;
    hash = Math.imul(hash, multiplierA);
    return foldHigh(Math.imul(mixed, hash));
  };
  for (let i = 0; i < 4; ++i) pool[i] = hashmix(entropy[i] ?? 0);
  for (let source = 0; source < 4; ++source) {
    for (let target = 0; target < 4; ++target) {
      if (source !== target) pool[target] = mix(pool[target], hashmix(pool[source]));
    }
  }
  for (const digit of entropy.slice(4)) {
    for (let target = 0; target < 4; ++target) pool[target] = mix(pool[target], hashmix(digit));
  }
  return {pool, state: generateState(pool)};
}

function generateState(pool: Uint32Array): Uint32Array {
  const state = new Uint32Array(8);
  let hash = initB;
  for (let i = 0; i < 8; ++i) {
    const mixed = pool[i % 4] ^ hash;
    hash = Math.imul(hash, multiplierB);
    state[i] = foldHigh(Math.imul(mixed, hash));
  }
  return state;
}

function mix(x: number, y: number): number {
  return foldHigh(Math.imul(mixLeft, x) - Math.imul(mixRight, y));
}

function foldHigh(value: number): number {
  return (value ^ (value >>> 16)) >>> 0;
}

/** Base-2^32 digits of the seed, lowest first; 0 has the one digit 0. */
function seedDigits(seed: number | bigint): number[] {
  const valid = typeof seed === "bigint" ? seed >= 0n : Number.isSafeInteger(seed) && seed >= 0;
  if (!valid) {
    throw new WorkbookError({
      domain: "cells",
      code: "bad-seed",
      fault: `the sampling seed is ${seed}, which is not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
      remedy: "give a whole number that is not negative"
    });
  }
  const digits: number[] = [];
  let rest = BigInt(seed);
  do {
    digits.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return digits;
}
