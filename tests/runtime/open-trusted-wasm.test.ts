import {beforeAll, describe, expect, it} from "vitest";
import {writeRandomBundle} from "../../scripts/random-bundle.js";
import type {Architecture, Bundle} from "../../src/components/core/model/bundle.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {uceSentence} from "../../src/components/core/convert/original-checkpoint.js";
import {ownThread} from "../../src/components/core/threads/own-thread.js";
import type {ModelGene, Precision} from "../../src/components/core/types.js";
import {openTrustedWasm} from "../../src/components/runtime/open-trusted-wasm.js";
import {memoryBundle} from "../core/convert/fixture.js";
import {modelOf} from "../core/processor/reference.js";

const genes: ModelGene[] = Array.from({length: 8}, (_, i) => {
  return {symbol: `G${i}`, token: 10 + i, chromosome: 0, start: i};
});

async function bundleOf(architecture: Architecture, precision: Precision): Promise<Bundle> {
  const files = memoryBundle();
  await writeRandomBundle({name: "random", architecture, sentence: uceSentence, genes, precision}, files);
  return openBundle(files);
}

const wide = modelOf({
  positions: "sinusoidal",
  layers: 1,
  width: 256,
  heads: 8,
  feedForward: 256,
  output: [{width: 256, finish: "norm"}]
});
let asked: number;
const pay = (): boolean => ((asked += 1), true);
const open = async (bundle: Bundle, precision: Precision) => {
  asked = 0;
  const options = {name: "wasm", precision, threads: 1, startThread: ownThread};
  const encoder = await openTrustedWasm(bundle, options, pay);
  const {compute} = encoder;
  const {tableRow} = bundle;
  const vectors = await encoder.embed(Int32Array.from(tableRow.keys()), 1, tableRow.size);
  await encoder.close();
  return {compute, vectors};
};

describe("opening our own functions on the processor", () => {
  let bundle: Bundle;
  beforeAll(async () => void (bundle = await bundleOf(wide, "int8")));

  it("asks whether 8-bit blocks pay only of a wide model of few layers that lies in them", async () => {
    const narrow = modelOf({positions: "sinusoidal", layers: 1, width: 64, output: [{width: 64, finish: "norm"}]});
    expect((await open(await bundleOf(narrow, "int8"), "int8")).compute).toBe("fp32");
    expect(asked).toBe(0);
    expect((await open(await bundleOf(wide, "fp16"), "fp16")).compute).toBe("fp32");
    expect(asked).toBe(0);
    await open(await bundleOf({...wide, layers: 13}, "int8"), "int8");
    expect(asked).toBe(0);
  });

  it("computes in float32 where blocks cannot be computed after all", async () => {
    const {compute, vectors} = await open(bundle, "int8");
    expect(asked).toBe(1);
    expect(Math.hypot(...vectors)).toBeCloseTo(1, 5);
    const exact = {name: "wasm", precision: "int8", threads: 1, startThread: ownThread} as const;
    const float = await openTrustedWasm(bundle, exact, () => false);
    const tokens = Int32Array.from(bundle.tableRow.keys());
    const right = await float.embed(tokens, 1, tokens.length);
    await float.close();
    const apart = Math.max(...right.map((value, i) => Math.abs(value - vectors[i])));
    // This Node has no relaxed SIMD; where one has, its blocks are as good.
    expect(apart).toBeLessThan(compute === "blocks" ? 1e-3 : 1e-12);
  });
});
