import type {AnnData} from "../anndata/anndata.js";
import {geneNames} from "../anndata/gene-names.js";
import {recognizeSpecies} from "../cells/recognize-species.js";
import {isWorkbookError} from "../errors.js";
import type {Bundle} from "../model/bundle.js";

/** What of a choice decides the species. */
export interface SpeciesChoice {
  /** The model's species that was asked for; null or left out: the one that the file's genes show. */
  species?: string | null;
  geneColumn?: string | null;
}

const known = new WeakMap<AnnData, Map<string, Promise<Bundle>>>();

/**
 * The model as a file needs it: for the species that was asked for, else for the one that the file's genes are recognized as, else for its
 * first (what is wrong then, `fileProblems` says). A model of one species is never looked at the file for; of several, the lists of genes
 * are read, and no table. Rejects with a WorkbookError of domain "model" ("unknown-species").
 */
export async function modelForFile(
  model: Bundle,
  anndata: AnnData,
  {species = null, geneColumn = null}: SpeciesChoice,
  signal?: AbortSignal
): Promise<Bundle> {
  if (species !== null) return model.forSpecies(species, signal);
  if (model.manifest.species.length === 1) return model;
  const answers = known.get(anndata) ?? new Map<string, Promise<Bundle>>();
  known.set(anndata, answers);
  const key = JSON.stringify([model.hash, geneColumn]);
  const answer = answers.get(key) ?? recognized(model, anndata, geneColumn, signal);
  answers.set(key, answer);
  answer.catch(() => answers.delete(key));
  return answer;
}

async function recognized(
  model: Bundle,
  anndata: AnnData,
  geneColumn: string | null,
  signal?: AbortSignal
): Promise<Bundle> {
  const all = model.manifest.species.map(({name}) => name);
  const opened = await Promise.all(all.map((name) => model.forSpecies(name, signal)));
  const {found} = recognizeSpecies(namesOf(anndata, geneColumn), opened[0].lists, {ids: anndata.varNames("var")});
  const name = found.find(({inModel}) => inModel)?.species ?? all[0];
  return model.forSpecies(name, signal);
}

/** Names of var's genes; a column that it lacks is told of where the names are used. */
function namesOf(anndata: AnnData, column: string | null): string[] {
  try {
    return geneNames(anndata, {genes: "var"}, {column: column ?? undefined}).names;
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    return anndata.varNames("var");
  }
}
