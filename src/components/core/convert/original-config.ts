import {WorkbookError} from "../errors.js";
import {isRecord} from "../is-record.js";
import {fixedFields, irrelevantFields} from "./config-fields.js";
import {nearestNames} from "./nearest-names.js";

const sizes = ["token_dim", "d_model", "nhead", "d_hid", "nlayers", "output_dim"] as const;

/** What a config.json of the original UCE says: nothing where there is none. */
export type OriginalConfig = Partial<Record<(typeof sizes)[number], number>>;

/** What the public code has as arguments with these values: sentences and tokens are spelled by them here, too. */
const spelled: Readonly<Record<string, readonly unknown[]>> = {
  ...fixedFields,
  pad_length: [1536],
  sample_size: [1024],
  pad_token_idx: [0],
  chrom_token_left_idx: [1],
  chrom_token_right_idx: [2],
  cls_token_idx: [3],
  chrom_token_offset: [143574]
};

/**
 * Reads the config.json that comes with a copy of the original UCE; the `.torch` files have none, so nothing in it is needed but `nhead` for a width that
 * is no multiple of 64. Every field is used, bears on no number, or is refused by name. Throws a WorkbookError of domain "checkpoint", code "bad-config".
 */
export function readOriginalConfig(json: unknown): OriginalConfig {
  if (json === undefined || json === null) return {};
  if (!isRecord(json)) throw badConfig("config.json is not a JSON object", undefined);
  const config: OriginalConfig = {};
  for (const [field, value] of Object.entries(json)) {
    const size = sizes.find((name) => name === field);
    if (size !== undefined) {
      if (!Number.isSafeInteger(value) || (value as number) < 1)
        throw badConfig(`${field} is ${JSON.stringify(value)}, not a positive whole number`, field);
      config[size] = value as number;
    } else if (field !== "model_type" && !irrelevantFields.has(field)) {
      const allowed = spelled[field.toLowerCase()];
      if (allowed === undefined) throw unknownField(field, value);
      if (!allowed.includes(value) && !allowed.includes(JSON.stringify(value)))
        throw badConfig(
          `${field} is ${JSON.stringify(value)}, but what is computed here is ${allowed.join(" or ")}`,
          field
        );
    }
  }
  return config;
}

function unknownField(field: string, value: unknown): WorkbookError {
  const [nearest] = nearestNames(field, sizes, 1);
  const shown = JSON.stringify(value).slice(0, 60);
  return badConfig(
    `config.json has a field ${field} (${shown}), which may change what the model computes and is not known here (nearest known: ${nearest})`,
    field
  );
}

function badConfig(fault: string, field: string | undefined): WorkbookError {
  const place = field === undefined ? undefined : `config.json/${field}`;
  const remedy = "correct config.json, or give the weights without it";
  return new WorkbookError({domain: "checkpoint", code: "bad-config", fault, place, remedy});
}
