import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import {bundlePaths, type BundlePart} from "./bundle-paths.js";
import type {Bundle} from "./bundle.js";
import {sinusoids} from "./sinusoids.js";
import {widenStorage, type WideTensor} from "./widen-storage.js";

/**
 * The weights of one part of the model as float32, from the files of the storage precision: its table, part, and for the encoder its positions (sinusoids are computed).
 * The checksum of every file is verified. Throws a WorkbookError of domain "model".
 */
export async function readWideTensors(
  bundle: Bundle,
  part: BundlePart,
  storage: Precision,
  signal?: AbortSignal
): Promise<WideTensor[]> {
  const tensors: WideTensor[] = [];
  const {positions, maxLength, width, expressionTable} = bundle.manifest.architecture;
  const ownTable = part === "expression" && expressionTable === "own";
  const table = ownTable ? bundlePaths.expressionTable(storage) : bundlePaths.table(storage);
  for (const path of [table, bundlePaths.weights(part, storage)]) {
    requireFile(bundle, storage, path);
    tensors.push(...widenStorage(path, await bundle.file(path, signal)));
  }
  if (part === "encoder" && positions === "sinusoidal") {
    tensors.push({name: "positions", values: sinusoids(maxLength, width)});
  }
  return tensors;
}

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
