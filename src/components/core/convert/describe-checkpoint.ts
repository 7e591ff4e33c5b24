import {WorkbookError} from "../errors.js";
import {brainTable, describeBrain} from "./brain-checkpoint.js";
import type {DescribedCheckpoint} from "./checkpoint-layout.js";
import {describeOriginal, originalTable} from "./original-checkpoint.js";
import type {TensorFile} from "./tensor-file.js";

/** Models whose tensors are known by name, to say what a checkpoint of neither family is. */
const others: readonly [RegExp, string][] = [
  [/(^|\.)(bert\.|embeddings\.word_embeddings\.)/, "a BERT model, as Geneformer is"],
  [/(^|\.)(Wqkv\.|value_encoder\.|gene_encoder\.)/, "an scGPT model"],
  [/(^|\.)(performer\.|to_out\.|pos_emb\.)/, "a performer, as scBERT is"],
  [/(^|\.)(h\.\d+\.attn\.|wte\.|lm_head\.|self_attn\.q_proj\.)/, "a language model"],
  [/(^|\.)(z_encoder\.|px_r|l_encoder\.)/, "an scVI model"],
  [/(^|\.)(conv1\.|layer1\.0\.conv)/, "a network for images"]
];

/**
 * What a checkpoint is: of which family by the names of its tensors, of which sizes by its configuration (`json`: config.json, undefined where there is
 * none) and its shapes. Throws a WorkbookError of domain "checkpoint": "other-model" with what it seems to be, "missing" for UCE-brain without its
 * config.json, and what `describeBrain` and `describeOriginal` throw.
 */
export function describeCheckpoint(file: TensorFile, json: unknown): DescribedCheckpoint {
  const names = [...file.tensors.keys()];
  const has = (table: string) => names.some((name) => name === table || name.endsWith(`.${table}`));
  if (has(originalTable)) return describeOriginal(file, json);
  const other = others.find(([pattern]) => names.some((name) => pattern.test(name)));
  // Without the token table a checkpoint is still taken for what its configuration says: what it lacks is named then.
  const isBrain = has(brainTable) || (other === undefined && json !== undefined);
  if (!isBrain) throw otherModel(file, other?.[1]);
  if (json === undefined)
    throw new WorkbookError({
      domain: "checkpoint",
      code: "missing",
      fault: `there is no config.json beside ${file.name}, which holds weights of UCE-brain`,
      remedy: "give the folder with both"
    });
  return describeBrain(file, json);
}

function otherModel({name, tensors}: TensorFile, seems: string | undefined): WorkbookError {
  const names = [...tensors.keys()];
  const shown = names.slice(0, 3).join(", ");
  return new WorkbookError({
    domain: "checkpoint",
    code: "other-model",
    fault: `${name} seems to be ${seems ?? "another model"}: it holds ${names.length} tensors (${shown}${names.length > 3 ? " …" : ""}) and no token table of UCE-brain or of the original UCE`,
    remedy: `give a checkpoint of UCE-brain (with ${brainTable}) or of the original UCE (with ${originalTable})`
  });
}
