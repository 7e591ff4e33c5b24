import type {CheckpointSource} from "../../core/convert/checkpoint-source.js";
import {WorkbookError} from "../../core/errors.js";
import type {BundleSource} from "../../core/model/bundle.js";

/** Larger files are read by range, which goes on where a connection dropped. */
const small = 1 << 20;

/** A ready bundle where checkpoints are read from, too: a host, files that were picked. Throws "missing" for a file that is not there. */
export function sourceBundle(source: CheckpointSource): BundleSource {
  const name = source.address === "" ? source.name : source.address;
  return {
    name,
    async read(path, signal) {
      const file = /\.(json|onnx)$/.test(path) ? null : await source.open(path, signal);
      if (file !== null && file.byteLength > small) {
        const bytes = await file.slice(0, file.byteLength, signal).finally(() => file.close?.());
        return bytes;
      }
      await file?.close?.();
      const bytes = await source.read(path, signal);
      if (bytes !== null) return bytes;
      throw new WorkbookError({
        domain: "model",
        code: "missing",
        fault: `${path} of the model is not there`,
        place: name,
        remedy: "give all files of the bundle"
      });
    }
  };
}
