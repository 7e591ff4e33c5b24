/** How many groups codes from 0 on name: one more than the highest of them, 0 where all are negative (-1: no group). */
export function groupsIn(codes: ArrayLike<number>): number {
  let most = -1;
  for (let i = 0; i < codes.length; i += 1) most = Math.max(most, codes[i]);
  return most + 1;
}
