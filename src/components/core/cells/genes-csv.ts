import {WorkbookError} from "../errors.js";
import type {ModelGene} from "../types.js";

const columns = ["symbol", "token", "chromosome", "start"] as const;
const header = columns.join(",");

/**
 * Reads our compact gene table (docs/sampling.md): comment lines that begin with "#", the header
 * `symbol,token,chromosome,start`, then a gene a line. Order is kept. Throws a WorkbookError of domain "genes" with the
 * line number where a line is damaged, a number is not a whole one from 0 to 2^31 - 1, or a symbol or token comes twice.
 */
export function parseGenes(text: string): ModelGene[] {
  const genes: ModelGene[] = [];
  const lineOfSymbol = new Map<string, number>();
  const lineOfToken = new Map<number, number>();
  let headerSeen = false;
  for (const [i, raw] of text
    .replace(/^\ufeff/, "")
    .split("\n")
    .entries()) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (line === "" || line.startsWith("#")) continue;
    if (!headerSeen) {
      if (line !== header) throw fault(i, `the gene table begins with "${line.slice(0, 60)}" instead of "${header}"`);
      headerSeen = true;
      continue;
    }
    const gene = parseLine(line, i);
    refuseTwice(lineOfSymbol, gene.symbol, i, "symbol");
    refuseTwice(lineOfToken, gene.token, i, "token");
    genes.push(gene);
  }
  if (!headerSeen) throw fault(0, "the gene table is empty");
  if (genes.length === 0) throw fault(0, "the gene table has a header and no genes");
  return genes;
}

/** Writes genes as the table that `parseGenes` reads; each line of `comment` goes first, behind "# ". */
export function formatGenes(genes: readonly ModelGene[], comment: readonly string[] = []): string {
  const lines = comment.map((line) => `# ${line}`);
  lines.push(header);
  for (const gene of genes) {
    if (/[,\r\n]|^#|^$/.test(gene.symbol)) {
      throw new WorkbookError({
        domain: "genes",
        code: "bad-gene-table",
        fault: `the gene symbol ${JSON.stringify(gene.symbol)} cannot stand in the gene table`,
        remedy: "use symbols without commas, line breaks and a leading #"
      });
    }
    lines.push(`${gene.symbol},${gene.token},${gene.chromosome},${gene.start}`);
  }
  return `${lines.join("\n")}\n`;
}

function parseLine(line: string, index: number): ModelGene {
  const fields = line.split(",");
  if (fields.length !== columns.length) {
    throw fault(index, `a line has ${fields.length} fields instead of ${columns.length} ("${line.slice(0, 60)}")`);
  }
  const [symbol, ...texts] = fields;
  if (symbol === "") throw fault(index, "a gene has no symbol");
  const [token, chromosome, start] = texts.map((text, k) => {
    if (!/^\d{1,10}$/.test(text) || Number(text) > 2147483647) {
      throw fault(index, `gene "${symbol}" has "${text}" as ${columns[k + 1]}, which is not a whole number`);
    }
    return Number(text);
  });
  return {symbol, token, chromosome, start};
}

function refuseTwice<K>(lines: Map<K, number>, key: K, index: number, what: string): void {
  const before = lines.get(key);
  if (before !== undefined) throw fault(index, `the ${what} "${key}" stands twice, first in line ${before + 1}`);
  lines.set(key, index);
}

function fault(lineIndex: number, text: string): WorkbookError {
  return new WorkbookError({
    domain: "genes",
    code: "bad-gene-table",
    fault: text,
    place: `line ${lineIndex + 1}`,
    remedy: "make the table again with scripts/make-human-genes.ts, or give an unchanged copy"
  });
}
