import {WorkbookError} from "../errors.js";

/** Symbols that each previous or alias symbol may stand for: one, or several where it is ambiguous. */
export type AliasTable = ReadonlyMap<string, readonly string[]>;

/** Fewest letters worth leaving out, and most that one letter can count. */
const [fewest, most] = [2, 25];

/**
 * Writes the table of previous and alias symbols: comment lines behind "# ", then a line a symbol, `SYMBOL,name,name,...`,
 * its names sorted. A name that shares its first letters with the one before it (the first: with the symbol) begins with a
 * small letter instead that counts them: c for 2, d for 3. Throws a WorkbookError of domain "genes", code "bad-aliases",
 * for a name that could not be read back.
 */
export function formatAliases(aliases: AliasTable, comment: readonly string[] = []): string {
  const namesOf = new Map<string, string[]>();
  for (const [name, symbols] of aliases) {
    for (const word of [name, ...symbols])
      if (!/^[^a-z#,\s][^,\n\r]*$/.test(word)) throw fault(0, `the name ${JSON.stringify(word)} cannot stand in it`);
    for (const symbol of symbols) namesOf.set(symbol, [...(namesOf.get(symbol) ?? []), name]);
  }
  const lines = [...namesOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([symbol, names]) => lineOf(symbol, names.sort()));
  return `${[...comment.map((line) => `# ${line}`), ...lines].join("\n")}\n`;
}

/**
 * Reads what `formatAliases` writes. Throws a WorkbookError of domain "genes", code "bad-aliases", that names the line at
 * fault.
 */
export function parseAliases(text: string): AliasTable {
  const table = new Map<string, string[]>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const [symbol, ...names] = line.split(",");
    if (symbol === "" || names.length === 0) throw fault(i, `a line is "${line.slice(0, 60)}"`);
    let before = symbol;
    for (const name of names) {
      const shared = /^[a-z]/.test(name) ? name.charCodeAt(0) - 97 : 0;
      if (name === "" || shared > before.length) throw fault(i, `a name of ${symbol} is "${name}"`);
      before = shared === 0 ? name : before.slice(0, shared) + name.slice(1);
      const symbols = table.get(before);
      if (symbols === undefined) table.set(before, [symbol]);
      else symbols.push(symbol);
    }
  }
  return table;
}

function lineOf(symbol: string, names: readonly string[]): string {
  let before = symbol;
  const words = names.map((name) => {
    let shared = 0;
    while (shared < most && shared < name.length && name[shared] === before[shared]) ++shared;
    before = name;
    return shared < fewest ? name : String.fromCharCode(97 + shared) + name.slice(shared);
  });
  return [symbol, ...words].join(",");
}

function fault(index: number, text: string): WorkbookError {
  return new WorkbookError({
    domain: "genes",
    code: "bad-aliases",
    fault: `the table of alias symbols is damaged: ${text}`,
    place: `line ${index + 1}`,
    remedy: "make the table again with scripts/make-gene-aliases.ts, or give an unchanged copy"
  });
}
