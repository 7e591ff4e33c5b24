import {type Code, vectorsOf, wasm, type WasmFunction} from "./assemble.js";

const {get, set, add, constant, load, store, zeros, repeat, number} = wasm;
const {splat, plus, times, fused} = vectorsOf("float64");

/** Numbers that stand side by side in what sparse rows are multiplied with: two vectors of float64. */
export const sparseLanes = 4;

/**
 * Two functions of one sparse row in float64. Its entries lie as an even number of values (8 bytes) and, elsewhere, as many places (4 bytes): 32 times the
 * column, so that they are offsets into columns x 4 numbers.
 *
 * - `rowSums(places, values, endValues, block, out)` writes the row's products with the 4 columns of `block` to `out`.
 * - `addRow(places, values, endValues, out, row)` adds each value times the 4 numbers at `row` to its place in `out`.
 *
 * `isFused`: multiply and add in one instruction (relaxed SIMD).
 */
export function sparseFunctions(isFused: boolean): WasmFunction[] {
  const [places, values, endValues, matrix, other, at] = [0, 1, 2, 3, 4, 5];
  const factor = 6;
  const sums = [7, 8, 9, 10];
  const addProduct = (to: Code, a: Code, b: Code): Code => (isFused ? fused(a, b, to) : plus(to, times(a, b)));
  /** For both of two entries: the value in all lanes of `factor`, its place's address in `at`, then what `make` does with them. */
  const pairs = (make: (entry: number) => Code): Code => [
    ...repeat(values, 16, get(endValues), [
      ...[0, 1].flatMap((entry) => [
        ...set(at, add(get(matrix), number(get(places), 4 * entry))),
        ...set(factor, splat(get(values), 8 * entry)),
        ...make(entry)
      ]),
      ...set(places, add(get(places), constant(8)))
    ])
  ];
  const halves = [0, 1];
  // Each entry of a pair has sums of its own: one addition need not wait for the other.
  const rowSums: Code = [
    ...sums.flatMap((sum) => set(sum, zeros())),
    ...pairs((entry) =>
      halves.flatMap((half) => {
        const sum = sums[2 * entry + half];
        return set(sum, addProduct(get(sum), get(factor), load(get(at), 16 * half)));
      })
    ),
    ...halves.flatMap((half) => store(get(other), 16 * half, plus(get(sums[half]), get(sums[2 + half]))))
  ];
  const addRow: Code = [
    ...halves.flatMap((half) => set(sums[half], load(get(other), 16 * half))),
    ...pairs(() =>
      halves.flatMap((half) =>
        store(get(at), 16 * half, addProduct(load(get(at), 16 * half), get(factor), get(sums[half])))
      )
    )
  ];
  const shape = {parameters: 5, numbers: 1, vectors: 5};
  return [
    {name: "rowSums", ...shape, body: rowSums},
    {name: "addRow", ...shape, body: addRow}
  ];
}
