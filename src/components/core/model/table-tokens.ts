import {WorkbookError} from "../errors.js";
import type {ModelGene, SentenceConstants} from "../types.js";

/**
 * Checkpoint token ids in the order of the folded table's rows: PAD, CLS, chromosome end, the chromosome tokens of
 * `genes` ascending, then the genes' tokens in the order of their first appearance. This order is part of the bundle
 * format. Throws where a gene's token is also a special token.
 */
export function tableTokens(genes: readonly ModelGene[], sentence: SentenceConstants): Int32Array {
  const {pad, cls, chromosomeEnd, chromosomeOffset} = sentence;
  const chromosomes = Array.from(new Set(genes.map((gene) => gene.chromosome))).sort((a, b) => a - b);
  const special = new Set([pad, cls, chromosomeEnd, ...chromosomes.map((id) => id + chromosomeOffset)]);
  const tokens = new Set(special);
  for (const {symbol, token} of genes) {
    if (special.has(token)) {
      throw new WorkbookError({
        domain: "genes",
        code: "token-taken",
        fault: `gene ${symbol} has token ${token}, which is a special token of the model`,
        remedy: "give the gene dictionary that belongs to this checkpoint"
      });
    }
    tokens.add(token);
  }
  return Int32Array.from(tokens);
}
