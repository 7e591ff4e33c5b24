import type {SpeciesGenes} from "../types.js";
import {speciesCalled} from "./species-called.js";

/**
 * True if a gene list has its symbols in capitals though those of its species are written otherwise, as the published dictionaries have mouse
 * (GNAI3 for Gnai3): such names are to be read in capitals, as the public code's option `case_insensitive` does.
 */
export function readsCapitals({name, genes}: SpeciesGenes): boolean {
  if (speciesCalled(name)?.letters === undefined) return false;
  const capitals = genes.reduce((n, {symbol}) => n + (symbol === symbol.toUpperCase() ? 1 : 0), 0);
  return capitals > 0.9 * genes.length;
}
