import type {MatrixCandidate} from "./consider-matrix.js";
import {holdsOnlyOnes} from "./holds-only-ones.js";

/** What `candidate` is, or why it cannot be read: the rest of a sentence that begins with its name. */
export function whyNot({evidence, fault}: MatrixCandidate): string {
  if (evidence === null) return `cannot be read: ${fault ?? "for a reason unknown"}`;
  return holdsOnlyOnes(evidence) ? "holds nothing but 0 and 1" : `is ${evidence.verdict}: ${evidence.why}`;
}

/** The same of each of `candidates`, with names and places: one sentence without a full stop. */
export function listWhyNot(candidates: MatrixCandidate[]): string {
  const at = ({faultPlace}: MatrixCandidate) => (faultPlace === undefined ? "" : ` (at ${faultPlace})`);
  return candidates.map((candidate) => `${candidate.name} ${whyNot(candidate)}${at(candidate)}`).join("; ");
}
