import {assemble} from "../wasm/assemble.js";
import {panelBlock, rowBlock, blockInputs} from "./block-form.js";
import {blockFunction, splitBytes} from "./block-functions.js";
import {linearFunction} from "./linear-function.js";
import {rowStride} from "./row-stride.js";

/** A small product: rows x inputs x columns. */
const [rows, inputs, columns] = [32, 256, 64];
const stride = rowStride(columns);
/** Addresses of rows, matrix, bias and product. */
const [a, b, bias, c] = [0, 131_072, 262_144, 327_680];
/** Calls that are timed at a time, some milliseconds, and how often. */
const [calls, times] = [96, 6];

let known: boolean | undefined;

/**
 * True if this machine multiplies bytes by relaxed SIMD, makes no mistake in it (V8 11.3 does), and is faster so than with float32, by a sixth at least: processors without instructions for sums of byte
 * products are not. Measured once in a program, in some 20 ms.
 */
export function dotsPay(): boolean {
  return (known ??= measure());
}

function measure(): boolean {
  const dots = {...blockFunction(inputs, stride, true), name: "dots"};
  const exact = {...blockFunction(inputs, stride, false), name: "exact"};
  const float = {...linearFunction({strideA: rowStride(inputs), strideC: stride, start: "bias"}, true), name: "floats"};
  const code = assemble([dots, exact, float]);
  if (!WebAssembly.validate(code)) return false;
  const memory = new WebAssembly.Memory({initial: 8});
  const {exports} = new WebAssembly.Instance(new WebAssembly.Module(code), {env: {memory}});
  const row = splitBytes(inputs);
  const panel = (inputs / blockInputs) * panelBlock.bytes;
  const inBytes = [a, b, c, a + rows * row, b + (columns / 8) * panel, bias, 16, row];
  const inFloats = [a, b, c, a + 4 * rows * rowStride(inputs), b + 4 * inputs * columns, bias, 16, 4 * inputs];
  const run = (name: string): void =>
    (exports[name] as (...addresses: number[]) => void)(...(name === "floats" ? inFloats : inBytes));
  fill(memory.buffer, panel);
  const product = (name: string): Float32Array => {
    run(name);
    return new Float32Array(memory.buffer, c, rows * stride).slice();
  };
  const right = product("exact");
  if (product("dots").some((value, i) => value !== right[i])) return false;
  const least = {dots: Infinity, floats: Infinity};
  for (let i = 0; i < times; ++i) {
    for (const name of ["dots", "floats"] as const) {
      const start = performance.now();
      for (let call = 0; call < calls; ++call) run(name);
      least[name] = Math.min(least[name], performance.now() - start);
    }
  }
  return least.dots < (5 / 6) * least.floats;
}

/** All bytes that may stand there, and scales of 1. */
function fill(buffer: ArrayBuffer, panel: number): void {
  const bytes = new Uint8Array(buffer);
  const floats = new Float32Array(buffer);
  for (let i = 0; i < rows * splitBytes(inputs); ++i) bytes[a + i] = (i * 37 + (i >> 7)) & 127;
  for (let i = 0; i < (columns / 8) * panel; ++i) bytes[b + i] = (i * 91 + (i >> 8)) & 255;
  for (let at = a + rowBlock.scale; at < a + rows * splitBytes(inputs); at += rowBlock.bytes)
    floats.fill(1, at / 4, at / 4 + 4);
  for (let at = b; at < b + (columns / 8) * panel; at += panelBlock.bytes) {
    floats.fill(1, (at + panelBlock.scale) / 4, (at + panelBlock.bytes) / 4);
    floats.fill(0, (at + panelBlock.start) / 4, (at + panelBlock.scale) / 4);
  }
}
