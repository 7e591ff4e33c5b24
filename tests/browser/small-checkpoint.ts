import {readFileSync} from "node:fs";
import {parseGenes} from "../../src/components/core/cells/genes-csv.js";
import {encodeSafetensors} from "../../src/components/core/convert/write-safetensors.js";
import {sinusoids} from "../../src/components/core/model/sinusoids.js";
import {hashedTensors, hashedValues} from "../../scripts/hashed-checkpoint.js";

/** Every fourth human gene, with tokens of its own. */
export const someGenes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"))
  .filter((_, i) => i % 4 === 0)
  .map((gene, i) => ({...gene, token: 2100 + i}));

/** A gene dictionary in the public layout: these genes, and a second species with a few. */
export const dictionary = JSON.stringify(
  Object.fromEntries(
    [["mouse", someGenes.slice(0, 5)] as const, ["human", someGenes] as const].map(([species, genes]) => [
      species,
      Object.fromEntries(
        genes.map(({symbol, token, chromosome, start}) => [
          symbol,
          {protein_embedding_id: String(token), chromosome_id: String(chromosome), location: String(start)}
        ])
      )
    ])
  )
);

const config = {
  model_type: "uce",
  vocab_size: 7100,
  embedding_dim: 32,
  d_model: 32,
  nhead: 4,
  num_layers: 1,
  dim_feedforward: 64,
  activation: "gelu",
  max_sequence_length: 1400,
  padding_idx: 0,
  use_embedding_layer_norm: true,
  embedding_reduction: "cls",
  output_embedding_dim: 32,
  decoder_layer_dims: [64, 32, 16, 1],
  positional_encoding_type: "sinusoidal" as const
};

/** A checkpoint in the public layout with the tokens of these genes, of 1 MB: the content of config.json, and model.safetensors. */
export function smallCheckpoint(): {config: Record<string, unknown>; weights: Uint8Array<ArrayBuffer>} {
  const tensors = hashedTensors(config).map((tensor) => {
    const {name, shape} = tensor;
    const size = shape.reduce((product, part) => product * part, 1);
    const values = name.endsWith(".pe") ? sinusoids(shape[0], shape[2]) : hashedValues(tensor, 0, size);
    return {name, type: "F32" as const, shape, bytes: new Uint8Array(values.buffer)};
  });
  return {config, weights: encodeSafetensors(tensors)};
}
