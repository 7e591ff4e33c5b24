/** Half the width of a normal distribution's middle 95 %. */
const z95 = 1.959963984540054;

/**
 * The 95 % interval of a share, `right` of `count` cells: Wilson's (J. Am. Stat. Assoc. 22, 1927), which stays within 0 to 1 and is honest for few cells and for shares of 0 and 1. [0, 1] for
 * no cells.
 */
export function wilsonInterval(right: number, count: number): [low: number, high: number] {
  if (!(count > 0)) return [0, 1];
  const share = right / count;
  const square = z95 ** 2 / count;
  const middle = (share + square / 2) / (1 + square);
  const half = (z95 / (1 + square)) * Math.sqrt((share * (1 - share)) / count + square / (4 * count));
  return [right === 0 ? 0 : middle - half, right === count ? 1 : middle + half];
}
