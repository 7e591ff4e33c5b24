/**
 * Makes our compact table of previous and alias symbols, src/data/gene-aliases.csv:
 *
 *     node --import tsx scripts/make-gene-aliases.ts [ALIASES.tsv] [OUT.csv]
 *
 * ALIASES.tsv has a name and the symbols that it may stand for (commas between) in each line, facts of HGNC (public domain) as
 * the R package HGNChelper listed them in April 2022; the default is the copy in ../shared/data. Kept are names whose symbols are
 * in src/data/human-genes.csv and that are none themselves; of the dates that spreadsheets make only those written 1-MAR, to which
 * core/cells/spreadsheet-date.ts leads the others.
 */
import {readFileSync, writeFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {formatAliases, parseAliases} from "../src/components/core/cells/alias-table.js";
import {parseGenes} from "../src/components/core/cells/genes-csv.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const [source = `${root}/../shared/data/gene-aliases.tsv`, out = `${root}/src/data/gene-aliases.csv`] =
  process.argv.slice(2);

/** DEC1 was the symbol of DELEC1, which the model lacks, as well as an alias of BHLHE40: it must stay ambiguous. */
const besides: Readonly<Record<string, string>> = {DEC1: "DELEC1", "1-DEC": "DELEC1"};

const known = new Set(parseGenes(readFileSync(`${root}/src/data/human-genes.csv`, "utf8")).map(({symbol}) => symbol));
const aliases = new Map<string, string[]>();
for (const line of readFileSync(source, "utf8").split("\n").slice(1)) {
  const [name, list] = line.split("\t");
  if (list === undefined || known.has(name) || /^\d{1,2}[-/]\d{1,2}$/.test(name)) continue;
  const symbols = list.split(",").filter((symbol) => known.has(symbol));
  if (symbols.length === 0) continue;
  aliases.set(name, besides[name] === undefined ? symbols : [...symbols, besides[name]]);
}
const ambiguous = [...aliases.values()].filter((symbols) => symbols.length > 1).length;
const text = formatAliases(aliases, [
  "Previous and alias symbols of the genes in human-genes.csv: facts of HGNC (public domain), as HGNChelper lists them (April 2022).",
  `Written by scripts/make-gene-aliases.ts; ${aliases.size} names, of which ${ambiguous} stand under several symbols and are never guessed.`,
  "SYMBOL,name,name,...; a small letter first stands for as many letters of the name before it (c: 2, d: 3)."
]);
if (parseAliases(text).size !== aliases.size) throw new Error("the table does not read back");
writeFileSync(out, text);
console.log(`${aliases.size} names (${ambiguous} ambiguous) written to ${out}, ${text.length} bytes`);
