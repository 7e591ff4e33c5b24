import {createRandom} from "../core/random.js";
import {sinusoids} from "../core/model/sinusoids.js";
import {encodeSafetensors} from "../core/convert/write-safetensors.js";
import type {StoredTensor} from "../core/convert/write-safetensors.js";

/** Changes whenever the weights or their layout would: a demo model of another recipe is made again. */
export const demoRecipe = "random-4l-128d-2";

/** A checkpoint in the public layout: parsed config.json, and model.safetensors. */
export interface DemoCheckpoint {
  config: Record<string, unknown>;
  weights: Uint8Array<ArrayBuffer>;
}

/**
 * The random checkpoint of the demo: 4 layers, 128 wide, 4 heads, a 128-wide input table of 33,256 rows (all that the
 * human genes need), an expression head. Weights as PyTorch starts them (Xavier
 * in-projection, Kaiming Linear, normal table), with noise where it starts with ones and zeros, so that a swapped bias
 * or norm shows. Seeded: always the same bytes.
 */
export function makeDemoCheckpoint(): DemoCheckpoint {
  const config = {
    model_type: "uce",
    vocab_size: 33256,
    embedding_dim: 128,
    d_model: 128,
    nhead: 4,
    num_layers: 4,
    dim_feedforward: 512,
    activation: "gelu",
    max_sequence_length: 2048,
    padding_idx: 0,
    use_embedding_layer_norm: true,
    embedding_reduction: "cls",
    output_embedding_dim: 128,
    decoder_layer_dims: [256, 128, 128, 1],
    positional_encoding_type: "sinusoidal"
  };
  const {vocab_size, embedding_dim, d_model: d, num_layers, dim_feedforward, max_sequence_length} = config;
  const {next, normal} = createRandom(4128);
  const tensors: StoredTensor[] = [];
  const add = (name: string, shape: number[], value: (i: number) => number) => {
    const values = Float32Array.from({length: shape.reduce((a, b) => a * b, 1)}, (_, i) => value(i));
    tensors.push({name, type: "F32", shape, bytes: new Uint8Array(values.buffer)});
  };
  const uniform = (bound: number) => () => (2 * next() - 1) * bound;
  const linear = (name: string, outputs: number, inputs: number) => {
    add(`${name}.weight`, [outputs, inputs], uniform(1 / Math.sqrt(inputs)));
    add(`${name}.bias`, [outputs], uniform(1 / Math.sqrt(inputs)));
  };
  const norm = (name: string, width: number) => {
    add(`${name}.weight`, [width], () => 1 + 0.1 * normal());
    add(`${name}.bias`, [width], () => 0.1 * normal());
  };

  add("uce.embedding_layer.embedding.weight", [vocab_size, embedding_dim], normal);
  norm("uce.embedding_layer.layer_norm", embedding_dim);
  linear("uce.input_gene_embedding_projector.0", d, embedding_dim);
  norm("uce.input_gene_embedding_projector.1", d);
  const positions = sinusoids(max_sequence_length, d);
  add("uce.pos_encoder.pe", [max_sequence_length, 1, d], (i) => positions[i]);
  for (let layer = 0; layer < num_layers; ++layer) {
    const name = `uce.transformer_encoder.layers.${layer}`;
    add(`${name}.self_attn.in_proj_weight`, [3 * d, d], uniform(Math.sqrt(6 / (4 * d))));
    add(`${name}.self_attn.in_proj_bias`, [3 * d], () => 0.1 * normal());
    linear(`${name}.self_attn.out_proj`, d, d);
    linear(`${name}.linear1`, dim_feedforward, d);
    linear(`${name}.linear2`, d, dim_feedforward);
    norm(`${name}.norm1`, d);
    norm(`${name}.norm2`, d);
  }
  linear("uce.output_embedding_projector.0", config.output_embedding_dim, d);
  norm("uce.output_embedding_projector.1", config.output_embedding_dim);
  const widths = config.decoder_layer_dims;
  for (let block = 0; block + 1 < widths.length; ++block) {
    linear(`expression_decoder.decoder.${1 + 4 * block}`, widths[block + 1], widths[block]);
    if (block + 2 < widths.length) norm(`expression_decoder.decoder.${2 + 4 * block}`, widths[block + 1]);
  }
  return {config, weights: encodeSafetensors(tensors)};
}
