/** How far two cells are apart: 1 - cosine (0 to 2), or the Euclidean distance. */
export type Metric = "cosine" | "euclidean";
