import {isRecord} from "../is-record.js";
import {WorkbookError} from "../errors.js";
import type {ModelGene} from "../types.js";

/**
 * Reads the public gene dictionary (JSON: species -> symbol -> {protein_embedding_id, chromosome_id, location}, the
 * three being strings of digits) into model genes, in the dictionary's order. `species` names the part to take; it can
 * be left out where there is only one. Throws a WorkbookError of domain "genes" that names the gene at fault.
 */
export function parseGeneDictionary(json: string, species?: string): ModelGene[] {
  const dictionary = parseJson(json);
  const names = Object.keys(dictionary);
  const chosen = species ?? (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined || !Object.hasOwn(dictionary, chosen)) {
    throw fault(
      "unknown-species",
      chosen === undefined
        ? `the gene dictionary holds ${names.length} species and none was chosen`
        : `the gene dictionary has no species "${chosen}"`,
      undefined,
      names.length === 0 ? "Give the dictionary of the checkpoint" : `choose one of: ${names.slice(0, 10).join(", ")}`
    );
  }
  const entries = dictionary[chosen];
  if (!isRecord(entries)) {
    throw notADictionary(`species "${chosen}" holds no genes`);
  }
  const genes = Object.entries(entries).map(([symbol, entry]) => readGene(chosen, symbol, entry));
  if (genes.length === 0) throw notADictionary(`species "${chosen}" holds no genes`);
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
