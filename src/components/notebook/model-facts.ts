import {filesToKeep} from "../core/model/add-bundle.js";
import {bestPrecision} from "../core/model/best-precision.js";
import type {Manifest} from "../core/model/bundle.js";
import type {KnownPace} from "../core/model/expected-cost.js";
import type {MeasuredVariants} from "../core/model/measured-variants.js";
import {publishedAt, type CheckpointFact} from "../core/model/published-checkpoints.js";
import {rememberedPace} from "../runtime/browser/pace.js";
import type {Precision} from "../core/types.js";
import {formatBytes, formatCount, formatInteger} from "../views/format.js";
import type {ModelEntry} from "../views/model-entries.js";
import {costWords} from "./cost-words.js";
import {precisionNames, smallerVariants, storedAs} from "./variant-words.js";

/** What is known here of a model beside its manifest. */
export interface ModelHere {
  /** Null for the site's own. */
  hash: string | null;
  /** Hash under which its speed is remembered. */
  pace: string;
  bytes: number;
  /** Storage precisions that this browser keeps; none for the site's own. */
  precisions?: readonly Precision[];
  measured?: MeasuredVariants | null;
  /** True where a measurement of its variants was begun and not ended. */
  begun?: boolean;
}

/** How long the models that ran on this device took. */
export function knownPaces(models: readonly {manifest: Omit<Manifest, "trainedOn">; pace: string}[]): KnownPace[] {
  return models.flatMap(({manifest, pace}) => {
    const ms = rememberedPace(pace);
    return ms === null
      ? []
      : [{name: manifest.name, ms, shape: {...manifest.architecture, tableRows: manifest.tableRows}}];
  });
}

/** A model as it stands in the list; what it costs is estimated from those that ran here where it did not. */
export function modelEntry(
  manifest: Omit<Manifest, "trainedOn">,
  {hash, pace, bytes, precisions = [], measured = null, begun = false}: ModelHere,
  paces: readonly KnownPace[] = []
): ModelEntry {
  const {name, source, untrained, architecture, species} = manifest;
  const speciesNames = species.map((one) => one.name).join(", ");
  const weights = untrained ? "random weights" : source.note === undefined ? "weights of a checkpoint" : "trained";
  const place = hash === null ? "comes with this site" : "kept in this browser";
  const published = source.address === undefined ? undefined : publishedAt(source.address);
  // What the bundle states comes before what is known of its checkpoint.
  const known = (about: CheckpointFact["about"]) => published?.facts.find((fact) => fact.about === about);
  const trainedOn = known("trained on");
  const shape = {...architecture, tableRows: manifest.tableRows};
  const storage = bestPrecision({manifest}, {prefer: "download"});
  const cost = costWords(shape, paces, rememberedPace(pace), storage);
  const smaller = hash === null ? null : smallerVariants(manifest, {precisions, measured});
  const precision = precisionNames[storage];
  const {layers, width, heads} = architecture;
  return {
    hash,
    name,
    short: `· ${speciesNames} · ${formatBytes(bytes)}${hash === null ? "" : ` · ${precision}`} · ${weights} · ${place}`,
    removable: hash !== null,
    measuring: smaller === null || species.length > 1 ? null : begun ? "begun" : measured === null ? "new" : "done",
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
      ["stored as", storedAs(manifest)],
      ...(smaller === null ? [] : [["smaller", smaller] as const]),
      ["speed here", cost.speed],
      ["memory", cost.memory],
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

function sourceWords({name, address, revision, read}: Manifest["source"]): string {
  const where = address === undefined ? name : address;
  const at = revision === "" ? "" : `, revision ${revision}`;
  const taken = read === undefined || read.bytes === 0 ? "" : `; ${formatInteger(read.bytes)} bytes of it were read`;
  return `${where}${at}${taken}`;
}
