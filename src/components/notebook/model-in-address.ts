import {isModelHash} from "../core/model/is-model-hash.js";
import {queryParameter} from "../views/address-query.js";

/** The hash of the model that the page's address names under `parameter`; null for none, which is the site's own. */
export function modelInAddress(parameter = "model"): string | null {
  const text = queryParameter(parameter);
  return text !== null && isModelHash(text) ? text : null;
}
