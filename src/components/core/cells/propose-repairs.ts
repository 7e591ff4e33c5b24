import type {AliasTable} from "./alias-table.js";
import {bareNames} from "./bare-names.js";
import {makeNames} from "./make-names.js";
import type {RepairKind} from "../repair-kinds.js";
import {speciesCalled} from "./species-called.js";
import {spreadsheetDate} from "./spreadsheet-date.js";

/** A name that would match a symbol of the model if it were repaired. */
export interface ProposedRepair {
  /** Column of the file. */
  column: number;
  from: string;
  to: string;
  /** Everything that has to be repaired, the least certain last. */
  kinds: readonly RepairKind[];
}

/** A name that may stand for several symbols: never guessed. */
export interface UnclearName {
  column: number;
  name: string;
  /** What it may be, in alphabetical order. */
  symbols: readonly string[];
  kind: RepairKind;
}

/** A name that is not repaired, because another name of the file is that symbol, or would become it as well. */
export interface NameClash {
  column: number;
  name: string;
  symbol: string;
  /** The other name. */
  other: string;
  /** What would have to be repaired. */
  kinds: readonly RepairKind[];
}

/** What is known of a file's names that the model does not know. */
export interface Proposals {
  repairs: ProposedRepair[];
  unclear: UnclearName[];
  clashes: NameClash[];
}

interface Reading {
  symbols: readonly string[];
  kinds: readonly RepairKind[];
}

/** Surer kinds are tried first; a name that one of them explains is not asked about the next. */
const ranks: Readonly<Record<RepairKind, number>> = {
  spaces: 1,
  prefix: 1,
  version: 1,
  pair: 1,
  dots: 2,
  dates: 3,
  aliases: 3,
  case: 4
};

/**
 * Finds, for each of `names` (one a column) that is not among the model's symbols (`known`), the symbol that it was probably
 * meant to be; `aliases` may be empty, `species` is whose symbols they are. A name that is a symbol stays as it is, whatever it looks like. No two different names
 * become one symbol: the surer repair has it, of equal ones neither, and both are told as clashes. A name that the file
 * repeats is repaired wherever it stands, as a symbol that repeats is kept.
 */
export function proposeRepairs(
  names: readonly string[],
  known: ReadonlySet<string>,
  aliases: AliasTable,
  species: string
): Proposals {
  const read = createReader(known, aliases, speciesCalled(species)?.genome ?? null);
  const columnsOf = new Map<string, number[]>();
  const ownerOf = new Map<string, string>();
  names.forEach((name, column) => {
    if (known.has(name)) ownerOf.set(name, name);
    else if (columnsOf.has(name)) columnsOf.get(name)!.push(column);
    else columnsOf.set(name, [column]);
  });
  const found: Proposals = {repairs: [], unclear: [], clashes: []};
  const wanted: {name: string; reading: Reading}[] = [];
  for (const [name, columns] of columnsOf) {
    const reading = read(name);
    if (reading === null) continue;
    if (reading.symbols.length === 1) wanted.push({name, reading});
    else {
      const symbols = [...reading.symbols].sort();
      found.unclear.push(...columns.map((column) => ({column, name, symbols, kind: reading.kinds.at(-1)!})));
    }
  }
  for (const rank of new Set(Object.values(ranks))) {
    const now = wanted.filter(({reading}) => rankOf(reading.kinds) === rank);
    const before = new Map(ownerOf);
    const rivals = new Map<string, string[]>();
    for (const {name, reading} of now)
      rivals.set(reading.symbols[0], [...(rivals.get(reading.symbols[0]) ?? []), name]);
    for (const {name, reading} of now) {
      const [symbol] = reading.symbols;
      const other = before.get(symbol) ?? rivals.get(symbol)!.find((rival) => rival !== name);
      ownerOf.set(symbol, ownerOf.get(symbol) ?? name);
      for (const column of columnsOf.get(name)!) {
        if (other === undefined) found.repairs.push({column, from: name, to: symbol, kinds: reading.kinds});
        else found.clashes.push({column, name, symbol, other, kinds: reading.kinds});
      }
    }
  }
  for (const list of [found.repairs, found.unclear, found.clashes]) list.sort((a, b) => a.column - b.column);
  return found;
}

/** True of INS.1: whoever makes names unique writes so, and that INS-1 is an old name of FOXM1 is no reason to guess it. */
function isNumbered(text: string, known: ReadonlySet<string>): boolean {
  const numbered = /^(.+)\.\d+$/.exec(text);
  return numbered !== null && known.has(numbered[1]);
}

function rankOf(kinds: readonly RepairKind[]): number {
  return Math.max(0, ...kinds.map((kind) => ranks[kind]));
}

/** A function that answers what a name may be by its surest reading; null where nothing fits. */
function createReader(
  known: ReadonlySet<string>,
  aliases: AliasTable,
  genome: RegExp | null
): (name: string) => Reading | null {
  const nothing: readonly string[] = [];
  const dotted = once(() => dottedNames([...known].map((symbol): [string, string[]] => [symbol, [symbol]])));
  const dottedAliases = once(() => dottedNames(aliases));
  const dated = (dates: readonly string[]) => dates.flatMap((date) => aliases.get(date) ?? nothing);
  return (name) => {
    let best: {symbols: string[]; kinds: readonly RepairKind[]} | null = null;
    const add = (symbols: readonly string[], kinds: readonly RepairKind[]): void => {
      if (symbols.length === 0) return;
      const sure = best === null ? 0 : rankOf(kinds) - rankOf(best.kinds);
      if (best === null || sure < 0) best = {symbols: [...symbols], kinds};
      else if (sure === 0) best.symbols.push(...symbols);
    };
    for (const {text, kinds} of bareNames(name, genome)) {
      if (known.has(text)) add([text], kinds);
      // The names of dates are no aliases: "3-SEP" is in the table for the dates alone.
      const dates = spreadsheetDate(text);
      if (dates.length > 0) add(dated(dates), [...kinds, "dates"]);
      else if (aliases.has(text)) add(aliases.get(text)!, [...kinds, "aliases"]);
      if (text.includes(".")) {
        add(dotted().get(text) ?? nothing, [...kinds, "dots"]);
        if (dates.length === 0 && !isNumbered(text, known))
          add(dottedAliases().get(text) ?? nothing, [...kinds, "dots", "aliases"]);
      }
      const raised = text.toUpperCase();
      if (raised !== text && known.has(raised)) add([raised], [...kinds, "case"]);
    }
    const found = best as {symbols: string[]; kinds: readonly RepairKind[]} | null;
    return found === null ? null : {symbols: [...new Set(found.symbols)], kinds: found.kinds};
  };
}

/** Names that make.names changes, as it writes them, and their symbols. */
function dottedNames(names: Iterable<readonly [string, readonly string[]]>): Map<string, string[]> {
  const table = new Map<string, string[]>();
  for (const [name, symbols] of names) {
    const made = makeNames(name);
    if (made !== name) table.set(made, [...(table.get(made) ?? []), ...symbols]);
  }
  return table;
}

/** `make`, called when its value is first asked for. */
function once<T>(make: () => T): () => T {
  let made: {value: T} | null = null;
  return () => (made ??= {value: make()}).value;
}
