import {beforeAll, expect, it} from "vitest";
import {openNodeEncoder, openNodeLayers} from "../../../src/components/adapters/onnxruntime-node.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import type {Bundle} from "../../../src/components/core/model/bundle.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {compareOtherModel} from "../../../src/components/core/parity/compare-other-model.js";
import {forwardFloat64} from "../../../src/components/core/parity/forward-float64.js";
import {relativeError} from "../../../src/components/core/vectors/relative-error.js";
import {fixtureCheckpoint, fixtureTensors, memoryBundle, reference, toSafetensors} from "../convert/fixture.js";

let bundle: Bundle;
const sentences = reference.sentences.slice(0, 8).map((tokens) => Int32Array.from(tokens));

beforeAll(async () => {
  const files = memoryBundle();
  await convertCheckpoint(fixtureCheckpoint(toSafetensors(await fixtureTensors())), files);
  bundle = await openBundle(files);
});

it("computes what numpy computes from the unfolded checkpoint, to the rounding of the folded table", async () => {
  const ours = await Promise.all(sentences.map((tokens) => forwardFloat64(bundle, "fp32", tokens)));
  const vectors = ours.flatMap(({vector}) => Array.from(vector));
  const expected = reference.embeddings.slice(0, 8).flat();
  expect(relativeError(vectors, expected, 8, 64)).toBeLessThan(1e-6);
});

it("finds layers and vectors of another model the same, and one changed weight of its second layer in the second", async () => {
  const look = async (of: Bundle) => {
    const probe = await openNodeLayers(of, {precision: "fp32", threads: 1});
    const encoder = await openNodeEncoder(of, {precision: "fp32", threads: 1});
    try {
      return await compareOtherModel(bundle, "fp32", sentences, {probe, encoder});
    } finally {
      await Promise.all([probe.close(), encoder.close()]);
    }
  };
  const rows = await look(bundle);
  expect(rows.map(({id, passed}) => [id, passed])).toEqual([
    ["layer-1", true],
    ["layer-2", true],
    ["vector", true]
  ]);
  expect(rows.flatMap(({controls}) => controls).every(({caught}) => caught)).toBe(true);
  const damaged: Bundle = {
    ...bundle,
    async file(path, signal) {
      const bytes = (await bundle.file(path, signal)).slice();
      if (path !== "encoder.fp32.safetensors") return bytes;
      const view = new DataView(bytes.buffer);
      const length = Number(view.getBigUint64(0, true));
      const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
        string,
        {data_offsets: number[]}
      >;
      const at = 8 + length + header["layers.1.linear2.weight"].data_offsets[0] + 40;
      view.setFloat32(at, view.getFloat32(at, true) + 0.5, true);
      return bytes;
    }
  };
  expect((await look(damaged)).map(({id, passed}) => [id, passed])).toEqual([
    ["layer-1", true],
    ["layer-2", false],
    ["vector", false]
  ]);
});
