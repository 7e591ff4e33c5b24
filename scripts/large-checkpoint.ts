import {mkdir, open, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {sinusoids} from "../src/components/core/model/sinusoids.js";
import {hashedTensors, hashedValues} from "./hashed-checkpoint.js";

/** config.json of the published size: 8 layers, 512 wide, 16 heads. */
const config = {
  model_type: "uce",
  vocab_size: 145469,
  embedding_dim: 5120,
  d_model: 512,
  nhead: 16,
  num_layers: 8,
  dim_feedforward: 2048,
  dropout: 0.1,
  activation: "gelu",
  max_sequence_length: 2048,
  padding_idx: 0,
  use_embedding_layer_norm: true,
  embedding_reduction: "cls",
  output_embedding_dim: 512,
  decoder_layer_dims: [1024, 512, 512, 1],
  positional_encoding_type: "sinusoidal" as const
};

/**
 * Writes a checkpoint of exactly the published layout and size (145,469 x 5120; 3.1 GB) into a folder, its weights being hashes of their
 * places: config.json and model.safetensors. The same bytes on every machine.
 */
export async function writeLargeCheckpoint(folder: string): Promise<void> {
  const tensors = hashedTensors(config);
  const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
  let offset = 0;
  const header = Object.fromEntries(
    tensors.map(({name, shape}) => {
      const from = offset;
      offset += 4 * sizeOf(shape);
      return [name, {dtype: "F32", shape, data_offsets: [from, offset]}];
    })
  );
  let text = JSON.stringify({__metadata__: {format: "pt"}, ...header});
  text += " ".repeat((8 - (text.length % 8)) % 8);
  await mkdir(folder, {recursive: true});
  await writeFile(join(folder, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
  const file = await open(join(folder, "model.safetensors"), "w");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await file.write(length);
  await file.write(text);
  const most = 1 << 22;
  for (const tensor of tensors) {
    const count = sizeOf(tensor.shape);
    for (let first = 0; first < count; first += most) {
      const values = tensor.name.endsWith(".pe")
        ? sinusoids(tensor.shape[0], tensor.shape[2])
        : hashedValues(tensor, first, Math.min(most, count - first));
      await file.write(new Uint8Array(values.buffer));
    }
  }
  await file.close();
}
