/** How many numbers are in both lists, each of which holds a number once. */
export function sharedCells(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const known = new Set(Array.from(a));
  let shared = 0;
  for (let i = 0; i < b.length; i += 1) if (known.has(b[i])) shared += 1;
  return shared;
}
