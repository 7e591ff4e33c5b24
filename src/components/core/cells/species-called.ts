import {knownSpecies, type KnownSpecies} from "./known-species.js";

/** The known species that a gene dictionary calls `name` ("human", "Mus musculus"); null where none is. */
export function speciesCalled(name: string): KnownSpecies | null {
  const key = name
    .trim()
    .toLowerCase()
    .replace(/[^a-z]+/g, "_");
  return (
    knownSpecies.find((known) => known.name === name || known.alsoCalled.includes(key) || known.name === key) ?? null
  );
}
