import type {Architecture} from "../../../src/components/core/model/bundle.js";
import type {WeightPart} from "../../../src/components/core/model/read-weights.js";
import {activationSites} from "../../../src/components/core/processor/activation-sites.js";
import {embedSentence, type Processor} from "../../../src/components/core/processor/embed-sentence.js";
import {encoderModule} from "../../../src/components/core/processor/encoder-module.js";
import {packWeights} from "../../../src/components/core/processor/pack-weights.js";
import {processorLayout} from "../../../src/components/core/processor/processor-layout.js";

/** A model's weights in a memory of its own, which may be one that threads share, with room for a sentence of `longest` rows `at` bytes behind them. */
export async function openProcessor(
  model: Architecture,
  weights: AsyncIterable<WeightPart> | Iterable<WeightPart>,
  {
    fused = false,
    shared = false,
    blocks = false,
    longest = model.maxLength,
    at = 0,
    onTable = () => {}
  }: {
    fused?: boolean;
    shared?: boolean;
    blocks?: boolean;
    longest?: number;
    at?: number;
    onTable?: (part: WeightPart) => void;
  } = {}
): Promise<Processor> {
  const layout = processorLayout(model, {blocks});
  const begin = layout.weightBytes + at;
  const pages = Math.ceil((begin + activationSites(layout, longest).bytes) / 65_536);
  const memory = new WebAssembly.Memory({initial: pages, ...(shared ? {maximum: pages, shared} : {})});
  await packWeights(layout, weights, memory, onTable);
  const module = new WebAssembly.Module(encoderModule(model, {fused, shared, blocks, relaxed: false}));
  const {exports} = new WebAssembly.Instance(module, {env: {memory}});
  return {layout, exports, memory, at: begin};
}

/** The vector of a sentence, and how often it could have been ended before. */
export function runSentence(processor: Processor, input: Float32Array): {vector: Float32Array; yields: number} {
  const steps = embedSentence(processor, input);
  for (let yields = 0; ; ++yields) {
    const step = steps.next();
    if (step.done === true) return {vector: step.value, yields};
  }
}
