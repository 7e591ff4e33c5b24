import {nearestButOne} from "../vectors/nearest-but-one.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {WorkOptions} from "../vectors/work.js";
import {neighborVotes} from "./neighbor-votes.js";
import type {Reference} from "./reference.js";

/** What the neighbors of a vector vote for. */
export interface VotedLabel {
  name: string;
  /** Its share of the votes, 0 to 1. */
  share: number;
}

const voters = 15;

/**
 * What the 15 nearest labeled cells of a reference (cosine) vote for, for each of `vectors` (row-major, as wide as the reference's). The reference's cell `except` does not vote: it is the cell that is
 * asked about. Nothing is called unknown. Throws what `nearestInOther` throws.
 */
export async function voteLabels(
  vectors: Float32Array,
  {width, codes, names, vectors: all}: Reference,
  except = -1,
  work: WorkOptions = {}
): Promise<VotedLabel[]> {
  const labeled = Int32Array.from(codes.keys()).filter((cell) => codes[cell] >= 0);
  const among = pickVectors(all, width, labeled);
  const near = await nearestButOne(vectors, among, width, voters, labeled.indexOf(except), work);
  const votes = neighborVotes(
    near,
    labeled.map((cell) => codes[cell])
  );
  return Array.from(votes.codes, (code, i) => ({name: names[code], share: votes.shares[i]}));
}
