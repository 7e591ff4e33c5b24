// The page of measure-blocks.ts: one sentence in our own functions on the processor, in float32 and in 8-bit blocks, of the same stored weights.
import {weightPlaces} from "../src/components/core/kernels/weight-places.js";
import type {Architecture} from "../src/components/core/model/bundle.js";
import {quantizeBlocks, widenBlocks} from "../src/components/core/model/quantize.js";
import type {WeightPart} from "../src/components/core/model/read-weights.js";
import {widenToFloat32} from "../src/components/core/model/widen.js";
import {activationSites} from "../src/components/core/processor/activation-sites.js";
import {dotsPay} from "../src/components/core/processor/dots-pay.js";
import {embedSentence, type Processor} from "../src/components/core/processor/embed-sentence.js";
import {encoderModule} from "../src/components/core/processor/encoder-module.js";
import {packWeights} from "../src/components/core/processor/pack-weights.js";
import {processorLayout} from "../src/components/core/processor/processor-layout.js";
import {createRandom} from "../src/components/core/random.js";

/** How the page computes. */
export type BlocksWay = "float32" | "relaxed SIMD" | "8-bit blocks";

/** Opens a model of random weights; what it answers embeds sentence 0 or 1 in one of the ways. */
interface BlocksPage {
  openBlocks(model: Architecture, length: number): Promise<{pay: boolean; bytes: Record<BlocksWay, number>}>;
  runBlocks(way: BlocksWay, sentence: 0 | 1): number[];
}

declare global {
  interface Window extends BlocksPage {}
}

const ways: Record<BlocksWay, {fused: boolean; blocks: boolean}> = {
  float32: {fused: false, blocks: false},
  "relaxed SIMD": {fused: true, blocks: false},
  "8-bit blocks": {fused: true, blocks: true}
};
const processors = new Map<BlocksWay, Processor>();
let sentences: Float32Array[] = [];

window.openBlocks = async (model, length) => {
  const {parts, table} = storedParts(model, length);
  sentences = [table, table.map((value, i) => (i % 5 === 0 ? -value : value))];
  const bytes = {} as Record<BlocksWay, number>;
  for (const [way, {fused, blocks}] of Object.entries(ways) as [BlocksWay, (typeof ways)[BlocksWay]][]) {
    const layout = processorLayout(model, {blocks});
    const at = layout.weightBytes;
    const memory = new WebAssembly.Memory({initial: Math.ceil((at + activationSites(layout, length).bytes) / 65_536)});
    await packWeights(layout, parts, memory, () => {});
    const code = encoderModule(model, {fused, shared: false, blocks});
    const {instance} = await WebAssembly.instantiate(code, {env: {memory}});
    processors.set(way, {layout, exports: instance.exports, memory, at});
    bytes[way] = at;
  }
  return {pay: dotsPay(), bytes};
};

window.runBlocks = (way, sentence) => {
  const steps = embedSentence(processors.get(way)!, sentences[sentence]);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return [...step.value];
  }
};

/** Weights as random-bundle.ts draws them, matrices in 8-bit blocks, and a table with a row for each token of the sentence. */
function storedParts(model: Architecture, length: number): {parts: WeightPart[]; table: Float32Array} {
  const {normal} = createRandom(1280);
  const pool = Float32Array.from({length: 1 << 20}, normal);
  let at = 0;
  const draw = (size: number, middle: number, scale: number): Float32Array<ArrayBuffer> => {
    at = (at + 77_777) % pool.length;
    return Float32Array.from({length: size}, (_, i) => middle + scale * pool[(at + i) % pool.length]);
  };
  const parts: WeightPart[] = [];
  for (const [name, {size, outputs, matrix}] of weightPlaces(model, length)) {
    if (name === "table") continue;
    const inputs = size / outputs;
    const scale = !matrix ? 0.1 : (/query|key/.test(name) ? 2 : 1) / Math.sqrt(3 * inputs);
    const values = draw(size, /norm\d?\.weight$/.test(name) ? 1 : 0, scale);
    if (!matrix) {
      parts.push({name, shape: [size], from: 0, blocks: null, widen: () => values});
      continue;
    }
    const stored = quantizeBlocks(values, inputs, outputs, name);
    const scales = new Uint8Array(stored.scales.buffer);
    const wide = widenToFloat32(scales, "F16")!;
    parts.push({
      ...{name, shape: [inputs, outputs], from: 0},
      blocks: {bits: 8, length: 32, inputs, outputs, values: stored.values, scales},
      widen: () => widenBlocks(stored.values, wide, inputs, outputs)
    });
  }
  return {parts, table: draw(length * model.width, 0, 1)};
}
