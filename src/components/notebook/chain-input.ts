import * as Inputs from "npm:@observablehq/inputs";
import type {Input} from "npm:@observablehq/inputs";
import type {LoadOptions, OpenFile} from "../core/stages/stage.js";
import {extend, h} from "../views/dom.js";
import {loadInput} from "./load-input.js";
import type {StageDescription} from "../core/stages/stage.js";
import {embedInput, sampleInput, umapInput} from "./stage-inputs.js";

/** What the stages from load to embed take. */
export interface ChainChoice {
  load: LoadOptions;
  sample: ReturnType<typeof sampleInput>["value"];
  embed: ReturnType<typeof embedInput>["value"];
}

/** As `ChainChoice`, with the layout of a map; `tell` as in `UmapInput`. */
export type MapChainInput = Input<ChainChoice & {umap: ReturnType<typeof umapInput>["value"]}> & {
  tell(embeddings: Pick<StageDescription, "file" | "chain">): void;
};

/**
 * All choices from load to embed, folded up: for pages whose matter is what comes after. Bound to the address, as each form is; `model` as
 * in `loadInput`.
 */
export function chainInput(file: OpenFile, {model = null}: {model?: string | null} = {}): Input<ChainChoice> {
  const parts = {load: loadInput(file, {model}), sample: sampleInput(), embed: embedInput()};
  const form = Inputs.form(parts, {
    template: ({load, sample, embed}) =>
      h("details", {class: "wb-chain"}, h("summary", {}, "Matrix, cells, sampling and device"), load, sample, embed)
  });
  return form as unknown as Input<ChainChoice>;
}

/** The same with the layout of a map: all choices of a chain. */
export function mapChainInput(file: OpenFile, {model = null}: {model?: string | null} = {}): MapChainInput {
  const umap = umapInput();
  const parts = {load: loadInput(file, {model}), sample: sampleInput(), embed: embedInput(), umap};
  const summary = h("summary", {}, "Matrix, cells, sampling, device and layout");
  const form = Inputs.form(parts, {
    template: ({load, sample, embed}) => h("details", {class: "wb-chain"}, summary, load, sample, embed, umap)
  });
  return extend(form as unknown as MapChainInput, {tell: umap.tell});
}
