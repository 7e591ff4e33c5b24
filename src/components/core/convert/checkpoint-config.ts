import {WorkbookError} from "../errors.js";
import {isRecord} from "../is-record.js";
import type {CheckpointSizes} from "./checkpoint-layout.js";
import {fixedFields, irrelevantFields, usedFields} from "./config-fields.js";
import {nearestNames} from "./nearest-names.js";

/** What the config.json of a UCE-brain checkpoint says, every default filled in (docs/model.md). */
export interface CheckpointConfig extends CheckpointSizes {
  /** LayerNorm on the rows of the input table. */
  inputLayerNorm: boolean;
  padding: number;
}

/**
 * Reads a UCE-brain checkpoint's config.json (its parsed content). Absent fields take the defaults of the public code. Every field is
 * used, known to be irrelevant (config-fields.ts), or refused by name. Throws a WorkbookError of domain "checkpoint", code
 * "bad-config", for a value that is impossible or that the published pipeline does not define.
 *
 * embedding_reduction "mean" is refused: the public code averages over all positions, padding included, so that its
 * result depends on how long the sentence was padded and on the attention kernel that PyTorch picked.
 */
export function readCheckpointConfig(json: unknown): CheckpointConfig {
  if (!isRecord(json)) {
    throw badConfig("config.json is not a JSON object", undefined, "give the config.json of the checkpoint");
  }
  const fields = json;
  refuseOthers(fields);
  const width = natural(fields, "d_model", 512);
  const outputWidth = natural(fields, "output_embedding_dim", 512);
  const expansion = natural(fields, "expansion_factor", 4);
  const heads = natural(fields, "nhead", 16);
  if (width % heads !== 0) {
    throw badConfig(`d_model ${width} is not a multiple of nhead ${heads}`, "nhead", "correct config.json");
  }
  choice(fields, "embedding_reduction", ["cls"], "cls");
  return {
    vocabularySize: natural(fields, "vocab_size", 145469),
    inputWidth: natural(fields, "embedding_dim", 5120),
    inputLayerNorm: choice(fields, "use_embedding_layer_norm", [true, false], true),
    width,
    layers: natural(fields, "num_layers", 4),
    heads,
    feedForward: natural(fields, "dim_feedforward", width * expansion),
    activation: choice(fields, "activation", ["gelu", "relu"], "gelu"),
    maxSequenceLength: natural(fields, "max_sequence_length", 10000),
    padding: natural(fields, "padding_idx", 0, 0),
    positions: choice(fields, "positional_encoding_type", ["sinusoidal", "learned"], "sinusoidal"),
    outputWidth,
    decoderWidths: decoderWidths(fields.decoder_layer_dims, width + outputWidth)
  };
}

/** Throws for a field that says something of another model, and for one that nobody knows. */
function refuseOthers(fields: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(fields)) {
    if ((usedFields as readonly string[]).includes(name) || irrelevantFields.has(name)) continue;
    const shown = JSON.stringify(value);
    if (!Object.hasOwn(fixedFields, name)) {
      const [nearest] = nearestNames(name, usedFields, 1);
      throw badConfig(
        `config.json has a field ${name} (${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown}), which may change what the model computes and is not known here (nearest known: ${nearest})`,
        name,
        "convert a checkpoint in the UCE-brain layout, or remove the field if it has no bearing on the model's numbers"
      );
    }
    const allowed = fixedFields[name].map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
    if (allowed.includes(typeof value === "string" ? value : shown)) continue;
    throw badConfig(
      `${name} is ${shown}, but what is computed here is ${allowed.join(" or ")}, as in the public code`,
      name,
      `convert a checkpoint whose ${name} is ${allowed.join(" or ")}`
    );
  }
}

function natural(fields: Record<string, unknown>, name: string, otherwise: number, least = 1): number {
  const value = fields[name] ?? otherwise;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least) {
    throw badConfig(
      `${name} is ${JSON.stringify(value)}, not a whole number of at least ${least}`,
      name,
      "correct config.json or download it again"
    );
  }
  return value;
}

function choice<T>(fields: Record<string, unknown>, name: string, allowed: readonly T[], otherwise: T): T {
  const value = fields[name] ?? otherwise;
  if (!allowed.includes(value as T)) {
    const meanings = allowed.map((item) => JSON.stringify(item)).join(" or ");
    throw badConfig(
      `${name} is ${JSON.stringify(value)}, which is not supported (only ${meanings})`,
      name,
      `convert a checkpoint whose ${name} is ${meanings}`
    );
  }
  return value as T;
}

function decoderWidths(value: unknown, inputs: number): number[] {
  if (value === undefined || value === null) return [inputs, 512, 512, 1];
  const widths = Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item > 0) ? value : [];
  if (widths.length < 2 || widths[0] !== inputs || widths.at(-1) !== 1) {
    throw badConfig(
      `decoder_layer_dims is ${JSON.stringify(value)}, not widths from ${inputs} (d_model + output_embedding_dim) to 1`,
      "decoder_layer_dims",
      "correct config.json or download it again"
    );
  }
  return widths as number[];
}

function badConfig(fault: string, field: string | undefined, remedy: string): WorkbookError {
  const place = field === undefined ? undefined : `config.json/${field}`;
  return new WorkbookError({domain: "checkpoint", code: "bad-config", fault, place, remedy});
}
