import {openAnnData} from "../core/anndata/anndata.js";
import {geneNames} from "../core/anndata/gene-names.js";
import {recognizeSpecies} from "../core/cells/recognize-species.js";
import type {Calibration} from "../core/convert/measurement.js";
import {WorkbookError} from "../core/errors.js";
import {calibrationSentences} from "../core/pipeline/calibration-sentences.js";
import type {SentenceConstants, SpeciesGenes} from "../core/types.js";
import {openH5File} from "./node-h5.js";

/** Which cells to take sentences of, and for which model. */
export interface CalibrationOptions {
  /** The model's species. */
  species: readonly SpeciesGenes[];
  sentence: SentenceConstants;
  /** Most cells that are taken of a species (600), as many of each of its files, spread over them at equal distances. */
  most?: number;
  signal?: AbortSignal;
}

/**
 * Sentences of real cells of h5ad files, made as a run makes them (reference sampling, seeds by row), to measure variants
 * on: one entry for each of the model's species that a file is of. Cells without counts are left out. Throws what opening and reading
 * a file throws, and a WorkbookError of domain "genes", code "other-species" or "two-species", for a file that is of none or of several.
 */
export async function calibrationCells(
  paths: readonly string[],
  {species, sentence, most = 600, signal}: CalibrationOptions
): Promise<Calibration[]> {
  const files = new Map<string, string[]>();
  for (const path of paths) {
    const name = species.length === 1 ? species[0].name : await speciesOfFile(path, species);
    files.set(name, [...(files.get(name) ?? []), path]);
  }
  const found: Calibration[] = [];
  for (const [name, own] of files) {
    const genes = species.find((each) => each.name === name)!;
    const parts: Calibration[] = [];
    for (const path of own)
      parts.push(await cellsOfFile(path, Math.ceil(most / own.length), {genes, sentence, signal}));
    found.push({
      species: name,
      origin: parts.map(({origin}) => origin).join(", "),
      sentences: parts.flatMap(({sentences}) => [...sentences])
    });
  }
  return found;
}

async function speciesOfFile(path: string, species: readonly SpeciesGenes[]): Promise<string> {
  const reader = await openH5File(path);
  try {
    const anndata = openAnnData(reader);
    const {names} = geneNames(anndata, {genes: "var"});
    const {verdict, found} = recognizeSpecies(names, species, {ids: anndata.varNames("var")});
    if (verdict === "one" && found[0].inModel) return found[0].species;
    const like = found.map((finding) => finding.species).join(" and ") || "none that is known";
    throw new WorkbookError({
      domain: "genes",
      code: verdict === "several" ? "two-species" : "other-species",
      fault: `the genes of ${path} look like those of ${like}`,
      remedy: `measure on cells of one of the model's species: ${species.map(({name}) => name).join(", ")}`
    });
  } finally {
    reader.close();
  }
}

async function cellsOfFile(
  path: string,
  most: number,
  {genes: {name, genes}, sentence, signal}: {genes: SpeciesGenes; sentence: SentenceConstants; signal?: AbortSignal}
): Promise<Calibration> {
  const reader = await openH5File(path);
  try {
    const model = {species: name, genes, lists: [{name, genes}]};
    return await calibrationSentences(openAnnData(reader), {model, sentence, most, signal});
  } finally {
    reader.close();
  }
}
