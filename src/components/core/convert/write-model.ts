import type {Precision} from "../types.js";
import {bundlePaths} from "../model/bundle-paths.js";
import type {BundleFile, BundleVariant, Manifest, ModelSpecies, SpeciesFigures} from "../model/bundle.js";
import {encodeGeneTable} from "../model/genes-arrow.js";
import {manifestFor} from "../model/manifest-species.js";
import type {ConversionProgress} from "./conversion-progress.js";
import {encoderGraph} from "./encoder-graph.js";
import {expressionGraph} from "./expression-graph.js";
import type {GraphTensor} from "./graph-tensors.js";
import {readCheckpoint} from "./read-checkpoint.js";
import type {Checkpoint, CheckpointModel, ReadOptions, SpeciesTable} from "./read-checkpoint.js";
import {createReadLog} from "./read-log.js";
import {speciesFolder} from "./species-folder.js";
import {openWeightWriter, writeWeights, type WriteFile} from "./write-weights.js";

export type {WriteFile} from "./write-weights.js";

/** A species as its files are written. */
export interface SpeciesPart extends ModelSpecies, SpeciesFigures {
  tableRows: number;
  variants: BundleVariant[];
  /** Where a file of this species lies, by its name. */
  place(path: string): string;
}

/** A bundle in the making: what its manifest says of the model, and its species. */
export interface ModelParts {
  model: Omit<Manifest, "formatVersion" | "species" | "tableRows" | "measured" | "variants" | "trainedOn">;
  species: SpeciesPart[];
}

/** What `writeModel` goes by. */
export interface WriteOptions extends Omit<ReadOptions, "onProgress"> {
  variants?: readonly Precision[];
  onProgress?: (progress: ConversionProgress) => void;
}

/**
 * Reads the checkpoint, folds its table for each species and writes all files but self-tests and manifest. Float32 is what the
 * other variants are measured against: made in any case. The weights are let go of when it returns. Throws as `readCheckpoint` does.
 */
export async function writeModel(
  checkpoint: Checkpoint,
  write: WriteFile,
  {variants: wanted = ["fp32"], log = createReadLog(), ...options}: WriteOptions
): Promise<ModelParts> {
  const model = await readCheckpoint(checkpoint, {...options, log});
  const precisions = [...new Set<Precision>(["fp32", ...wanted])];
  const parts = model.expression === null ? 0 : 1;
  const tables = model.architecture.expressionTable === "own" ? 2 : 1;
  const files = precisions.length * (parts + tables * checkpoint.species.length);
  let done = 0;
  const store = async (path: string, precision: Precision, tensors: readonly GraphTensor[]): Promise<BundleFile[]> => {
    const written = await writeWeights(path, precision, tensors, write);
    options.onProgress?.({step: "write", done: ++done, total: files});
    return written;
  };
  const several = checkpoint.species.length > 1;
  const species: SpeciesPart[] = [];
  for await (const folded of model.fold()) {
    const {name, genes} = checkpoint.species[species.length];
    const folder = several
      ? speciesFolder(
          name,
          species.map((part) => part.folder!)
        )
      : undefined;
    const place = (path: string) => (folder === undefined ? path : `${folder}/${path}`);
    const inPlace: WriteFile = (path, bytes) => write(place(path), bytes);
    const graphs = await graphFiles(model, folded, checkpoint.species[species.length].genes, precisions, inPlace);
    const variants: BundleVariant[] = [];
    for (const precision of precisions) {
      const [relativeError, recall15] = precision === "fp32" ? [0, 1] : [null, null];
      const own = await store(place(bundlePaths.table(precision)), precision, [folded.table]);
      if (folded.expressionTable !== null)
        own.push(...(await store(place(bundlePaths.expressionTable(precision)), precision, [folded.expressionTable])));
      variants.push({precision, relativeError, recall15, files: [...graphs(precision), ...own]});
    }
    const tableRows = folded.table.shape[0];
    species.push({name, genes: genes.length, ...(several && {folder}), tableRows, variants, place});
  }
  const weights = await writeEncoder(model, precisions, write);
  if (model.expression !== null)
    for (const [i, precision] of precisions.entries())
      weights[i].push(...(await store(bundlePaths.weights("expression", precision), precision, model.expression)));
  for (const {variants} of species) variants.forEach(({files}, i) => files.push(...weights[i]));
  return {
    model: {
      format: "uce-workbook-bundle",
      name: checkpoint.name,
      source: {...checkpoint.source, read: await log.summary()},
      untrained: checkpoint.untrained ?? false,
      architecture: model.architecture,
      sentence: model.sentence
    },
    species
  };
}

/** Writes the encoder's weights in all precisions as they are read, a layer after the other; the files of each precision. */
async function writeEncoder(
  {encoder}: CheckpointModel,
  precisions: readonly Precision[],
  write: WriteFile
): Promise<BundleFile[][]> {
  const writers = precisions.map((precision) =>
    openWeightWriter(bundlePaths.weights("encoder", precision), precision, write)
  );
  for await (const tensor of encoder()) for (const writer of writers) await writer.add(tensor);
  const files: BundleFile[][] = [];
  for (const writer of writers) files.push(await writer.end());
  return files;
}

/** The manifest of what was written: format version 1 for one species, 2 for several. */
export function manifestOf({model: {format, ...model}, species}: ModelParts): Manifest {
  const [first] = species;
  if (species.length === 1) {
    const {name, genes, tableRows, variants, measured} = first;
    const figures = {tableRows, variants, ...(measured && {measured})};
    return {format, formatVersion: 1, ...model, species: [{name, genes}], ...figures};
  }
  const {tableRows, variants} = first;
  const listed = species.map(({place: _, ...part}) => part);
  return manifestFor({format, formatVersion: 2, ...model, species: listed, tableRows, variants});
}

/** Gene table and graphs of each storage precision: 4-bit weights have a graph of their own. A graph knows how many rows the table has. */
async function graphFiles(
  {architecture}: CheckpointModel,
  {table, tableRow}: SpeciesTable,
  genes: Checkpoint["species"][number]["genes"],
  precisions: readonly Precision[],
  write: WriteFile
): Promise<(precision: Precision) => BundleFile[]> {
  const shape = {...architecture, tableRows: table.shape[0]};
  const {expression: widths} = architecture;
  const list = await write(bundlePaths.genes, encodeGeneTable(genes, tableRow));
  const plain = await write(bundlePaths.graph("encoder", "fp32"), encoderGraph(shape));
  const inBlocks = precisions.includes("int4")
    ? await write(bundlePaths.graph("encoder", "fp32-int4"), encoderGraph({...shape, blocks: "int4"}))
    : plain;
  const head =
    widths === null ? [] : [await write(bundlePaths.graph("expression", "fp32"), expressionGraph({...shape, widths}))];
  return (precision) => [list, precision === "int4" ? inBlocks : plain, ...head];
}
