import type {AliasTable} from "../cells/alias-table.js";
import {certainRepairs} from "../repair-kinds.js";
import {repairNames, type RepairedNames} from "../cells/repair-names.js";
import type {SpeciesLists} from "../cells/species-lists.js";
import {readsCapitals} from "../cells/reads-capitals.js";
import {speciesCalled} from "../cells/species-called.js";
import type {AnnData} from "./anndata.js";
import {geneNames, type GeneNames} from "./gene-names.js";
import type {MatrixInfo} from "./matrix-info.js";

/** Gene names of a matrix as they are used: the file's own, and what was repaired in them. */
export interface NamedGenes extends GeneNames {
  /** The file's own names; `names` has the symbols of those that were repaired. */
  fileNames: string[];
  /** The list that was asked for, as in `PipelineParameters`. */
  repair: readonly string[];
  /** Repairs taken and offered. */
  repaired: RepairedNames;
  /** The model's species, and the one that the names are read as. */
  model: SpeciesLists;
}

/** How gene names are found and repaired. */
export interface NamingOptions {
  /** Symbols of the model's genes. */
  known: ReadonlySet<string>;
  /** The caller's choice of a var column. */
  column?: string;
  /** Repairs to take, as `parseRepairs` gives them (the certain ones). */
  repair?: readonly string[];
  /** The model's species, and the one that names are read as; by default `known` are the symbols of one species, human. */
  model?: SpeciesLists;
  /** Loads the table of previous and alias symbols, which are of human genes; without it none is recognized. */
  aliases?: () => Promise<AliasTable>;
}

/**
 * Gene names of `matrix` (`geneNames`), repaired as `repair` says. The table of aliases is loaded only where names are left
 * that nothing else explains; if that fails, names are told without it, unless the caller asked for a repair that needs it.
 * Names of a species that the model has in capitals only are read so. Throws what `geneNames` and `repairNames` throw, and what `aliases` throws in that case.
 */
export async function namedGenes(
  anndata: AnnData,
  matrix: Pick<MatrixInfo, "genes">,
  {known, column, repair: asked = certainRepairs, aliases, model = humanOnly(known)}: NamingOptions
): Promise<NamedGenes> {
  const {names: fileNames, ...place} = geneNames(anndata, matrix, {column});
  const list = model.lists.find(({name}) => name === model.species);
  const repair = asked.length > 0 && list !== undefined && readsCapitals(list) ? [...asked, "case"] : asked;
  let repaired = repairNames(fileNames, known, new Map(), repair, model.species);
  const explained = new Set(repaired.proposals.repairs.map((proposed) => proposed.column));
  const isHuman = speciesCalled(model.species)?.name === "human";
  if (aliases !== undefined && isHuman && repaired.names.some((name, i) => !known.has(name) && !explained.has(i))) {
    const table = await aliases().catch((error: unknown) => {
      if (repair.includes("aliases") || repair.includes("dates")) throw error;
      return new Map<string, readonly string[]>();
    });
    repaired = repairNames(fileNames, known, table, repair, model.species);
  }
  return {...place, names: repaired.names, fileNames, repair: asked, repaired, model};
}

function humanOnly(known: ReadonlySet<string>): SpeciesLists {
  const genes = Array.from(known, (symbol) => ({symbol, token: 0, chromosome: 0, start: 0}));
  return {species: "human", lists: [{name: "human", genes}]};
}
