/** Means over data sets that were published for a method; 0 to 1. */
export interface PublishedScores {
  method: string;
  ari: number;
  nmi: number;
  ilisi: number;
  kbet: number;
}

/** Where the means below are from. */
export const publishedSource =
  "Open Problems, task batch integration (Luecken and others 2025, Nat. Biotechnol.; openproblems.bio): means over its data sets, of other cells";

/** Means over the data sets of Open Problems' batch integration, to see what is usual. They are of other cells, and other clusters. */
export const publishedScores: readonly PublishedScores[] = [
  {method: "UCE, 33 layers", ari: 0.54, nmi: 0.75, ilisi: 0.08, kbet: 0.29},
  {method: "no integration", ari: 0.45, nmi: 0.72, ilisi: 0.03, kbet: 0.31},
  {method: "scVI", ari: 0.63, nmi: 0.78, ilisi: 0.09, kbet: 0.27}
];

/** What stands beside silhouettes wherever they are shown. */
export const misleadingSilhouettes =
  "silhouettes mislead where batches or types have unlike shapes (Rautenstrauch and Ohler 2025, Nat. Biotechnol.): do not rank by them";
