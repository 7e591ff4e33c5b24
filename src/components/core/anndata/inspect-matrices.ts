import type {AnnData} from "./anndata.js";
import type {MatrixCandidate} from "./consider-matrix.js";
import type {MatrixChoice} from "./choose-matrix.js";
import type {Problem} from "./problem.js";
import type {MatrixEvidence} from "./matrix-evidence.js";
import {matrixNotes} from "./matrix-notes.js";
import {noCountsRemedy} from "./no-counts-remedy.js";
import {notRecoverable} from "./not-recoverable.js";
import {recoveredFrom} from "./recovered-matrix.js";
import {whyNot} from "./why-not.js";

/** Problems of the matrices: errors where nothing is left to use; where another holds counts, only what is broken. */
export function matrixProblems(anndata: AnnData, choice: MatrixChoice): Problem[] {
  const problems: Problem[] = [];
  const {chosen, isCounts, candidates} = choice;
  if (!anndata.matrices.some(({name}) => name === "X")) {
    const severity = chosen === null ? "error" : "info";
    const message = chosen === null ? "the file has no X" : `the file has no X; ${chosen.name} is used`;
    const remedy = chosen === null ? "write the counts into X, or open the file that they are in" : "nothing to do";
    problems.push({code: "no-x", severity, message, place: "/X", remedy, ...(chosen !== null && {aside: true})});
  }
  const sized = anndata.nObs > 0 && anndata.nVar > 0;
  for (const candidate of candidates) {
    const {name, evidence} = candidate;
    if (recoveredFrom(name) !== null) {
      if (!isCounts) problems.push(recoveryFailed(candidate));
      continue;
    }
    if (name === chosen?.name && isCounts) continue;
    if (evidence !== null && (!sized || evidence.verdict === "counts")) continue;
    if (evidence !== null && chosen !== null && name !== chosen.name && evidence.verdict !== "invalid") continue;
    const severity = chosen === null ? "error" : name === chosen.name ? "warning" : "info";
    const message = `matrix ${name} ${whyNot(candidate)}`;
    const code = candidate.faultCode ?? codeOf(evidence);
    const recovers = severity === "error" && choice.recoverable?.of === name;
    const remedy =
      severity === "info"
        ? "nothing to do: another matrix is used"
        : recovers
          ? noCountsRemedy(choice)
          : (candidate.faultRemedy ?? remedyFor(code, evidence));
    const place = candidate.faultPlace ?? anndata.matrices.find((info) => info.name === name)?.place;
    problems.push({code, severity, message, place, remedy, ...(severity === "info" && {aside: true})});
  }
  if (sized && chosen === null && candidates.length > 0) {
    const names = candidates.map(({name}) => name).join(", ");
    problems.push({
      code: "no-counts",
      severity: "error",
      message: `no matrix of the file holds counts; looked at ${names}`,
      remedy: noCountsRemedy(choice)
    });
  }
  return [...problems, ...matrixNotes(anndata, choice)];
}

function recoveryFailed(candidate: MatrixCandidate): Problem {
  const {fault, ...rest} = notRecoverable(candidate);
  return {...rest, severity: "error", message: fault};
}

function codeOf(evidence: MatrixEvidence | null): string {
  if (evidence === null) return "unreadable";
  if (evidence.verdict === "empty") return "all-zero";
  if (evidence.nan > 0) return "nan";
  if (evidence.infinite > 0) return "infinite";
  return evidence.negative > 0 ? "negative" : "non-integer";
}

function remedyFor(code: string, evidence: MatrixEvidence | null): string {
  switch (code) {
    case "all-zero":
      return "open a file with counts";
    case "nan":
    case "infinite":
      return "replace such values, or name this matrix all the same: cells that hold them then get no result";
    case "negative":
      return "put raw counts into X, raw/X or a layer: scaled or batch-corrected values cannot be turned back";
    case "non-integer":
      return evidence?.verdict === "log-normalized"
        ? "put raw counts into X, raw/X or a layer: logarithms are no counts"
        : "put raw counts into X, raw/X or a layer, or name this matrix to use it all the same";
    case "unknown-compression":
      return 'write the file again with compression="gzip" or without compression';
    default:
      return "download or copy the file again, or write it again with anndata's write_h5ad";
  }
}
