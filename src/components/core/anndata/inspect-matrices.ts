import type {AnnData} from "./anndata.js";
import {notRecoverable, whyNot} from "./choose-matrix.js";
import type {MatrixCandidate, MatrixChoice} from "./choose-matrix.js";
import type {Problem} from "./problem.js";
import type {MatrixEvidence} from "./matrix-evidence.js";
import {recoveredFrom} from "./recovered-matrix.js";

/** Problems of the matrices: errors where nothing is left to use; where another holds counts, only what is broken. */
export function matrixProblems(anndata: AnnData, choice: MatrixChoice): Problem[] {
  const problems: Problem[] = [];
  const {chosen, isCounts, candidates} = choice;
  if (!anndata.matrices.some(({name}) => name === "X")) {
    const severity = chosen === null ? "error" : "info";
    const message = chosen === null ? "the file has no X" : `the file has no X; ${chosen.name} is used`;
    const remedy = chosen === null ? "write the counts into X, or open the file that they are in" : "nothing to do";
    problems.push({code: "no-x", severity, message, place: "/X", remedy});
  }
  const sized = anndata.nObs > 0 && anndata.nVar > 0;
  for (const candidate of candidates) {
    const {name, evidence} = candidate;
    if (recoveredFrom(name) !== null) {
      problems.push(recoveredNote(candidate, isCounts));
      continue;
    }
    if (name === chosen?.name && isCounts) {
      problems.push(...countsNotes(name, evidence));
      continue;
    }
    if (evidence !== null && (!sized || evidence.verdict === "counts")) continue;
    if (evidence !== null && chosen !== null && name !== chosen.name && evidence.verdict !== "invalid") continue;
    const severity = chosen === null ? "error" : name === chosen.name ? "warning" : "info";
    const message = `matrix ${name} ${whyNot(candidate)}`;
    const code = candidate.faultCode ?? codeOf(evidence);
    const remedy = severity === "info" ? "nothing to do: another matrix is used" : remedyFor(code);
    const place = candidate.faultPlace ?? anndata.matrices.find((info) => info.name === name)?.place;
    problems.push({code, severity, message, place, remedy});
  }
  if (sized && chosen === null && candidates.length > 0) {
    const names = candidates.map(({name}) => name).join(", ");
    const readable = candidates.some(({evidence}) => evidence !== null);
    problems.push({
      code: "no-counts",
      severity: "error",
      message: `no matrix of the file holds counts; looked at ${names}`,
      remedy: readable
        ? "put raw counts into X, raw/X or a layer, or name the matrix to use all the same"
        : "write the file again with anndata's write_h5ad"
    });
  }
  return problems;
}

function recoveredNote(candidate: MatrixCandidate, isCounts: boolean): Problem {
  if (!isCounts) {
    const {fault, ...rest} = notRecoverable(candidate);
    return {...rest, severity: "error", message: fault};
  }
  return {
    code: "recovered-counts",
    severity: "warning",
    message: candidate.evidence!.why,
    place: candidate.name,
    remedy:
      "take them as strong evidence of what was counted, not as proof: counts that were all multiples of a number come out divided by it"
  };
}

function countsNotes(name: string, evidence: MatrixEvidence | null): Problem[] {
  if (evidence === null || evidence.max > 1) return [];
  return [
    {
      code: "binary",
      severity: "warning",
      message: `matrix ${name} holds nothing but 0 and 1`,
      place: name,
      remedy: "check that it was not made binary; the model was trained on counts"
    }
  ];
}

function codeOf(evidence: MatrixEvidence | null): string {
  if (evidence === null) return "unreadable";
  if (evidence.verdict === "empty") return "all-zero";
  if (evidence.nan > 0) return "nan";
  if (evidence.infinite > 0) return "infinite";
  return evidence.negative > 0 ? "negative" : "non-integer";
}

function remedyFor(code: string): string {
  switch (code) {
    case "all-zero":
      return "open a file with counts";
    case "nan":
    case "infinite":
      return "replace such values, or name this matrix all the same: cells that hold them then get no result";
    case "negative":
      return "put raw counts into X, raw/X or a layer: scaled or batch-corrected values cannot be turned back";
    case "non-integer":
      return "put raw counts into X, raw/X or a layer, or name this matrix to use it all the same";
    case "unknown-compression":
      return 'write the file again with compression="gzip" or without compression';
    default:
      return "download or copy the file again, or write it again with anndata's write_h5ad";
  }
}
