import {readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import type {BundleWorkspace} from "../../../src/components/core/model/bundle.js";
import type {Checkpoint} from "../../../src/components/core/convert/convert.js";
import {memoryReader} from "../../../src/components/core/remote/range-reader.js";
import {openTensorFile} from "../../../src/components/core/convert/tensor-file.js";
import {encodeSafetensors} from "../../../src/components/core/convert/write-safetensors.js";
import type {ModelGene, SentenceConstants} from "../../../src/components/core/types.js";

/** What tests/reference/forward.py computed in float64. */
export interface Reference {
  sentence: SentenceConstants;
  genes: ModelGene[];
  sentences: number[][];
  embeddings: number[][];
  /** Of the first 8 sentences, with learned positions. */
  learnedEmbeddings: number[][];
  /** Logits of the first 6 cells. */
  expression: {genes: number[]; logits: number[][]};
  folded: {tokens: number[]; rows: number[][]};
}

const folder = fileURLToPath(new URL("../../fixtures/model/", import.meta.url));

export const reference = JSON.parse(readFileSync(`${folder}reference.json`, "utf8")) as Reference;
export const fixtureConfig = JSON.parse(readFileSync(`${folder}config.json`, "utf8")) as Record<string, unknown>;

/** The fixture's tensors as float32, which holds their float16 values exactly; learned positions on demand. */
export async function fixtureTensors(
  positions: "sinusoidal" | "learned" = "sinusoidal"
): Promise<Map<string, TestTensor>> {
  const tensors = await readTensors("model.safetensors");
  if (positions === "learned")
    for (const [name, tensor] of await readTensors("learned-positions.safetensors")) tensors.set(name, tensor);
  return tensors;
}

export interface TestTensor {
  shape: number[];
  values: Float32Array;
}

async function readTensors(name: string): Promise<Map<string, TestTensor>> {
  const file = await openTensorFile(memoryReader(name, readFileSync(folder + name)));
  const tensors = new Map<string, TestTensor>();
  for (const [tensor, {shape}] of file.tensors) tensors.set(tensor, {shape, values: await file.read(tensor, shape)});
  return tensors;
}

/** A float32 safetensors file of tensors. */
export function toSafetensors(tensors: ReadonlyMap<string, TestTensor>): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(
    Array.from(tensors, ([name, {shape, values}]) => ({
      name,
      type: "F32" as const,
      shape,
      bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    }))
  );
}

/** The committed float16 file as it is. */
export function fixtureBytes(): Uint8Array {
  return Uint8Array.from(readFileSync(`${folder}model.safetensors`));
}

/** A checkpoint of these weights, ready to be converted. */
export function fixtureCheckpoint(weights: Uint8Array, config: Record<string, unknown> = fixtureConfig): Checkpoint {
  return {
    name: "fixture",
    config,
    weights: memoryReader("model.safetensors", weights),
    species: [{name: "made up", genes: reference.genes}],
    source: {name: "tests/reference/forward.py", revision: "1", sha256: ""},
    sentence: reference.sentence
  };
}

/** A bundle in memory: a sink to write to and a source to read from. */
export function memoryBundle(): BundleWorkspace & {files: Map<string, Uint8Array<ArrayBuffer>>} {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    name: "memory",
    files,
    write: async (path, bytes) => void files.set(path, bytes),
    remove: async (path) => void files.delete(path),
    read: async (path) => {
      const bytes = files.get(path);
      if (bytes === undefined) throw new Error(`no ${path}`);
      return bytes;
    }
  };
}
