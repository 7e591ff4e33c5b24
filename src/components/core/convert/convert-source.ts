import type {BundleWorkspace, Manifest} from "../model/bundle.js";
import type {ObjectStore} from "../store/object-store.js";
import {sha256} from "../sha256.js";
import type {SentenceConstants, SpeciesGenes} from "../types.js";
import {openCheckpoint} from "./checkpoint-source.js";
import type {CheckpointSource, OpenedCheckpoint} from "./checkpoint-source.js";
import {convertCheckpoint} from "./convert.js";
import type {ConversionOptions} from "./convert.js";
import {openKeptPieces} from "./kept-pieces.js";

/** Genes of each species, and what the model and its checkpoint are called. */
export interface SourceOptions extends Omit<ConversionOptions, "kept" | "keepWeights" | "log"> {
  /** Each gets its genes and its folded table in the bundle; the first is opened unless another is asked for. */
  species: readonly SpeciesGenes[];
  /** Name of the model; by default the source's. */
  name?: string;
  /** A sentence about the model for the manifest. */
  note?: string;
  /** License of the weights, and how to cite them, as their makers state it. */
  license?: string;
  citation?: string;
  /** Revision for the manifest where the source says none. */
  revision?: string;
  sentence?: SentenceConstants;
  /**
   * Where what was fetched and folded is kept until the bundle is whole, so that the next conversion of the same source with the
   * same genes goes on there. It holds nothing else, and is empty when the conversion has ended well.
   */
  unfinished?: ObjectStore;
}

/**
 * Converts the checkpoint of a source into `bundle`: what `convertCheckpoint` does, with the source read by range and what was
 * read of it identified in the manifest. After a fault or Cancel `bundle` is empty, and `unfinished` holds what is good.
 */
export async function convertSource(
  source: CheckpointSource,
  bundle: BundleWorkspace,
  {species, name = source.name, note, license, citation, revision = "", unfinished, sentence, ...options}: SourceOptions
): Promise<Manifest> {
  const {signal} = options;
  const opened = await openCheckpoint(source, signal);
  const remote = source.address !== "";
  try {
    const identity = await identityOf(source, opened, species);
    const kept = unfinished === undefined || identity === null ? undefined : await openKeptPieces(unfinished, identity);
    const from = {
      name: source.name,
      revision: source.revision() || revision,
      sha256: "",
      ...(note !== undefined && {note}),
      ...(license !== undefined && {license}),
      ...(citation !== undefined && {citation}),
      ...(remote && {address: source.address, files: opened.files})
    };
    const {config, weights} = opened;
    const checkpoint = {name, config, weights, species, sentence, source: from, untrained: false};
    const manifest = await convertCheckpoint(checkpoint, bundle, {...options, kept, keepWeights: remote});
    for (const {name: piece} of (await unfinished?.list("")) ?? []) await unfinished!.remove(piece);
    return manifest;
  } finally {
    await opened.close();
  }
}

/** What kept pieces are of: null where the source does not say whether its files are the same as before. */
async function identityOf(
  source: CheckpointSource,
  {config, files}: OpenedCheckpoint,
  species: readonly SpeciesGenes[]
): Promise<string | null> {
  if (files.some(({version}) => version === "")) return null;
  const text = JSON.stringify([source.address, source.revision(), files, config, species]);
  return (await sha256(new TextEncoder().encode(text))).slice(0, 32);
}
