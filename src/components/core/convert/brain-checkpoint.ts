import {uceBrainOutput} from "../model/architecture.js";
import type {SentenceConstants} from "../types.js";
import {readCheckpointConfig} from "./checkpoint-config.js";
import type {DescribedCheckpoint} from "./checkpoint-layout.js";
import type {TensorFile} from "./tensor-file.js";

/** Sentence constants of the UCE-brain family. */
export const uceBrainSentence: SentenceConstants = {
  sampleSize: 1024,
  pad: 0,
  cls: 1,
  chromosomeEnd: 2000,
  chromosomeOffset: 1000
};

/** The token table of a UCE-brain checkpoint, behind a prefix or none. */
export const brainTable = "embedding_layer.embedding.weight";

/**
 * A UCE-brain checkpoint: its config.json tells the sizes, the names of its tensors are the public code's. Throws what `readCheckpointConfig`
 * throws. Source: the layout of KuanP/uce-brain-pilot-8l-512d.
 */
export function describeBrain(file: Pick<TensorFile, "tensors">, json: unknown): DescribedCheckpoint {
  const {inputLayerNorm, padding, ...sizes} = readCheckpointConfig(json);
  const prefix = file.tensors.has(brainTable) ? "" : "uce.";
  const projector = `${prefix}input_gene_embedding_projector`;
  const projection = `${prefix}output_embedding_projector`;
  const head = "expression_decoder.decoder.";
  const hasHead = Array.from(file.tensors.keys()).some((name) => name.startsWith(head));
  const last = sizes.decoderWidths.length - 2;
  // Dropout, then (Linear, LayerNorm, GELU, Dropout) a block: the module's indices count all of them.
  const blocks = Array.from({length: last + 1}, (_, block) => ({
    linear: `${head}${1 + 4 * block}`,
    norm: block === last ? null : `${head}${2 + 4 * block}`
  }));
  return {
    sizes,
    layout: {
      sentence: {...uceBrainSentence, pad: padding},
      paddedLength: 2048,
      table: `${prefix}${brainTable}`,
      fold: {
        recipe: {input: inputLayerNorm ? "layer-norm" : "none", order: "norm-gelu", scale: 1},
        inputNorm: inputLayerNorm ? `${prefix}embedding_layer.layer_norm` : null,
        linear: `${projector}.0`,
        norm: `${projector}.1`
      },
      geneFold: null,
      positions: `${prefix}pos_encoder.pe`,
      layers: `${prefix}transformer_encoder.layers`,
      output: [{linear: `${projection}.0`, norm: `${projection}.1`}],
      expression: hasHead ? blocks : null
    },
    family: {family: "uce-brain", output: uceBrainOutput(sizes.outputWidth), expressionTable: "shared"}
  };
}
