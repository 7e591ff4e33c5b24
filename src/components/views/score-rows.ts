import type {IntegrationScores} from "../core/integration/integration-scores.js";
import type {PublishedScores} from "../core/integration/published-scores.js";

/** A score of scIB as it is shown: what it is called, and what it says in a sentence. */
export interface ScoreRow {
  key: keyof IntegrationScores;
  name: string;
  words: string;
  /** The same score among published means, where it is there. */
  published?: keyof Omit<PublishedScores, "method">;
}

/** Scores of how well labels are kept together. */
export const labelScores: readonly ScoreRow[] = [
  {
    key: "nmi",
    name: "NMI",
    published: "nmi",
    words:
      "Normalized mutual information: how much a cell's cluster says about its label. 0 is nothing, 1 is everything."
  },
  {
    key: "ari",
    name: "ARI",
    published: "ari",
    words:
      "Adjusted Rand index: how often two cells are together in both groupings, or apart in both. 0 is what chance gives."
  },
  {
    key: "graphConnectivity",
    name: "Graph connectivity",
    words: "Share of a label's cells that hang together by neighbors of the same label; mean over labels."
  },
  {
    key: "clisi",
    name: "cLISI",
    words: "How pure the labels are among a cell's 90 nearest. 1 is one label alone."
  }
];

/** Scores of how well batches are mixed. */
export const batchScores: readonly ScoreRow[] = [
  {
    key: "ilisi",
    name: "iLISI",
    published: "ilisi",
    words:
      "How many batches are among a cell's 90 nearest. It also falls where batches are unequal in size or in types, so compare it with labels alone."
  },
  {
    key: "cilisi",
    name: "CiLISI",
    words: "The same among cells of one label. Types that one batch lacks cannot lower it."
  },
  {
    key: "kbet",
    name: "kBET",
    published: "kbet",
    words:
      "Share of cells around which batches are as frequent as in their whole label, by a chi-square test. It is strict: small shifts fail it."
  },
  {
    key: "batchVariance",
    name: "Variance by batch",
    words: "Share of the vectors' variance that lies between batches. Low is good here."
  }
];

/** Scores that mislead. */
export const silhouetteScores: readonly ScoreRow[] = [
  {key: "silhouetteLabel", name: "Silhouette of labels", words: "How much nearer a cell is to its own label."},
  {key: "silhouetteBatch", name: "Silhouette of batches", words: "How little nearer a cell is to its own batch."}
];
