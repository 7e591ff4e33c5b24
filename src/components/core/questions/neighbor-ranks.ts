import {ranksInSpace, type RanksInSpace} from "../vectors/ranks-in-space.js";
import type {QuestionContext} from "./context.js";

/**
 * Where the cells of rows `rows` stand among the neighbors of the cell of row `row`, by cosine between the chain's vectors, all cells
 * compared; cells without a vector get rank 0 and cosine NaN. Null if the cell itself has no vector.
 */
export async function neighborRanks(
  context: QuestionContext,
  {row, rows}: {row: number; rows: Int32Array}
): Promise<RanksInSpace | null> {
  const {rows: all, index, vectors, width} = (await context.vectors()).cells;
  const place = new Map(Array.from(index, (at, i) => [all[at], i]));
  const cell = place.get(row);
  if (cell === undefined) return null;
  const known = rows.filter((one) => place.has(one));
  const found = ranksInSpace(
    vectors,
    width,
    cell,
    known.map((one) => place.get(one)!)
  );
  const at = new Map(Array.from(known, (one, i) => [one, i]));
  return {
    ranks: rows.map((one) => (at.has(one) ? found.ranks[at.get(one)!] : 0)),
    cosines: Float64Array.from(rows, (one) => (at.has(one) ? found.cosines[at.get(one)!] : NaN))
  };
}
