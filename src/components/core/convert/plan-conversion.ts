import type {ConversionPlan} from "../model/adding-model.js";
import {safetensorsTypes} from "../model/safetensors-header.js";
import {tableTokens} from "../model/table-tokens.js";
import type {SpeciesGenes} from "../types.js";
import {readCheckpointConfig} from "./checkpoint-config.js";
import {openCheckpoint} from "./checkpoint-source.js";
import type {CheckpointSource} from "./checkpoint-source.js";
import {uceBrainSentence} from "./read-checkpoint.js";
import {openSafetensors} from "./safetensors.js";

/** Reads a checkpoint's configuration and header, and nothing else. Throws as `convertSource` does. */
export async function planConversion(
  source: CheckpointSource,
  species: readonly SpeciesGenes[],
  signal?: AbortSignal
): Promise<ConversionPlan> {
  const {config: json, weights, files, close} = await openCheckpoint(source, signal);
  try {
    const {layers, width, heads, feedForward, outputWidth, vocabularySize, padding} = readCheckpointConfig(json);
    const {tensors} = await openSafetensors(weights, {signal});
    const sentence = {...uceBrainSentence, pad: padding};
    const rows = species.reduce((sum, {genes}) => sum + tableTokens(genes, sentence).length, 0);
    const genes = species.reduce((sum, one) => sum + one.genes.length, 0);
    let needed = 0;
    for (const [name, {type, shape, start, end}] of tensors) {
      const isTable = name.endsWith("embedding_layer.embedding.weight");
      needed += isTable ? Math.min(end - start, rows * (shape[1] ?? 0) * safetensorsTypes[type]) : end - start;
    }
    const whole = files.reduce((sum, {bytes}) => sum + bytes, 0);
    const shape = {layers, width, heads, feedForward, outputWidth};
    return {...shape, vocabulary: vocabularySize, genes, rows, needed, whole};
  } finally {
    await close();
  }
}
