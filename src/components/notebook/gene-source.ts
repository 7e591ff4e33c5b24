import type {Stage, Wish} from "../core/stages/stage.js";
import {ask} from "./browser.js";

/** Names of a file's genes, and counts of one of them in all cells of the file. */
export interface GeneSource {
  /** Names as the file has them, each once. Rejects with a WorkbookError. */
  names(): Promise<string[]>;
  /** Counts of the gene of that name, one a row of the file. Rejects with a WorkbookError, or an AbortError once the wish is withdrawn. */
  counts(gene: string, options?: Wish & {onProgress?(done: number, total: number): void}): Promise<Float32Array>;
  /** Sum of the counts of each row over all genes; NaN where it is not known. Rejects as `counts` does. */
  totals(options?: Wish & {onProgress?(done: number, total: number): void}): Promise<Float64Array>;
}

/** Counts of genes that are kept, so that going back to one is quick. */
const mostKept = 12;

/** The genes of a load stage's matrix; null for one that has no matrix to read. */
export function genesOf(counts: Stage): GeneSource | null {
  const {matrix} = counts.chain.parameters;
  if (matrix === null) return null;
  const kept = new Map<string, Float32Array>();
  let names: Promise<string[]> | null = null;
  let totals: Float64Array | null = null;
  return {
    names() {
      const asked = (names ??= ask(counts, "geneNames", {}).then(({names: all}) => [...new Set(all)]));
      asked.catch(() => (names = null));
      return asked;
    },
    async counts(gene, options) {
      const found = kept.get(gene) ?? (await ask(counts, "geneCounts", {gene, rows: null}, options)).counts;
      kept.delete(gene);
      kept.set(gene, found);
      if (kept.size > mostKept) kept.delete([...kept.keys()][0]);
      return found;
    },
    async totals(options) {
      return (totals ??= (await ask(counts, "quality", {}, options)).totalCounts);
    }
  };
}
