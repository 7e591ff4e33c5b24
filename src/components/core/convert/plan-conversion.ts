import type {ConversionPlan} from "../model/adding-model.js";
import {safetensorsTypes} from "../model/safetensors-header.js";
import {tableTokens} from "../model/table-tokens.js";
import type {SpeciesGenes} from "../types.js";
import {openCheckpoint} from "./checkpoint-source.js";
import type {CheckpointSource} from "./checkpoint-source.js";
import {describeCheckpoint} from "./describe-checkpoint.js";
import {openTensorFile} from "./tensor-file.js";

/** Reads a checkpoint's configuration and header, and nothing else. Throws as `convertSource` does. */
export async function planConversion(
  source: CheckpointSource,
  species: readonly SpeciesGenes[],
  signal?: AbortSignal
): Promise<ConversionPlan> {
  const {config: json, weights, files, close} = await openCheckpoint(source, signal);
  try {
    const file = await openTensorFile(weights, {signal});
    const {sizes, layout, family} = describeCheckpoint(file, json);
    const {layers, width, heads, feedForward, outputWidth, vocabularySize} = sizes;
    const {sentence} = layout;
    const rows = species.reduce((sum, {genes}) => sum + tableTokens(genes, sentence).length, 0);
    const genes = species.reduce((sum, one) => sum + one.genes.length, 0);
    let needed = 0;
    for (const [name, {type, shape, bytes}] of file.tensors) {
      const isTable = name === layout.table;
      needed += isTable ? Math.min(bytes, rows * (shape[1] ?? 0) * safetensorsTypes[type]) : bytes;
    }
    const whole = files.reduce((sum, {bytes}) => sum + bytes, 0);
    const shape = {family: family.family, layers, width, heads, feedForward, outputWidth, output: family.output};
    return {...shape, sentence, vocabulary: vocabularySize, genes, rows, needed, whole};
  } finally {
    await close();
  }
}
