import {selectRows} from "../cells/select-rows.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {QuestionContext} from "./context.js";

/** Some vectors of the chain. */
export interface EmbeddingRows {
  /** Rows of the cells in their file, ascending. */
  rows: Int32Array;
  /** Their vectors, row-major. */
  vectors: Float32Array;
  width: number;
  /** Mean of each dimension over all vectors of the run. */
  means: Float32Array;
  /** Vectors that the run has. */
  total: number;
}

/** At most `most` of the chain's vectors, drawn at random with a fixed seed. */
export async function embeddingRows(context: QuestionContext, {most}: {most: number}): Promise<EmbeddingRows> {
  const known = await context.vectors();
  const {rows: all, index, vectors, width} = known.cells;
  const chosen = selectRows({mode: "random", n: most, seed: 0}, index.length) ?? Int32Array.from(index.keys());
  const picked = pickVectors(vectors, width, chosen);
  const sums = new Float64Array(width);
  for (let i = 0; i < vectors.length; ++i) sums[i % width] += vectors[i];
  const means = Float32Array.from(sums, (sum) => sum / Math.max(1, index.length));
  const rows = chosen.map((place) => all[index[place]]);
  return {rows, vectors: picked, width, means, total: index.length};
}
