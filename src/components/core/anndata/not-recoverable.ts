import type {MatrixCandidate} from "./consider-matrix.js";

/** Why counts that were asked for cannot be recovered, and the way out; `who` is what people call the matrix. */
export function notRecoverable({name, evidence, fault}: MatrixCandidate, who = name) {
  return {
    code: "not-recoverable",
    fault: `${who} cannot be used: ${evidence?.why ?? fault}`,
    place: name,
    remedy: "ask whoever made the file for its counts, or choose another matrix"
  };
}
