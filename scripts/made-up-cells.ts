import {createRandom} from "../src/components/core/random.js";

/** Vectors of so many cells of 20 types, row-major, seeded: each type's middle, variation along 15 shared directions, and noise in every dimension. */
export function madeUpCells(count: number, width: number): Float32Array {
  const {normal, next} = createRandom(count);
  const numbers = (size: number): Float64Array => Float64Array.from({length: size}, normal);
  const middles = Array.from({length: 20}, () => numbers(width));
  const directions = Array.from({length: 15}, () => numbers(width));
  const cells = new Float32Array(count * width);
  for (let cell = 0; cell < count; cell += 1) {
    const middle = middles[Math.floor(next() * middles.length)];
    const along = directions.map(() => 0.4 * normal());
    for (let i = 0; i < width; i += 1) {
      let value = middle[i] + 0.3 * normal();
      for (let d = 0; d < along.length; d += 1) value += along[d] * directions[d][i];
      cells[cell * width + i] = value;
    }
  }
  return cells;
}
