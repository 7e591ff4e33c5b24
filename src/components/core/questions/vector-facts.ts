import {columnAsText} from "../anndata/column.js";
import {selectRows} from "../cells/select-rows.js";
import {cosineHistogram, type CosineHistogram} from "../space/cosine-histogram.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import {vectorSpread, type VectorSpread} from "../space/vector-spread.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** Lengths and directions of the chain's vectors. */
export interface VectorFacts {
  /** Of all vectors. */
  spread: VectorSpread;
  /** Of the pairs of `asked` cells, chosen at random where there are more. */
  cosines: CosineHistogram;
  asked: number;
  column: string | null;
}

const mostCells = 1000;

/**
 * Lengths of the chain's vectors and the cosines of pairs, by whether both cells have the same value in the obs column
 * `column` (null: not told apart). Null for fewer than two vectors.
 */
export async function vectorFacts(
  context: QuestionContext,
  {column}: {column: string | null},
  {signal, onProgress}: TaskOptions
): Promise<VectorFacts | null> {
  const known = await context.vectors();
  if (known.cells.index.length < 2) return null;
  const {rows, index, vectors, width} = known.cells;
  const chosen = selectRows({mode: "random", n: mostCells, seed: 0}, index.length) ?? Int32Array.from(index.keys());
  const sample = pickVectors(vectors, width, chosen);
  const groups =
    column === null
      ? undefined
      : groupNumbers(
          columnAsText(context.anndata.column("obs", column)),
          chosen.map((place) => rows[index[place]])
        );
  const report = (share: number) => onProgress?.(Math.round(share * chosen.length), chosen.length);
  return {
    spread: vectorSpread(vectors, width),
    cosines: await cosineHistogram(sample, width, {groups, signal, onProgress: report}),
    asked: chosen.length,
    column
  };
}

function groupNumbers(texts: readonly (string | null)[], rows: Int32Array): Int32Array {
  const numbers = new Map<string, number>();
  return rows.map((row) => {
    const text = texts[row];
    if (text === null) return -1;
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return numbers.get(text)!;
  });
}
