import {assemble} from "../wasm/assemble.js";
import {doublesFunction} from "../wasm/doubles-function.js";

/** Where doubles stand in the module's one page of memory, after state and increment, and how many there is room for. */
const firstDouble = 32;
const mostDoubles = (65536 - firstDouble) / 8;

interface Filler {
  limbs: Uint32Array;
  doubles: Float64Array;
  fill(state: number, out: number, end: number): void;
}

let filler: Filler | null | undefined;

/**
 * Fills `out` with numpy's doubles in [0, 1), in order, from a PCG64 generator whose 128-bit state and increment are `limbs` (four 32-bit limbs each, lowest
 * first), and leaves its state behind them. False, and nothing is done, where WebAssembly may not be compiled.
 */
export function fillDoubles(limbs: Uint32Array, out: Float64Array): boolean {
  filler ??= openFiller();
  if (filler === null) return false;
  filler.limbs.set(limbs);
  for (let from = 0; from < out.length; from += mostDoubles) {
    const count = Math.min(mostDoubles, out.length - from);
    filler.fill(0, firstDouble, firstDouble + 8 * count);
    out.set(filler.doubles.subarray(0, count), from);
  }
  limbs.set(filler.limbs.subarray(0, 4));
  return true;
}

function openFiller(): Filler | null {
  try {
    const memory = new WebAssembly.Memory({initial: 1});
    const module = new WebAssembly.Module(assemble([doublesFunction("fill")]));
    const {fill} = new WebAssembly.Instance(module, {env: {memory}}).exports as unknown as Filler;
    return {
      limbs: new Uint32Array(memory.buffer, 0, 8),
      doubles: new Float64Array(memory.buffer, firstDouble, mostDoubles),
      fill
    };
  } catch {
    return null;
  }
}
