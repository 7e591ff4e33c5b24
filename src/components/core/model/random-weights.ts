import {bundlePaths} from "./bundle-paths.js";
import type {Bundle} from "./bundle.js";
import {parseSafetensorsHeader, safetensorsHeaderLength} from "./safetensors-header.js";
import {weightFiles} from "./weight-files.js";
import {createRandom} from "../random.js";

/**
 * The same model with everything learned taken out of it: inside each stored tensor of the encoder and of the token table
 * the numbers are shuffled among themselves, so sizes and spread stay and order goes. (8-bit tensors: their whole numbers
 * are shuffled, the scales stay.) Seeded. It has no self-test, which it could not pass, and a hash of its own, so that no
 * device is trusted for it.
 */
export function withRandomWeights(bundle: Bundle, seed: number): Bundle {
  const spoilt = new Set(
    bundle.manifest.variants.flatMap(({precision, files}) =>
      [bundlePaths.table(precision), bundlePaths.weights("encoder", precision)].flatMap((first) =>
        weightFiles(files, first)
      )
    )
  );
  const variants = bundle.manifest.variants.map((variant) => ({
    ...variant,
    files: variant.files.filter(({path}) => path !== bundlePaths.selfTest(variant.precision))
  }));
  return {
    ...bundle,
    manifest: {...bundle.manifest, untrained: true, variants},
    hash: `${bundle.hash} shuffled ${seed}`,
    async file(path, signal) {
      const bytes = await bundle.file(path, signal);
      return spoilt.has(path) ? shuffleTensors(bytes, path, seed) : bytes;
    }
  };
}

/**
 * A copy of a safetensors file with the elements of every tensor shuffled (Fisher and Yates), scales left as they are.
 * Throws a WorkbookError of domain "model" if the header is damaged.
 */
export function shuffleTensors(bytes: Uint8Array<ArrayBuffer>, path: string, seed: number): Uint8Array<ArrayBuffer> {
  const length = safetensorsHeaderLength(bytes.subarray(0, 8), bytes.byteLength, path, "model");
  const tensors = parseSafetensorsHeader(bytes.subarray(8, 8 + length), bytes.byteLength, path, "model");
  const copy = bytes.slice();
  const random = createRandom(seed).next;
  for (const [name, {start, end, shape}] of tensors) {
    if (/\.scales4?$/.test(name)) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    // Elements may begin at any byte, where a typed array over the file's own buffer cannot.
    const content = copy.slice(start, end).buffer;
    const size = count === 0 ? 1 : (end - start) / count;
    const elements =
      size === 4 ? new Uint32Array(content) : size === 2 ? new Uint16Array(content) : new Uint8Array(content);
    for (let i = elements.length - 1; i > 0; --i) {
      const j = Math.floor(random() * (i + 1));
      const kept = elements[i];
      elements[i] = elements[j];
      elements[j] = kept;
    }
    copy.set(new Uint8Array(content), start);
  }
  return copy;
}
