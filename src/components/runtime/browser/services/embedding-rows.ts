import {transfer} from "comlink";
import {selectRows} from "../../../core/cells/select-rows.js";
import {pickVectors} from "../../../core/vectors/pick-vectors.js";
import type {WorkerContext} from "../worker-context.js";

/** Some vectors of the last run. */
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

/** At most `most` of the last run's vectors, drawn at random with a fixed seed. Null before a run. */
export async function embeddingRows(context: WorkerContext, {most}: {most: number}): Promise<EmbeddingRows | null> {
  const known = context.vectors();
  if (known === null) return null;
  const {rows: all, index, vectors, width} = known.cells;
  const chosen = selectRows({mode: "random", n: most, seed: 0}, index.length) ?? Int32Array.from(index.keys());
  const picked = pickVectors(vectors, width, chosen);
  const sums = new Float64Array(width);
  for (let i = 0; i < vectors.length; ++i) sums[i % width] += vectors[i];
  const means = Float32Array.from(sums, (sum) => sum / Math.max(1, index.length));
  const rows = chosen.map((place) => all[index[place]]);
  return transfer({rows, vectors: picked, width, means, total: index.length}, [
    rows.buffer,
    picked.buffer,
    means.buffer
  ]);
}
