import type {AnnData} from "../anndata/anndata.js";
import type {AliasTable} from "../cells/alias-table.js";
import type {SpeciesLists} from "../cells/species-lists.js";
import type {ModelGene, SentenceConstants} from "../types.js";
import {createCellRecords} from "./cell-records.js";
import {prepareCells, type LoadParameters} from "./prepare-cells.js";
import {streamSentences} from "./stream-sentences.js";

/** Which cells to take sentences of, and for which model. */
export interface CalibrationSentencesOptions {
  /** The model's genes, and its species: an opened bundle is such. */
  model: SpeciesLists & {readonly genes: readonly ModelGene[]};
  sentence: SentenceConstants;
  /** Most cells that are taken (600), spread over the file at equal distances. */
  most?: number;
  /** Matrix, species and names as somebody chose them (by the evidence in the file). */
  load?: LoadParameters;
  aliases?: () => Promise<AliasTable>;
  signal?: AbortSignal;
}

/**
 * Sentences of real cells of an open file, made as a run makes them (reference sampling, seeds by row), to measure variants on, and what
 * they are of ("600 cells of lung.h5ad"). Cells without counts are left out. Throws what `prepareCells` throws.
 */
export async function calibrationSentences(
  anndata: AnnData,
  {model, sentence, most = 600, load = {matrix: null, geneColumn: null}, aliases, signal}: CalibrationSentencesOptions
): Promise<{origin: string; sentences: Int32Array[]; species: string}> {
  const count = Math.min(most, anndata.nObs);
  const rows = Int32Array.from({length: count}, (_, i) => Math.floor((i * anndata.nObs) / count));
  const prepared = await prepareCells(anndata, model.genes, load, rows, {model, aliases, signal});
  const records = createCellRecords(rows);
  const options = {sampling: "reference", seeds: "row", average: 1, constants: sentence, records, signal} as const;
  const sentences: Int32Array[] = [];
  for await (const {tokens} of streamSentences(prepared, options)) if (tokens !== null) sentences.push(tokens);
  return {origin: `${sentences.length} cells of ${anndata.name}`, sentences, species: model.species};
}
