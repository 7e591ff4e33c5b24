import type {Architecture} from "../model/bundle.js";
import {blockForm, storedAs} from "../model/stored-as.js";
import type {Precision} from "../types.js";
import {blockInputs} from "./block-form.js";
import {processorLayout} from "./processor-layout.js";

/** True if a storage precision holds all of a model's matrices in blocks that functions of this folder can multiply with as they are. */
export function hasBlocks(model: Architecture, precision: Precision): boolean {
  return Array.from(processorLayout(model).matrices).every(([name, {inputs, outputs}]) => {
    const form = blockForm(storedAs(precision, {kind: "matrix", name, shape: [inputs, outputs]}));
    return form !== null && form.length % blockInputs === 0 && inputs % form.length === 0;
  });
}
