import {readFileSync} from "node:fs";
import type {Checkpoint} from "../../../src/components/core/convert/convert.js";
import {memoryReader} from "../../../src/components/core/remote/range-reader.js";
import type {ModelGene, SentenceConstants} from "../../../src/components/core/types.js";

/** What tests/reference/original.py computed with PyTorch in float32. */
export interface OriginalReference {
  config: Record<string, number>;
  sentence: SentenceConstants;
  genes: ModelGene[];
  sentences: number[][];
  embeddings: number[][];
  /** Logits of the first 6 cells. */
  expression: {genes: number[]; logits: number[][]};
}

const folder = "tests/fixtures/original";

export const original = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8")) as OriginalReference;
/** The archive that torch.save wrote. */
export const originalBytes = (): Uint8Array => Uint8Array.from(readFileSync(`${folder}/model.torch`));

/** The small checkpoint of the original UCE, ready to be converted. */
export function originalCheckpoint(weights = originalBytes(), config: unknown = original.config): Checkpoint {
  return {
    name: "small original UCE",
    config,
    weights: memoryReader("model.torch", weights),
    species: [{name: "made up", genes: original.genes}],
    source: {name: "tests/reference/original.py", revision: "1", sha256: ""},
    sentence: original.sentence
  };
}
