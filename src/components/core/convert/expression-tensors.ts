import type {BlockNames, CheckpointSizes} from "./checkpoint-layout.js";
import {linearTensor, vectorTensor} from "./graph-tensors.js";
import type {GraphTensor} from "./graph-tensors.js";
import type {TensorFile} from "./tensor-file.js";

/**
 * Reads the expression head, block by block (`blocks`). Its first Linear is split into `cell.weight` and
 * `gene.weight`; block k has `linear.k.*`, and `norm.k.*` except for the last.
 */
export async function readExpressionTensors(
  file: TensorFile,
  blocks: readonly BlockNames[],
  {decoderWidths: widths, outputWidth, width}: CheckpointSizes,
  signal?: AbortSignal
): Promise<GraphTensor[]> {
  const tensors: GraphTensor[] = [];
  for (const [block, {linear, norm}] of blocks.entries()) {
    const [inputs, outputs] = [widths[block], widths[block + 1]];
    const weight = await file.read(`${linear}.weight`, [outputs, inputs], signal);
    if (block === 0) {
      const cell = columns(weight, outputs, inputs, 0, outputWidth);
      const gene = columns(weight, outputs, inputs, outputWidth, inputs);
      tensors.push(linearTensor("cell.weight", cell, outputs, outputWidth));
      tensors.push(linearTensor("gene.weight", gene, outputs, width));
    } else {
      tensors.push(linearTensor(`linear.${block}.weight`, weight, outputs, inputs));
    }
    tensors.push(vectorTensor(`linear.${block}.bias`, await file.read(`${linear}.bias`, [outputs], signal)));
    if (norm === null) continue;
    for (const part of ["weight", "bias"]) {
      const values = await file.read(`${norm}.${part}`, [outputs], signal);
      tensors.push(vectorTensor(`norm.${block}.${part}`, values));
    }
  }
  return tensors;
}

function columns(values: Float32Array, rows: number, width: number, from: number, to: number): Float32Array {
  const part = new Float32Array(rows * (to - from));
  for (let row = 0; row < rows; ++row)
    part.set(values.subarray(row * width + from, row * width + to), row * (to - from));
  return part;
}
