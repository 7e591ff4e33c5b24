import {isWorkbookError, WorkbookError} from "../errors.js";
import type {AnnData} from "./anndata.js";
import {describeMatrix} from "./describe-matrix.js";
import {describeRecovered} from "./describe-recovered.js";
import type {DescribeOptions} from "./describe-matrix.js";
import type {MatrixEvidence} from "./matrix-evidence.js";
import type {MatrixInfo} from "./matrix-info.js";
import {recoveredFrom} from "./recovered-matrix.js";

/** A matrix that was considered: what its values are, or why they could not be read. */
export interface MatrixCandidate {
  name: string;
  /** null where reading failed; `fault` says why then. */
  evidence: MatrixEvidence | null;
  fault: string | null;
  /** Path in the file of what could not be read, where it is known. */
  faultPlace?: string;
  /** Stable name of the fault ("damaged-matrix", "unknown-compression", ...); null where there is none. */
  faultCode: string | null;
}

/** Which matrix to use, and why. */
export interface MatrixChoice {
  /** The matrix chosen; null if none holds counts, or if counts that were asked for cannot be had back. */
  chosen: MatrixInfo | null;
  /** One sentence without a full stop. */
  reason: string;
  /** True if the matrix chosen holds counts, as far as was looked at. */
  isCounts: boolean;
  /** Those looked at, in the order in which they were. */
  candidates: MatrixCandidate[];
}

/** How a matrix is chosen. */
export interface ChooseOptions extends DescribeOptions {
  /** The caller's choice ("raw/X"): taken whatever it holds, and still looked at. */
  matrix?: string;
  /** Look at every matrix, also those after the first that holds counts (false). */
  all?: boolean;
}

/**
 * Finds the matrix that holds counts, by its values, in this order: X, raw/X, layers named like counts, other layers,
 * layers that hold a part of the molecules (unspliced, ambiguous). `chosen` is null if none does; throwNoCounts makes
 * that an error. Throws a WorkbookError of domain "matrix", code "no-matrix", if the caller's choice does not exist.
 */
export async function chooseMatrix(
  anndata: AnnData,
  {matrix, all, ...looking}: ChooseOptions = {}
): Promise<MatrixChoice> {
  if (matrix !== undefined) {
    const chosen = anndata.matrix(matrix);
    const candidate = await consider(anndata, chosen.name, looking);
    const isCounts = candidate.evidence?.verdict === "counts";
    const candidates = [candidate, ...(all ? await considerAll(anndata, [matrix], looking) : [])];
    const seen =
      chosen.recovered !== undefined
        ? (candidate.evidence?.why ?? candidate.fault)
        : isCounts
          ? "it holds counts"
          : `it does not hold counts, it ${whyNot(candidate)}`;
    const usable = isCounts || chosen.recovered === undefined;
    return {chosen: usable ? chosen : null, reason: `${matrix} was asked for; ${seen}`, isCounts, candidates};
  }
  const candidates: MatrixCandidate[] = [];
  let chosen: MatrixCandidate | null = null;
  for (const name of searchOrder(anndata)) {
    const candidate = await consider(anndata, name, looking);
    candidates.push(candidate);
    if (chosen === null && candidate.evidence?.verdict === "counts") chosen = candidate;
    if (chosen !== null && !all) break;
  }
  if (chosen === null) {
    const none = "the file has no matrix";
    const reason = candidates.length === 0 ? none : `no matrix holds counts: ${listReasons(candidates)}`;
    return {chosen: null, reason, isCounts: false, candidates};
  }
  const before = candidates.slice(0, candidates.indexOf(chosen));
  const first = `${chosen.name} holds counts: ${chosen.evidence!.why}`;
  return {
    chosen: anndata.matrix(chosen.name),
    isCounts: true,
    candidates,
    reason: before.length === 0 ? first : `${first} (${listReasons(before)})`
  };
}

/** Throws the WorkbookError (domain "matrix", code "no-counts", "no-x" or "not-recoverable") that says of each candidate why it is not counts. */
export function throwNoCounts(anndata: AnnData, {candidates}: MatrixChoice): never {
  const [first] = candidates;
  if (first !== undefined && recoveredFrom(first.name) !== null) {
    throw new WorkbookError({domain: "matrix", ...notRecoverable(first, `${first.name} of ${anndata.name}`)});
  }
  throw new WorkbookError({
    domain: "matrix",
    code: candidates.length === 0 ? "no-x" : "no-counts",
    fault:
      candidates.length === 0
        ? `${anndata.name} has no matrix: no X, no raw/X, no layers`
        : `${anndata.name} holds no counts: ${listReasons(candidates)}`,
    remedy:
      candidates.length === 0
        ? "write the counts into X, or open the file that they are in"
        : candidates.every(({evidence}) => evidence === null)
          ? "write the file again with anndata's write_h5ad"
          : "put raw counts into X, raw/X or a layer, or name the matrix to use all the same"
  });
}

/** Why counts that were asked for cannot be had back, and the way out; `who` is what people call the matrix. */
export function notRecoverable({name, evidence, fault}: MatrixCandidate, who = name) {
  return {
    code: "not-recoverable",
    fault: `${who} cannot be used: ${evidence?.why ?? fault}`,
    place: name,
    remedy: "ask whoever made the file for its counts, or choose another matrix"
  };
}

/** What `candidate` is, or why it cannot be read: the rest of a sentence that begins with its name. */
export function whyNot({evidence, fault}: MatrixCandidate): string {
  if (evidence === null) return `cannot be read: ${fault ?? "for a reason unknown"}`;
  return `is ${evidence.verdict}: ${evidence.why}`;
}

async function considerAll(anndata: AnnData, except: string[], looking: DescribeOptions): Promise<MatrixCandidate[]> {
  const found: MatrixCandidate[] = [];
  for (const name of searchOrder(anndata)) {
    if (!except.includes(name)) found.push(await consider(anndata, name, looking));
  }
  return found;
}

async function consider(anndata: AnnData, name: string, looking: DescribeOptions): Promise<MatrixCandidate> {
  const described = anndata.matrices.find((info) => info.name === name);
  if (described?.fault != null) return {name, evidence: null, fault: described.fault, faultCode: "damaged-matrix"};
  try {
    const info = anndata.matrix(name);
    const evidence =
      info.recovered === undefined
        ? await describeMatrix(anndata, name, looking)
        : await describeRecovered(anndata, info, looking);
    return {name, evidence, fault: null, faultCode: null};
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    const {fault, code, place} = error.details;
    return {name, evidence: null, fault, faultCode: code, ...(place === undefined ? {} : {faultPlace: place})};
  }
}

function listReasons(candidates: MatrixCandidate[]): string {
  const at = ({faultPlace}: MatrixCandidate) => (faultPlace === undefined ? "" : ` (at ${faultPlace})`);
  return candidates.map((candidate) => `${candidate.name} ${whyNot(candidate)}${at(candidate)}`).join("; ");
}

/** Names of the matrices in the order in which counts are looked for. */
export function searchOrder(anndata: AnnData): string[] {
  const names = anndata.matrices.map(({name}) => name);
  return names
    .map((name, i) => ({name, i, rank: rankOf(name)}))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map(({name}) => name);
}

function rankOf(name: string): number {
  if (name === "X") return 0;
  if (name === "raw/X") return 1;
  const layer = name.replace(/^layers\//, "").toLowerCase();
  if (/unspliced|ambiguous|intron/.test(layer)) return 5;
  if (/log|norm|scale|cpm|tpm|fpkm|rpkm/.test(layer)) return 4;
  if (/^(raw_?)?counts?(_raw)?$/.test(layer)) return 2;
  return /count|umi|raw|reads/.test(layer) ? 2.5 : 3;
}
