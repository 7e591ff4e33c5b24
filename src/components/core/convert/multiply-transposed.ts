import {WorkbookError} from "../errors.js";
import {assemble} from "../wasm/assemble.js";
import {panelColumns, productFunction} from "../wasm/product-function.js";

/** Multiplies rows (rows x inner, row-major) with the prepared matrix: rows x columns. */
export type TransposedProduct = (a: Float64Array, rows: number) => Float64Array;

/** Terms of a sum that are added up before they join the product; their numbers of all rows and columns lie in a processor's cache. */
const slice = 512;
const page = 65_536;
const panel = panelColumns("float64");

/**
 * Prepares b (columns x inner, row-major) for products a bT, in float64 and WebAssembly's 128-bit units. Terms are multiplied and added one after
 * the other and rounded each time, so a result is the same number whatever rows and columns stand beside it, and on every machine.
 * Products throw a WorkbookError of domain "model" if there is no memory for their rows.
 */
export function multiplyTransposed(b: ArrayLike<number>, columns: number, inner: number): TransposedProduct {
  const slices = Math.ceil(inner / slice);
  const depth = slices === 1 ? inner : slice;
  const width = Math.ceil(columns / panel) * panel;
  const memory = new WebAssembly.Memory({initial: pages(8 * slices * depth * width)});
  const shape = {type: "float64", depth, chunk: depth, strideA: depth, strideC: width, fused: false} as const;
  const module = new WebAssembly.Module(assemble([productFunction("product", shape)]));
  const {exports} = new WebAssembly.Instance(module, {env: {memory}});
  const product = exports.product as (a: number, b: number, c: number, endA: number, endB: number) => void;
  const panels = new Float64Array(memory.buffer);
  for (let column = 0; column < columns; column += 1) {
    const first = Math.floor(column / panel) * panel * depth + (column % panel);
    for (let k = 0; k < inner; k += 1) {
      panels[Math.floor(k / depth) * depth * width + first + (k % depth) * panel] = b[column * inner + k];
    }
  }
  const bytesB = 8 * depth * width;
  return (a, rows) => {
    const height = Math.ceil(rows / 4) * 4;
    const bytesA = 8 * height * depth;
    const [atA, atC] = [slices * bytesB, slices * bytesB + bytesA];
    grow(memory, atC + 8 * height * width, rows);
    const numbers = new Float64Array(memory.buffer);
    const [left, sums] = [numbers.subarray(atA / 8, atC / 8), numbers.subarray(atC / 8, atC / 8 + height * width)];
    sums.fill(0);
    for (let s = 0; s < slices; s += 1) {
      left.fill(0);
      for (let row = 0; row < rows; row += 1) {
        const from = row * inner + s * depth;
        left.set(a.subarray(from, Math.min(from + depth, (row + 1) * inner)), row * depth);
      }
      product(atA, s * bytesB, atC, atA + bytesA, (s + 1) * bytesB);
    }
    const result = new Float64Array(rows * columns);
    for (let row = 0; row < rows; row += 1) {
      result.set(sums.subarray(row * width, row * width + columns), row * columns);
    }
    return result;
  };
}

const pages = (bytes: number): number => Math.ceil(bytes / page);

function grow(memory: WebAssembly.Memory, bytes: number, rows: number): void {
  const missing = pages(bytes) - memory.buffer.byteLength / page;
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    const fault = `There is no memory to fold ${rows.toLocaleString("en-US")} rows at a time`;
    throw new WorkbookError(
      {domain: "model", code: "out-of-memory", fault, remedy: "close other programs and try again"},
      {cause}
    );
  }
}
