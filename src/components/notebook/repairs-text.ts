import {parseRepairs} from "../core/repair-kinds.js";

/** The repairs of gene names that a text of an address means; undefined if it means none. */
export function repairsFromText(text: string): readonly string[] | undefined {
  try {
    return parseRepairs(text);
  } catch {
    return undefined;
  }
}
