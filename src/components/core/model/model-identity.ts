import {sha256} from "../sha256.js";

/**
 * What identifies a model: the sha256 of its manifest.json without `trainedOn`, which no result depends on, so that telling of training sets
 * leaves stored results and published figures those of the model. `bytes` are the file's, as `parseManifest` takes them. Without
 * `trainedOn` they are taken as they are; with it, the rest is written as the converter writes it, as JSON with two spaces
 * and a last line break. Rejects as `sha256` does.
 */
export async function modelIdentity(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const {trainedOn, ...rest} = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  if (trainedOn === undefined) return sha256(bytes);
  return sha256(new TextEncoder().encode(`${JSON.stringify(rest, null, 2)}\n`));
}
