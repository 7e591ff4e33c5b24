import type {ReferenceManifest} from "../core/reference/reference-manifest.js";
import {isRecord} from "../core/is-record.js";
import {formatBytes, formatCount, formatInteger, wholePercent} from "./format.js";
import type {ModelEntry} from "./model-entries.js";

/** A reference as an entry of a list; `hash` is null for the site's own. */
export function referenceEntry(manifest: ReferenceManifest, hash: string | null, bytes: number): ModelEntry {
  const {name, cells, model, labels, license, citation, note, provenance, relativeError} = manifest;
  const source = isRecord(provenance) && isRecord(provenance["source"]) ? provenance["source"]["name"] : undefined;
  const held = labels.map(({column, calibration: {heldOut}}): [string, string] => [
    column,
    `${formatCount(heldOut.labels.length, "label")}; on ${formatCount(heldOut.cells, "held-out cell")} ${wholePercent(heldOut.unknown)} unknown, of the others ${wholePercent(heldOut.accuracy)} correct`
  ]);
  const facts: [string, string][] = [
    ["model", model === null ? "not stated" : `${model.name} (${model.hash.slice(0, 12)})`],
    ...held,
    ["made of", typeof source === "string" ? source : "not stated"],
    ["license", license === "" ? "not stated" : license],
    ["citation", citation === "" ? "not stated" : citation],
    ...(note === "" ? [] : [["note", note] as [string, string]]),
    ["size", `${formatBytes(bytes)}; vectors in 8 bit, ${(100 * relativeError).toFixed(1)} % from the full ones`]
  ];
  return {hash, name, short: `${formatInteger(cells)} cells`, facts, removable: hash !== null, measuring: null};
}
