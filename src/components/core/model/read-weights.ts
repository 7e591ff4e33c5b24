import {bundlePaths, type BundlePart} from "./bundle-paths.js";
import type {Bundle} from "./bundle.js";
import type {Precision} from "../types.js";
import {sinusoids} from "./sinusoids.js";
import {storedWeights, type StoredWeight} from "./stored-weights.js";
import {weightFiles} from "./weight-files.js";
import {requireFile} from "./require-file.js";

/** A weight, or a part of one that is too large for one file: `from` is the number of its first element in the whole. */
export interface WeightPart extends StoredWeight {
  from: number;
}

/**
 * The weights of one part of the model as its files hold them, the encoder's positions first where they are computed, then the table, one file at a time, so that no more than one of them need be held. The checksum of every
 * file is verified. Throws a WorkbookError of domain "model".
 */
export async function* readWeights(
  bundle: Bundle,
  part: BundlePart,
  storage: Precision,
  signal?: AbortSignal
): AsyncGenerator<WeightPart> {
  const ownTable = part === "expression" && bundle.manifest.architecture.expressionTable === "own";
  const table = ownTable ? bundlePaths.expressionTable(storage) : bundlePaths.table(storage);
  const {positions, maxLength, width} = bundle.manifest.architecture;
  if (part === "encoder" && positions === "sinusoidal") {
    const widen = () => sinusoids(maxLength, width);
    yield {name: "positions", shape: [maxLength, width], from: 0, blocks: null, widen};
  }
  const before = new Map<string, number>();
  for (const path of [table, bundlePaths.weights(part, storage)].flatMap((first) =>
    filesFrom(bundle, storage, first)
  )) {
    for (const weight of storedWeights(path, await bundle.file(path, signal))) {
      const from = before.get(weight.name) ?? 0;
      before.set(weight.name, from + weight.shape.reduce((product, size) => product * size, 1));
      yield {...weight, from};
    }
  }
}

function filesFrom(bundle: Bundle, storage: Precision, first: string): string[] {
  requireFile(bundle, storage, first);
  return weightFiles(bundle.manifest.variants.find(({precision}) => precision === storage)!.files, first);
}
