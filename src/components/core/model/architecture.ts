import type {Architecture, OutputBlock} from "./bundle.js";

/** What manifests of models before the original UCE do not say; absent there, it is UCE-brain's. */
type Added = "family" | "output" | "expressionTable";

/** An architecture as manifest.json may give it. */
export type StoredArchitecture = Omit<Architecture, Added> & Partial<Pick<Architecture, Added>>;

/** UCE-brain's way from the last layer to the unit vector: one Linear with LayerNorm, `width` numbers wide. */
export function uceBrainOutput(width: number): OutputBlock[] {
  return [{width, finish: "norm"}];
}

/** The original UCE's way, `width` numbers wide: three Linears with LayerNorm and GELU, and a bare one (snap-stanford/UCE, model.py). */
export function originalOutput(width: number): OutputBlock[] {
  return [1024, width, width]
    .map((size): OutputBlock => ({width: size, finish: "norm-gelu"}))
    .concat({width, finish: "none"});
}

/** The architecture with everything that a manifest left out, which then is as in UCE-brain. */
export function wholeArchitecture(stored: StoredArchitecture): Architecture {
  return {family: "uce-brain", output: uceBrainOutput(stored.outputWidth), expressionTable: "shared", ...stored};
}

/** The blocks between the last layer and the unit vector, each with its number and the width of what it takes. */
export function outputBlocks({
  width,
  output
}: Pick<Architecture, "width" | "output">): (OutputBlock & {index: number; inputs: number; isLast: boolean})[] {
  return output.map((block, index) => ({
    ...block,
    index,
    inputs: index === 0 ? width : output[index - 1].width,
    isLast: index === output.length - 1
  }));
}
