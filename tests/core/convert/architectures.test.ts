import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import type {CheckpointSizes} from "../../../scripts/hashed-checkpoint.js";
import {openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import {encodeSafetensors} from "../../../src/components/core/convert/write-safetensors.js";
import {embedTokens} from "../../../src/components/core/embed/embed-tokens.js";
import type {Bundle} from "../../../src/components/core/model/bundle.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {relativeError} from "../../../src/components/core/vectors/relative-error.js";
import {fixtureCheckpoint, memoryBundle, reference} from "./fixture.js";
import {hashedStored} from "./hashed-file.js";
import type {WeightType} from "./hashed-file.js";

/** What tests/reference/architectures.py computed in float64. */
interface Case {
  name: string;
  type: WeightType;
  config: CheckpointSizes & Record<string, unknown>;
  embeddings: number[][];
}

const cases = JSON.parse(readFileSync("tests/fixtures/architectures/expected.json", "utf8")) as Case[];

async function converted({config, type}: Case, positions: WeightType = type): Promise<Bundle> {
  const files = memoryBundle();
  const exact = hashedStored(config, positions).find(({name}) => name.endsWith(".pe"))!;
  const tensors = hashedStored(config, type).map((tensor) => (tensor.name === exact.name ? exact : tensor));
  await convertCheckpoint(fixtureCheckpoint(encodeSafetensors(tensors), config), files);
  return openBundle(files);
}

async function errorOf(bundle: Bundle, {embeddings}: Case): Promise<number> {
  const encoder = await openNodeEncoder(bundle, {precision: "fp32", threads: 1});
  const sentences = reference.sentences.slice(0, embeddings.length).map((tokens) => Int32Array.from(tokens));
  const vectors = await embedTokens(encoder, sentences);
  await encoder.close();
  return relativeError(vectors, embeddings.flat(), embeddings.length, embeddings[0].length);
}

describe("a checkpoint of another shape", () => {
  it("is there for every shape that is promised", () => {
    expect(cases.map(({name}) => name)).toEqual([
      "learned positions",
      "8 heads",
      "no embedding layer norm",
      "384 wide",
      "another vocabulary, output and depth",
      "ReLU",
      "float16",
      "bfloat16"
    ]);
  });

  it.each(cases.map((entry) => [entry.name, entry] as const))(
    "embeds as the float64 forward pass does: %s",
    async (_, entry) => {
      const e = await errorOf(await converted(entry), entry);
      expect(e).toBeLessThan(2e-5);
      expect(e).toBeGreaterThan(0);
    }
  );

  it("does not match under another shape's figures", async () => {
    const [learned, heads] = [cases[0], cases[1]];
    expect(await errorOf(await converted(learned), heads)).toBeGreaterThan(0.1);
  });

  it.each([
    ["float16", 1e-4],
    ["bfloat16", 1e-3]
  ])("carries the rounded positions of a %s checkpoint, without which it would be further off", async (name, apart) => {
    const entry = cases.find((candidate) => candidate.name === name)!;
    const bundle = await converted(entry);
    expect(bundle.manifest.architecture.positions).toBe("stored");
    const exact = await converted(entry, "F32");
    expect(exact.manifest.architecture.positions).toBe("sinusoidal");
    expect(await errorOf(exact, entry)).toBeGreaterThan(apart);
  });
});
