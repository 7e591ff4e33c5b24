import {dot} from "./dot.js";

/** Cosines of other vectors with `mine`, of one length, -1 to 1, summed in float64: 0 for a vector of zeros, NaN for one with a value that is not finite. */
export function cosineWith(mine: Float32Array | Float64Array): (theirs: Float32Array | Float64Array) => number {
  const length = Math.sqrt(dot(mine, mine));
  return (theirs) => {
    const size = length * Math.sqrt(dot(theirs, theirs));
    return size === 0 ? 0 : dot(mine, theirs) / size;
  };
}
