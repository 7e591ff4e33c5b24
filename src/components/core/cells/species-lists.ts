import type {SpeciesGenes} from "../types.js";

/** What of a model names of genes are read by; an opened bundle is one. */
export interface SpeciesLists {
  /** The species that the names are read as, as the model calls it. */
  readonly species: string;
  /** Genes of the model's species, as far as they are known. */
  readonly lists: readonly SpeciesGenes[];
}
