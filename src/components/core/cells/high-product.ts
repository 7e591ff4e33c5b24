const perTwoTo32 = 1 / 4294967296;

/**
 * High 32 bits of the 64-bit product of two unsigned 32-bit numbers, given its low 32 bits. The double product is off by at
 * most 2^10; what is left after taking the low half away is a multiple of 2^32 to within 2^11, so rounding the quotient
 * gives it exactly, where truncating the product itself would not.
 */
export function highProduct(a: number, b: number, low: number): number {
  return Math.round((a * b - low) * perTwoTo32);
}
