/** A gene and how often it stands in a row. */
export interface GeneRun {
  gene: number;
  times: number;
}

/** Neighbors that are the same gene, counted, in order. Genes that share a start may stand in turns; each turn is a run of its own. */
export function geneRuns(genes: Int32Array): GeneRun[] {
  const runs: GeneRun[] = [];
  for (const gene of genes) {
    const last = runs.at(-1);
    if (last?.gene === gene) last.times += 1;
    else runs.push({gene, times: 1});
  }
  return runs;
}
