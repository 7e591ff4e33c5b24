import type {SpeciesLists} from "./species-lists.js";
import {readsCapitals} from "./reads-capitals.js";

/**
 * Every name that is read as a symbol of the model's species without a repair that somebody would have to ask for: its symbols, and
 * where it has those of mouse in capitals, the same as mouse symbols are written (GNAI3: Gnai3, gnai3).
 */
export function namesKnown({species, lists}: SpeciesLists): Set<string> {
  const list = lists.find(({name}) => name === species);
  const symbols = (list?.genes ?? []).map(({symbol}) => symbol);
  if (list === undefined || !readsCapitals(list)) return new Set(symbols);
  const written = symbols.flatMap((symbol) => [`${symbol[0]}${symbol.slice(1).toLowerCase()}`, symbol.toLowerCase()]);
  return new Set([...symbols, ...written]);
}
