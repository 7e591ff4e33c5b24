import {rowsFromText, rowsToText} from "../cells/rows-text.js";
import {freeName} from "./free-name.js";
import {longestName, type NamedSelection, selectionColors} from "./selections.js";

/**
 * Named selections as a text for addresses and storage: name ("%", "~" and ";" escaped by "%" and two digits), color and rows (`rowsToText`) joined by "~", selections by ";". Empty for none.
 */
export function selectionsToText(saved: readonly NamedSelection[]): string {
  return saved.map(({name, color, rows}) => `${plain(name)}~${color.toString(36)}~${rowsToText(rows)}`).join(";");
}

/**
 * The selections of such a text, of a file of `cells` cells. What means nothing there (rows that the file lacks, no name, an unknown color) is left out; names are
 * made to differ.
 */
export function selectionsFromText(text: string, cells: number): NamedSelection[] {
  const found: NamedSelection[] = [];
  for (const part of text.split(";")) {
    const [, encoded, digits, runs] = /^([^~]+)~([0-9a-z]{1,2})~([\w-]+)$/.exec(part) ?? [];
    const name = encoded === undefined ? "" : decoded(encoded).trim().slice(0, longestName);
    const rows = runs === undefined ? null : rowsFromText(runs, cells);
    const color = parseInt(digits, 36);
    if (name === "" || rows === null || color >= selectionColors) continue;
    const taken = found.map((selection) => selection.name);
    found.push({name: freeName(name, taken), color, rows});
  }
  return found;
}

/** What separates is escaped, and what escapes; an address encodes the rest itself. */
const plain = (name: string): string => name.replace(/[%~;]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

const decoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
