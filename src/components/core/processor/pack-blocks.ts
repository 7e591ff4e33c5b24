import type {WeightBlocks} from "../model/stored-weights.js";
import {widenToFloat32} from "../model/widen.js";
import {blockInputs, offset, panelBlock} from "./block-form.js";
import type {MatrixSite} from "./processor-layout.js";

/** Writes a matrix that lies in blocks (4 bits become 8) to its place in memory, block by block of a panel (`panelBlock`). Empty columns are left as they are: zeros of fresh memory. */
export function packBlocks(
  {bits, length, inputs, values, scales}: WeightBlocks,
  site: MatrixSite,
  buffer: ArrayBufferLike
): void {
  const bytes = new Int8Array(buffer);
  const starts = new Int32Array(buffer);
  const floats = new Float32Array(buffer);
  const wide = widenToFloat32(scales, "F16")!;
  const blocks = inputs / blockInputs;
  const zero = 2 ** (bits - 1);
  for (let j = 0; j < site.outputs; ++j) {
    const column = Math.floor(j / site.group) * site.groupColumns + (j % site.group);
    const lane = column & 7;
    const panel = site.at + (column >> 3) * blocks * panelBlock.bytes;
    for (let block = 0; block < blocks; ++block) {
      const to = panel + block * panelBlock.bytes;
      const from = j * inputs + block * blockInputs;
      let sum = 0;
      for (let i = 0; i < blockInputs; ++i) {
        const at = from + i;
        const stored = bits === 8 ? values[at] : (values[at >> 1] >> (4 * (at & 1))) & 15;
        const value = stored - zero;
        sum += value;
        bytes[to + (i >> 2) * 32 + 4 * lane + (i & 3)] = value;
      }
      starts[(to + panelBlock.start) / 4 + lane] = (-offset / 128) * sum;
      floats[(to + panelBlock.scale) / 4 + lane] = wide[Math.floor(from / length)];
    }
  }
}
