import type {CheckpointConfig} from "./checkpoint-config.js";
import {linearTensor, vectorTensor} from "./graph-tensors.js";
import type {GraphTensor} from "./graph-tensors.js";
import type {Safetensors} from "./safetensors.js";

/**
 * Reads the expression head, or null where the checkpoint has none. Its first Linear is split into `cell.weight` and
 * `gene.weight`; block k has `linear.k.*`, and `norm.k.*` except for the last.
 */
export async function readExpressionTensors(
  file: Safetensors,
  config: CheckpointConfig,
  signal?: AbortSignal
): Promise<GraphTensor[] | null> {
  const prefix = "expression_decoder.decoder.";
  if (!Array.from(file.tensors.keys()).some((name) => name.startsWith(prefix))) return null;
  const {decoderWidths: widths, outputWidth, width} = config;
  const tensors: GraphTensor[] = [];
  const last = widths.length - 2;
  for (let block = 0; block <= last; ++block) {
    // Dropout, then (Linear, LayerNorm, GELU, Dropout) a block: the module's indices count all of them.
    const index = 1 + 4 * block;
    const [inputs, outputs] = [widths[block], widths[block + 1]];
    const weight = await file.read(`${prefix}${index}.weight`, [outputs, inputs], signal);
    if (block === 0) {
      const cell = columns(weight, outputs, inputs, 0, outputWidth);
      const gene = columns(weight, outputs, inputs, outputWidth, inputs);
      tensors.push(linearTensor("cell.weight", cell, outputs, outputWidth));
      tensors.push(linearTensor("gene.weight", gene, outputs, width));
    } else {
      tensors.push(linearTensor(`linear.${block}.weight`, weight, outputs, inputs));
    }
    tensors.push(vectorTensor(`linear.${block}.bias`, await file.read(`${prefix}${index}.bias`, [outputs], signal)));
    if (block === last) break;
    for (const part of ["weight", "bias"]) {
      const values = await file.read(`${prefix}${index + 1}.${part}`, [outputs], signal);
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
