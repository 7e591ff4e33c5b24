import {hashedTensors, hashedValues} from "../../../scripts/hashed-checkpoint.js";
import type {CheckpointSizes} from "../../../scripts/hashed-checkpoint.js";
import type {StoredTensor} from "../../../src/components/core/convert/write-safetensors.js";
import {encodeHalves} from "../../../src/components/core/model/half.js";
import {sinusoids} from "../../../src/components/core/model/sinusoids.js";

/** Sizes of a checkpoint of a moment: one layer, 32 wide. */
export const smallSizes = {
  vocab_size: 2400,
  embedding_dim: 32,
  d_model: 32,
  nhead: 4,
  num_layers: 1,
  dim_feedforward: 64,
  max_sequence_length: 2048,
  use_embedding_layer_norm: true,
  output_embedding_dim: 32,
  decoder_layer_dims: [64, 16, 1],
  positional_encoding_type: "sinusoidal" as const
};

/** Sizes of one that has a row for each human gene. */
export const humanSizes = {
  ...smallSizes,
  vocab_size: 33256,
  embedding_dim: 16,
  nhead: 2,
  dim_feedforward: 32
};

/** Types that a checkpoint's weights come in. */
export type WeightType = "F32" | "F16" | "BF16";

/** The tensors of a checkpoint whose weights are hashes of their places, rounded to `type`. */
export function hashedStored(config: CheckpointSizes, type: WeightType = "F32"): StoredTensor[] {
  return hashedTensors(config).map((tensor) => {
    const {name, shape} = tensor;
    const values =
      name.endsWith(".pe") && config.positional_encoding_type === "sinusoidal"
        ? sinusoids(shape[0], shape[2])
        : hashedValues(
            tensor,
            0,
            shape.reduce((product, size) => product * size, 1)
          );
    return {name, shape, type, bytes: roundedBytes(values, type, name)};
  });
}

/** Float32 values as a type holds them: to nearest, ties to even. */
function roundedBytes(values: Float32Array<ArrayBuffer>, type: WeightType, name: string): Uint8Array {
  if (type === "F32") return new Uint8Array(values.buffer);
  if (type === "F16") return new Uint8Array(encodeHalves(values, name).buffer);
  const bits = new Uint32Array(values.buffer);
  return new Uint8Array(Uint16Array.from(bits, (x) => (x + 0x7fff + ((x >>> 16) & 1)) >>> 16).buffer);
}
