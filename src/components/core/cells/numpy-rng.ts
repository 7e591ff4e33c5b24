import {fillDoubles} from "./fill-doubles.js";
import {highProduct} from "./high-product.js";
import {seedSequence} from "./seed-sequence.js";

/** The multiplier 2549297995355413924 * 2^64 + 4865540595714422341 as 32-bit limbs, lowest first. */
const m0 = 0x9fccf645;
const m1 = 0x4385df64;
const m2 = 0x1fc65da4;
const m3 = 0x2360ed05;
const twoTo32 = 4294967296;
const perTwoTo32 = 1 / twoTo32;
const perTwoTo53 = 1 / 9007199254740992;

/** The part of a generator that sampling and sentences use, in numpy's names and order of draws. */
export interface RandomSource {
  /** A double in [0, 1): 53 random bits. */
  double(): number;
  /** Fills `out` with doubles in [0, 1), in order. */
  fillDoubles(out: Float64Array): Float64Array;
  /** Shuffles in place. */
  shuffle(values: Int32Array): void;
}

/**
 * numpy's `default_rng(seed)`, bit for bit: PCG64 (XSL-RR 128/64) seeded through SeedSequence, with the doubles, the
 * buffered 32-bit halves and the shuffle that numpy makes of it. Checked against numpy's published PCG64 test sets and
 * against numpy itself (tests/core/cells).
 *
 * The 128-bit state lives in four 32-bit limbs; arithmetic is in doubles and Math.imul, since BigInt costs about
 * fifty times as much. A cell's 1,024 doubles come from WebAssembly's 64-bit numbers, where there are any, nine times as fast (`fillDoubles`).
 */
export class NumpyGenerator implements RandomSource {
  /** State, then increment, each as four 32-bit limbs, lowest first. */
  readonly #limbs = new Uint32Array(8);
  /** The last 64-bit output: low half, high half. */
  readonly #output = new Uint32Array(2);
  #hasHalf = false;
  #half = 0;

  /** Seeds as `default_rng(seed)` does; throws a WorkbookError for a seed that numpy would not take or that is not exact. */
  constructor(seed: number | bigint) {
    const {state} = seedSequence(seed);
    const limbs = this.#limbs;
    const sequence = [state[6], state[7], state[4], state[5]];
    for (let i = 0; i < 4; ++i) {
      limbs[4 + i] = (sequence[i] << 1) | (i === 0 ? 1 : sequence[i - 1] >>> 31);
    }
    step(limbs);
    add(limbs, [state[2], state[3], state[0], state[1]]);
    step(limbs);
  }

  /** The 128-bit state and increment as numpy reports them in `bit_generator.state`; for tests and for teaching. */
  get state(): {state: bigint; increment: bigint} {
    const whole = (from: number): bigint =>
      this.#limbs.subarray(from, from + 4).reduceRight((sum, limb) => (sum << 32n) | BigInt(limb), 0n);
    return {state: whole(0), increment: whole(4)};
  }

  /** The next 64 random bits as [high half, low half], each an unsigned 32-bit number. */
  uint64(): [high: number, low: number] {
    this.#advance();
    return [this.#output[1], this.#output[0]];
  }

  /** The next 32 random bits, unsigned: the low half of a 64-bit output, then its high half, kept for the next call. */
  uint32(): number {
    if (this.#hasHalf) {
      this.#hasHalf = false;
      return this.#half;
    }
    this.#advance();
    this.#half = this.#output[1];
    this.#hasHalf = true;
    return this.#output[0];
  }

  /** A double in [0, 1), the top 53 of 64 random bits; leaves a buffered half where it is, as numpy does. */
  double(): number {
    this.#advance();
    return (this.#output[1] * 2097152 + (this.#output[0] >>> 11)) * perTwoTo53;
  }

  /** `random(out.length)`: fills `out` with doubles in [0, 1) and returns it. */
  fillDoubles(out: Float64Array): Float64Array {
    if (!fillDoubles(this.#limbs, out)) for (let i = 0; i < out.length; ++i) out[i] = this.double();
    return out;
  }

  /** A whole number from 0 to `max` (below 2^32), both included: masked rejection, as numpy's shuffle draws it. */
  interval(max: number): number {
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    let value: number;
    do value = (this.uint32() & mask) >>> 0;
    while (value > max);
    return value;
  }

  /** `shuffle(values)` of a one-dimensional integer array, in place. */
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; --i) {
      const j = this.interval(i);
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  /** One step, then the XSL-RR output: the xor of both halves of the state, rotated right by its top six bits. */
  #advance(): void {
    const limbs = this.#limbs;
    step(limbs);
    let high = limbs[3] ^ limbs[1];
    let low = limbs[2] ^ limbs[0];
    const rotation = limbs[3] >>> 26;
    if (rotation & 32) {
      const kept = high;
      high = low;
      low = kept;
    }
    const shift = rotation & 31;
    if (shift === 0) {
      this.#output[0] = low;
      this.#output[1] = high;
    } else {
      this.#output[0] = (low >>> shift) | (high << (32 - shift));
      this.#output[1] = (high >>> shift) | (low << (32 - shift));
    }
  }
}

/** state = state * multiplier + increment, modulo 2^128. Column sums stay below 2^36, so doubles hold them exactly. */
function step(limbs: Uint32Array): void {
  const s0 = limbs[0];
  const s1 = limbs[1];
  const s2 = limbs[2];
  const s3 = limbs[3];
  const low00 = Math.imul(s0, m0) >>> 0;
  const low01 = Math.imul(s0, m1) >>> 0;
  const low10 = Math.imul(s1, m0) >>> 0;
  const low02 = Math.imul(s0, m2) >>> 0;
  const low11 = Math.imul(s1, m1) >>> 0;
  const low20 = Math.imul(s2, m0) >>> 0;
  const column0 = low00 + limbs[4];
  const r0 = column0 >>> 0;
  const column1 = highProduct(s0, m0, low00) + low01 + low10 + limbs[5] + (column0 - r0) * perTwoTo32;
  const r1 = column1 >>> 0;
  const column2 =
    highProduct(s0, m1, low01) +
    highProduct(s1, m0, low10) +
    low02 +
    low11 +
    low20 +
    limbs[6] +
    (column1 - r1) * perTwoTo32;
  const r2 = column2 >>> 0;
  const column3 =
    highProduct(s0, m2, low02) +
    highProduct(s1, m1, low11) +
    highProduct(s2, m0, low20) +
    (Math.imul(s0, m3) >>> 0) +
    (Math.imul(s1, m2) >>> 0) +
    (Math.imul(s2, m1) >>> 0) +
    (Math.imul(s3, m0) >>> 0) +
    limbs[7] +
    (column2 - r2) * perTwoTo32;
  limbs[0] = r0;
  limbs[1] = r1;
  limbs[2] = r2;
  limbs[3] = column3 >>> 0;
}

/** state = state + addend, modulo 2^128. */
function add(limbs: Uint32Array, addend: number[]): void {
  let carry = 0;
  for (let i = 0; i < 4; ++i) {
    const sum = limbs[i] + addend[i] + carry;
    limbs[i] = sum >>> 0;
    carry = sum >= twoTo32 ? 1 : 0;
  }
}
