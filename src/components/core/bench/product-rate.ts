import {assemble} from "../wasm/assemble.js";
import {productFunction} from "../wasm/product-function.js";

/** Rows, columns and length of the sums. */
const size = 192;

/**
 * Multiplications and additions a second that one thread of this processor does in a product of float32 matrices in WebAssembly, measured for about
 * `budget` milliseconds (30). `now` is a clock in milliseconds.
 */
export function productRate({budget = 30, now = () => performance.now()} = {}): number {
  const bytes = 4 * size * size;
  const memory = new WebAssembly.Memory({initial: Math.ceil((3 * bytes) / 65_536)});
  const shape = {type: "float32", depth: size, chunk: size, strideA: size, strideC: size, fused: false} as const;
  const module = new WebAssembly.Module(assemble([productFunction("product", shape)]));
  const {exports} = new WebAssembly.Instance(module, {env: {memory}});
  const product = exports.product as (a: number, b: number, c: number, endA: number, endB: number) => void;
  new Float32Array(memory.buffer, 0, 2 * size * size).fill(1e-3);
  const once = (): void => product(0, bytes, 2 * bytes, bytes, 2 * bytes);
  once();
  const begun = now();
  let calls = 0;
  do {
    once();
    calls += 1;
  } while (now() - begun < budget);
  return (calls * 2 * size ** 3 * 1000) / (now() - begun);
}
