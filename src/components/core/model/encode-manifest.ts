import type {Manifest} from "./bundle.js";

/** manifest.json of a bundle: JSON with two spaces and a last line break. Where there are several species, figures stand with each of them alone. */
export function encodeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const {tableRows: _, variants: __, measured: ___, ...shared} = manifest;
  const json = manifest.formatVersion === 1 ? manifest : shared;
  return new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`);
}
