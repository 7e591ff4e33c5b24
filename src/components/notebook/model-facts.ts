import type {Manifest} from "../core/model/bundle.js";
import {filesToKeep} from "../core/model/add-bundle.js";
import {publishedAt, type CheckpointFact} from "../core/model/published-checkpoints.js";
import {rememberedPace} from "../runtime/browser/pace.js";
import {formatBytes, formatCount, formatDuration, formatInteger} from "../views/format.js";
import type {ModelEntry} from "../views/model-entries.js";

/** A model as it stands in the list: `hash` is null for the site's own, `pace` the hash under which its speed is remembered. */
export function modelEntry(
  manifest: Omit<Manifest, "trainedOn">,
  {hash, pace, bytes}: {hash: string | null; pace: string; bytes: number}
): ModelEntry {
  const {name, source, untrained, architecture, species} = manifest;
  const speciesNames = species.map((one) => one.name).join(", ");
  const weights = untrained ? "random weights" : source.note === undefined ? "weights of a checkpoint" : "trained";
  const place = hash === null ? "comes with this site" : "kept in this browser";
  const published = source.address === undefined ? undefined : publishedAt(source.address);
  // What the bundle states comes before what is known of its checkpoint.
  const known = (about: CheckpointFact["about"]) => published?.facts.find((fact) => fact.about === about);
  const trainedOn = known("trained on");
  const ms = rememberedPace(pace);
  const {layers, width, heads} = architecture;
  return {
    hash,
    name,
    short: `· ${speciesNames} · ${formatBytes(bytes)} · ${weights} · ${place}`,
    removable: hash !== null,
    facts: [
      ["source", sourceWords(source)],
      [
        "trained",
        untrained
          ? "no: its weights are random"
          : (source.note ??
            (trainedOn && `on ${trainedOn.said}, says ${trainedOn.source}`) ??
            "as its makers published it; they say on what")
      ],
      ["species", species.map((one) => `${one.name} (${formatCount(one.genes, "gene")})`).join(", ")],
      ["shape", `${layers} layers, ${width} wide, ${heads} heads`],
      ["license", hash === null ? ownLicense : (source.license ?? known("license")?.said ?? unstated)],
      ["citation", hash === null ? ownCitation : (source.citation ?? published?.citation ?? unstated)],
      [
        "on disk",
        hash === null ? `${formatBytes(bytes)}, fetched from this site` : `${formatBytes(bytes)} in this browser`
      ],
      [
        "speed here",
        ms === null
          ? "not measured yet: it is when cells are embedded"
          : `${formatDuration(ms)} a cell, as last measured on this device`
      ],
      ["memory", `not measured yet; its weights alone take ${formatBytes(weightBytes(manifest))}`],
      ...(hash === null ? [] : [["hash", hash] as const])
    ]
  };
}

const unstated = "not stated in its files: read the page it is from";
const ownLicense = "that of this workbook; its training sets have their own (see The model)";
const ownCitation = "this workbook";

/** Bytes that a browser keeps or fetches of a model. */
export function bytesOfModel(manifest: Manifest): number {
  return filesToKeep(manifest).reduce((sum, {bytes}) => sum + bytes, 0);
}

/** Bytes of the weights as they are computed with: 32 bits each. */
function weightBytes({architecture, tableRows}: Pick<Manifest, "architecture" | "tableRows">): number {
  const {layers, width, feedForward, outputWidth} = architecture;
  return 4 * (layers * (4 * width * width + 2 * width * feedForward) + width * outputWidth + tableRows * width);
}

function sourceWords({name, address, revision, read}: Manifest["source"]): string {
  const where = address === undefined ? name : address;
  const at = revision === "" ? "" : `, revision ${revision}`;
  const taken = read === undefined || read.bytes === 0 ? "" : `; ${formatInteger(read.bytes)} bytes of it were read`;
  return `${where}${at}${taken}`;
}
