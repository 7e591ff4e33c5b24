import type {CellSteps} from "./cell-steps.js";

/** One token of a sentence, explained. */
export interface TokenRow {
  /** Place in the sentence, from 0. */
  position: number;
  token: number;
  kind: "start" | "chromosome" | "gene" | "chromosome end";
  /** Position in the lists of `CellSteps`; null unless it is a gene. */
  gene: number | null;
  /** Chromosome id it belongs to; null for the start. */
  chromosome: number | null;
}

/** A cell's sentence token by token; empty for a cell without one. Made from the steps, so that it can be held against `sequence`. */
export function tokenRows({tokens, sentence}: CellSteps): TokenRow[] {
  if (sentence === null) return [];
  const {constants, order} = sentence;
  const rows: TokenRow[] = [];
  const add = (kind: TokenRow["kind"], token: number, gene: number | null, chromosome: number | null) =>
    rows.push({position: rows.length, token, kind, gene, chromosome});
  add("start", constants.cls, null, null);
  order.chromosomes.forEach((chromosome, i) => {
    add("chromosome", chromosome + constants.chromosomeOffset, null, chromosome);
    for (const gene of order.genes[i]) add("gene", tokens[gene], gene, chromosome);
    add("chromosome end", constants.chromosomeEnd, null, chromosome);
  });
  return rows;
}
