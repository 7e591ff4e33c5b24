import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import type {Bundle} from "./bundle.js";

/** Throws "no-such-variant" or "no-such-file" where the bundle's variant does not have this file. */
export function requireFile(bundle: Bundle, storage: Precision, path: string): void {
  const {variants, name} = bundle.manifest;
  const variant = variants.find(({precision}) => precision === storage);
  if (variant?.files.some((file) => file.path === path) === true) return;
  throw new WorkbookError({
    domain: "model",
    code: variant === undefined ? "no-such-variant" : "no-such-file",
    fault:
      variant === undefined
        ? `model ${name} has no ${storage} variant (it has ${variants.map(({precision}) => precision).join(", ")})`
        : `the ${storage} variant of model ${name} has no ${path}`,
    remedy: variant === undefined ? "choose one of the variants that it has" : "choose another variant or model"
  });
}
