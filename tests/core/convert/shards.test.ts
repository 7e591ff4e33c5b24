import {describe, expect, it} from "vitest";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import {memoryReader} from "../../../src/components/core/remote/range-reader.js";
import type {ShardedWeights} from "../../../src/components/core/convert/shards.js";
import {fixtureCheckpoint, fixtureTensors, memoryBundle, toSafetensors} from "./fixture.js";
import type {TestTensor} from "./fixture.js";

type Shards = Map<string, Map<string, TestTensor>>;

/** The fixture's tensors dealt out to three files, as large checkpoints are, with their index. */
async function sharded(): Promise<{shards: Shards; map: Record<string, string>}> {
  const shards: Shards = new Map();
  const map: Record<string, string> = {};
  let count = 0;
  for (const [name, tensor] of await fixtureTensors()) {
    const shard = (map[name] = `model-0000${1 + (count++ % 3)}-of-00003.safetensors`);
    if (!shards.has(shard)) shards.set(shard, new Map());
    shards.get(shard)!.set(name, tensor);
  }
  return {shards, map};
}

function weights(shards: Shards, index: unknown): ShardedWeights {
  return {
    index,
    open: async (name) => (shards.has(name) ? memoryReader(name, toSafetensors(shards.get(name)!)) : null)
  };
}

async function convert(source: ShardedWeights): Promise<Map<string, Uint8Array>> {
  const bundle = memoryBundle();
  await convertCheckpoint({...fixtureCheckpoint(new Uint8Array(0)), weights: source}, bundle);
  return bundle.files;
}

describe("a sharded checkpoint", () => {
  it("gives the same bundle as one file does", async () => {
    const {shards, map} = await sharded();
    const whole = memoryBundle();
    await convertCheckpoint(fixtureCheckpoint(toSafetensors(await fixtureTensors())), whole);
    const files = await convert(weights(shards, {metadata: {total_size: 1}, weight_map: map}));
    expect([...files.keys()]).toEqual([...whole.files.keys()]);
    for (const [path, bytes] of files) expect(Buffer.compare(bytes, whole.files.get(path)!), path).toBe(0);
  });

  const lost = "model-00002-of-00003.safetensors";
  const bias = "uce.output_embedding_projector.0.bias";
  it.each<[string, (shards: Shards, map: Record<string, string>) => unknown, RegExp]>([
    [
      "a shard that is missing",
      (shards) => shards.delete(lost),
      /names the file model-00002-of-00003\.safetensors, which is not there/
    ],
    [
      "a tensor that its shard does not hold",
      (shards, map) => shards.get(map[bias])!.delete(bias),
      /says that model-\d+-of-00003\.safetensors holds a tensor which is not there \(at uce\.output_embedding_projector\.0\.bias\)/
    ],
    [
      "a tensor that the index does not list",
      (_, map) => delete map[bias],
      /holds a tensor that model\.safetensors\.index\.json does not list \(at uce\.output_embedding_projector\.0\.bias\)/
    ],
    [
      "a tensor that stands in two shards",
      (shards, map) => {
        for (const tensors of shards.values()) tensors.set(bias, shards.get(map[bias])!.get(bias)!);
      },
      /holds a tensor that .* says to be in model-/
    ],
    [
      "a shard elsewhere on the disk",
      (_, map) => (map[bias] = "../other.safetensors"),
      /gives "\.\.\/other\.safetensors" as the file of a tensor, which is no plain name/
    ],
    ["a shard that is no name", (_, map) => (map[bias] = 3 as never), /gives 3 as the file/]
  ])("is refused in words for %s", async (_, change, message) => {
    const {shards, map} = await sharded();
    change(shards, map);
    await expect(convert(weights(shards, {weight_map: map}))).rejects.toThrow(message);
  });

  it.each([[{}], [[]], [{weight_map: {}}], ["text"]])("is refused for an index that is none: %j", async (index) => {
    const {shards} = await sharded();
    await expect(convert(weights(shards, index))).rejects.toMatchObject({
      details: {domain: "checkpoint", code: "bad-index"}
    });
  });
});
