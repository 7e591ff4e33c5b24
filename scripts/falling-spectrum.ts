// Random matrices whose singular values fall, as those of trained weights do.
import type {GraphTensor} from "../src/components/core/convert/graph-tensors.js";
import {createRandom} from "../src/components/core/random.js";

/**
 * A matrix of the tensor's shape and the same mean square in place of a random one: a product of two random matrices with the i-th of the numbers between them scaled by 1 / (1 + i / 8), so that
 * an eighth of the directions holds most of it. Anything but a matrix stays.
 */
export function fallingSpectrum(tensor: GraphTensor): GraphTensor {
  if (tensor.kind !== "matrix") return tensor;
  const [inputs, outputs] = tensor.shape;
  const rank = Math.min(inputs, outputs);
  const {normal} = createRandom(inputs + 7 * outputs + tensor.name.length);
  const left = Float64Array.from({length: inputs * rank}, normal);
  const right = Float64Array.from({length: rank * outputs}, normal);
  const values = new Float32Array(inputs * outputs);
  for (let i = 0; i < inputs; ++i) {
    for (let k = 0; k < rank; ++k) {
      const factor = left[i * rank + k] / (1 + k / 8);
      for (let j = 0; j < outputs; ++j) values[i * outputs + j] += factor * right[k * outputs + j];
    }
  }
  const square = (numbers: Float32Array) => numbers.reduce((sum, value) => sum + value * value, 0);
  const scale = Math.sqrt(square(tensor.values) / square(values));
  return {...tensor, values: values.map((value) => value * scale)};
}
