import type {Notice} from "../views/notice-list.js";

/** Told to all inputs of a page when the models of this browser are others. */
export const changed = "workbook-models";

/** Tells inputs and the storage panel that the models of this browser are others. */
export const tellChanged = (): void => {
  for (const name of [changed, "workbook-storage"]) document.dispatchEvent(new Event(name));
};

/** Something else is wanted while a model is added or measured. */
export const busyAdding: Notice = {
  severity: "info",
  code: "busy-adding",
  message: "A model is being added or measured",
  remedy: "wait for it, or cancel it first: what it has is kept"
};

/** A window that keeps nothing can keep no model. */
export const keepsNothing: Notice = {
  severity: "info",
  code: "keeps-nothing",
  message: "This browser window keeps nothing (a private window, or a setting), so it can keep no model",
  remedy: "open an ordinary window to add one"
};

/** A measurement of variants was canceled. */
export const measuringEnded: Notice = {
  severity: "info",
  code: "measuring-ended",
  message: "Measuring was canceled. What was measured is kept",
  remedy: "choose “Go on making it smaller” to go on there"
};

/** A link names a model that is not here. */
export function needsModel(hash: string): Notice {
  return {
    severity: "warning",
    code: "model-needed",
    message: `This link asks for a model that this browser does not keep (${hash.slice(0, 8)})`,
    remedy: "add it below, from where you have it, or choose another; the page waits until then"
  };
}
