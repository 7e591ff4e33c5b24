// A checkpoint in the public layout whose weights are hashes of their places: no file holds them, and Python makes the same
// (tests/reference/architectures.py).

/** One tensor: weight i is `around` + `scale` times a hash of i and `seed` between -1/2 and 1/2, rounded to float32. */
export interface HashedTensor {
  name: string;
  shape: number[];
  seed: number;
  around: number;
  scale: number;
}

/** Fields of config.json that say how large a checkpoint is. */
export interface CheckpointSizes {
  vocab_size: number;
  embedding_dim: number;
  d_model: number;
  num_layers: number;
  dim_feedforward: number;
  output_embedding_dim: number;
  max_sequence_length: number;
  use_embedding_layer_norm: boolean;
  positional_encoding_type: "sinusoidal" | "learned";
  decoder_layer_dims: number[];
}

/** All tensors of a checkpoint of these sizes, in the order of the public files; sinusoidal positions have `scale` 0. */
export function hashedTensors(config: CheckpointSizes): HashedTensor[] {
  const {embedding_dim: e, d_model: d, dim_feedforward: f, output_embedding_dim: o} = config;
  const tensors: HashedTensor[] = [];
  const add = (name: string, shape: number[], scale: number, around = 0) =>
    void tensors.push({name, shape, seed: tensors.length + 1, around, scale});
  const matrix = (name: string, outputs: number, inputs: number, gain: number) =>
    add(name, [outputs, inputs], 2 ** Math.floor(Math.log2((gain * Math.sqrt(12)) / Math.sqrt(inputs)) + 0.501));
  const linear = (name: string, outputs: number, inputs: number, gain = 1) => {
    matrix(`${name}.weight`, outputs, inputs, gain);
    add(`${name}.bias`, [outputs], 0.5);
  };
  const norm = (name: string, width: number) => {
    add(`${name}.weight`, [width], 0.5, 1);
    add(`${name}.bias`, [width], 0.5);
  };
  add("uce.embedding_layer.embedding.weight", [config.vocab_size, e], 4);
  if (config.use_embedding_layer_norm) norm("uce.embedding_layer.layer_norm", e);
  linear("uce.input_gene_embedding_projector.0", d, e);
  norm("uce.input_gene_embedding_projector.1", d);
  if (config.positional_encoding_type === "learned") add("uce.pos_encoder.pe", [config.max_sequence_length, d], 4);
  else add("uce.pos_encoder.pe", [config.max_sequence_length, 1, d], 0);
  for (let layer = 0; layer < config.num_layers; ++layer) {
    const name = `uce.transformer_encoder.layers.${layer}`;
    matrix(`${name}.self_attn.in_proj_weight`, 3 * d, d, 2.2);
    add(`${name}.self_attn.in_proj_bias`, [3 * d], 0.5);
    linear(`${name}.self_attn.out_proj`, d, d, 4);
    linear(`${name}.linear1`, f, d, 1.5);
    linear(`${name}.linear2`, d, f, 1.5);
    norm(`${name}.norm1`, d);
    norm(`${name}.norm2`, d);
  }
  linear("uce.output_embedding_projector.0", o, d);
  norm("uce.output_embedding_projector.1", o);
  const widths = config.decoder_layer_dims;
  for (let block = 0; block + 1 < widths.length; ++block) {
    linear(`expression_decoder.decoder.${1 + 4 * block}`, widths[block + 1], widths[block], 1.5);
    if (block + 2 < widths.length) norm(`expression_decoder.decoder.${2 + 4 * block}`, widths[block + 1]);
  }
  return tensors;
}

/** Weights `first` to `first + count` (exclusive) of a tensor, row-major. */
export function hashedValues(
  {seed, around, scale}: HashedTensor,
  first: number,
  count: number
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  const start = Math.imul(seed, 0x9e3779b9);
  for (let i = 0; i < count; ++i) {
    let x = (first + i + start) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    values[i] = around + scale * ((((x ^ (x >>> 16)) >>> 0) >>> 8) / 2 ** 24 - 0.5);
  }
  return values;
}
