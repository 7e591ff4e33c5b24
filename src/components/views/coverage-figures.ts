import {distributionView} from "./distribution-view.js";
import {extend, h} from "./dom.js";
import {formatCount} from "./format.js";

/** What each of some cells holds, and loses to genes that the model lacks. */
export interface CoverageData {
  /** Counts a cell, over all genes of the file. */
  totalCounts: Float64Array;
  /** Genes with a count. */
  nGenes: Int32Array;
  /** Share of the counts on genes that the model lacks, 0 to 1. */
  lostShare: Float64Array;
  /** Whether these are all cells, or a sample of them. */
  complete: boolean;
}

/** A figure of coverage; null empties it, with a word about why. */
export type CoverageFigure = HTMLElement & {update(data: CoverageData | null, waiting?: string): void};

/** A histogram of the share of each cell's counts that is lost to genes that the model lacks. */
export function lostFigure(data: CoverageData | null = null, why = ""): CoverageFigure {
  const lost = distributionView();
  const update = (next: CoverageData | null, waiting = ""): void => {
    if (next === null) return lost.update(null, waiting);
    lost.update({
      title: "Share of each cell's counts on genes that the model lacks",
      values: next.lostShare,
      axis: "share of a cell's counts that is lost",
      format: "share",
      low: 0,
      // Never so small that nothing lost looks like much.
      high: next.lostShare.reduce((most, share) => Math.max(most, share || 0), 0.02),
      caption: whose(next)
    });
  };
  update(data, why);
  return extend(h("div", {}, lost), {update});
}

/** Histograms of the counts of each cell and of its genes that have counts. */
export function countFigures(data: CoverageData | null = null, why = ""): CoverageFigure {
  const counts = distributionView();
  const genes = distributionView();
  const update = (next: CoverageData | null, waiting = ""): void => {
    if (next === null) return [counts, genes].forEach((view) => view.update(null, waiting));
    const caption = whose(next);
    const axis = "counts, of all genes of the file";
    counts.update({title: "Counts of each cell", values: next.totalCounts, axis, log: true, caption});
    const ofGenes = "genes with counts, of all genes of the file";
    genes.update({title: "Genes of each cell", values: next.nGenes, axis: ofGenes, log: true, caption});
  };
  update(data, why);
  return extend(h("div", {class: "wb-pair"}, counts, genes), {update});
}

function whose({complete, totalCounts}: CoverageData): string {
  const cells = formatCount(totalCounts.length, "cell");
  return complete ? `${cells}.` : `A sample of ${cells}, spread over the file.`;
}
