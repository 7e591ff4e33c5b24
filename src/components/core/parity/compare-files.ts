import type {Bundle} from "../model/bundle.js";
import {sha256} from "../sha256.js";
import type {Precision} from "../types.js";
import {parityRow, type ParityRow} from "./parity-row.js";

/** Compares the SHA-256 of every file of a variant, as it lies, with the manifest's. Rejects if a file cannot be read. */
export async function compareFiles(bundle: Bundle, precision: Precision, signal?: AbortSignal): Promise<ParityRow> {
  const {files} = bundle.manifest.variants.find((variant) => variant.precision === precision)!;
  const damaged: string[] = [];
  let changed = 0;
  for (const {path, sha256: expected} of files) {
    const bytes = await bundle.stored(path, signal);
    if ((await sha256(bytes)) !== expected) damaged.push(path);
    const spoilt = bytes.slice();
    spoilt[spoilt.length >> 1] ^= 1;
    if ((await sha256(spoilt)) !== expected) ++changed;
  }
  return parityRow({
    id: "files",
    stage: "model",
    title: "Files of the model",
    compared: `SHA-256 of the ${files.length} files of the ${precision} variant with the manifest's${damaged.length === 0 ? "" : `; damaged: ${damaged.join(", ")}`}`,
    unit: "files that differ",
    figure: damaged.length,
    tolerance: 0,
    controls: {"one bit changed in each": changed}
  });
}
