import type {WeightPart} from "../../src/components/core/model/read-weights.js";
import type {BenchModel} from "./model.js";

/** The suite's tensors as a bundle's files would give them, in float32. */
export function weightParts({tensors}: BenchModel): WeightPart[] {
  return Array.from(tensors, ([name, values]) => ({
    ...{name, shape: [values.length], from: 0, blocks: null},
    widen: () => values
  }));
}
