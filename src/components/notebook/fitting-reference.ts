import type {ReferenceManifest} from "../core/reference/reference-manifest.js";
import type {Notice} from "../views/notice-list.js";

/** What is known of the model that reads the cells. */
export interface ReadingModel {
  name: string;
  hash: string;
  /** Numbers of an embedding. */
  outputWidth: number;
}

type Made = Pick<ReferenceManifest, "name" | "model" | "width">;

/** True if cells that the model reads can be compared with a reference: it is of that model, or does not say which and has vectors as wide. */
export function fits({model, width}: Made, reading: ReadingModel): boolean {
  return model === null ? width === reading.outputWidth : model.hash === reading.hash;
}

/** Why a reference cannot be used with this model, and the ways out. */
export function refusal({name, model, width}: Made, reading: ReadingModel): Notice {
  const of =
    model === null
      ? `has vectors of ${width} numbers`
      : `was made by the model ${model.name} (${model.hash.slice(0, 12)})`;
  const mine = `${reading.name} (${model === null ? `${reading.outputWidth} numbers` : reading.hash.slice(0, 12)})`;
  return {
    severity: "error",
    code: "other-model",
    message: `${name} ${of}, and your cells are read by ${mine}: their vectors cannot be compared`,
    remedy:
      model === null
        ? "choose a reference of the model above"
        : `choose ${model.name} under Model, or a reference of the model that is chosen`
  };
}

/** That a reference does not say its model. */
export function modelUnknown({name}: Made, reading: ReadingModel): Notice {
  return {
    severity: "warning",
    code: "model-unknown",
    message: `${name} does not say which model made its vectors. They are as wide as those of ${reading.name}`,
    remedy: "use it only if you know that they are of the same model: others give labels without meaning"
  };
}
