import {isRecord} from "../is-record.js";
import {WorkbookError} from "../errors.js";
import type {ModelGene, SpeciesGenes} from "../types.js";

/**
 * Reads the public gene dictionary (JSON: species -> symbol -> {protein_embedding_id, chromosome_id, location}, the
 * three being strings of digits) into model genes, in the dictionary's order. `species` names the species to take, in their
 * order, or "all"; it can be left out where there is only one. Throws a WorkbookError of domain "genes" that names the gene at fault.
 */
export function parseGeneDictionary(json: string, species?: readonly string[] | "all"): SpeciesGenes[] {
  const dictionary = parseJson(json);
  const names = Object.keys(dictionary);
  const chosen = species === "all" || (species === undefined && names.length === 1) ? names : (species ?? []);
  const lacking = chosen.find((name) => !Object.hasOwn(dictionary, name));
  if (chosen.length === 0 || lacking !== undefined) {
    throw fault(
      "unknown-species",
      lacking === undefined
        ? `the gene dictionary holds ${names.length} species and none was chosen`
        : `the gene dictionary has no species "${lacking}"`,
      undefined,
      names.length === 0
        ? "give the dictionary of the checkpoint"
        : `choose one or more of: ${names.slice(0, 20).join(", ")}; or all`
    );
  }
  return [...new Set(chosen)].map((name) => ({name, genes: readSpecies(name, dictionary[name])}));
}

function readSpecies(species: string, entries: unknown): ModelGene[] {
  const genes = isRecord(entries)
    ? Object.entries(entries).map(([symbol, entry]) => readGene(species, symbol, entry))
    : [];
  if (genes.length === 0) throw notADictionary(`species "${species}" holds no genes`);
  return genes;
}

function readGene(species: string, symbol: string, entry: unknown): ModelGene {
  const place = `${species}/${symbol}`;
  if (!isRecord(entry)) {
    throw fault(
      "bad-gene",
      `gene "${symbol}" is not an object with three fields`,
      place,
      "give an unchanged dictionary"
    );
  }
  const number = (field: string): number => {
    const value = entry[field];
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text !== "string" || !/^\d{1,10}$/.test(text) || Number(text) > 2147483647) {
      throw fault(
        "bad-gene",
        `gene "${symbol}" has ${value === undefined ? "no" : `the value ${JSON.stringify(value)} as`} ${field}`,
        `${place}/${field}`,
        "give a dictionary in which it is a whole number that is not negative"
      );
    }
    return Number(text);
  };
  return {
    symbol,
    token: number("protein_embedding_id"),
    chromosome: number("chromosome_id"),
    start: number("location")
  };
}

function parseJson(json: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw notADictionary("the gene dictionary is not JSON", cause);
  }
  if (!isRecord(value)) throw notADictionary("the gene dictionary is not a JSON object");
  return value;
}

function notADictionary(text: string, cause?: unknown): WorkbookError {
  return fault(
    "bad-gene-dictionary",
    text,
    undefined,
    "give the checkpoint's dictionary: species, then symbol, then protein_embedding_id, chromosome_id and location",
    cause
  );
}

function fault(code: string, text: string, place: string | undefined, remedy: string, cause?: unknown): WorkbookError {
  return new WorkbookError({domain: "genes", code, fault: text, place, remedy}, {cause});
}
