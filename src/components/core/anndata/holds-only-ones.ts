import type {MatrixEvidence} from "./matrix-evidence.js";

/** True for values that pass for counts and are nothing but 0 and 1: what is left where it was only kept which genes were seen. */
export function holdsOnlyOnes({verdict, max}: MatrixEvidence): boolean {
  return verdict === "counts" && Math.round(max) <= 1;
}
