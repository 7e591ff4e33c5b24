import type {AnnData} from "./anndata.js";
import {considerMatrix, type MatrixCandidate} from "./consider-matrix.js";
import type {DescribeOptions} from "./describe-matrix.js";
import {knownGenes} from "./known-genes.js";
import {knownRecovery} from "./known-recovery.js";
import type {MatrixEvidence} from "./matrix-evidence.js";
import type {MatrixInfo} from "./matrix-info.js";
import {recoveredName} from "./recovered-matrix.js";
import {searchOrder} from "./search-order.js";
import {holdsOnlyOnes} from "./holds-only-ones.js";
import {listWhyNot, whyNot} from "./why-not.js";

/** Which matrix to use, and why. */
export interface MatrixChoice {
  /** The matrix chosen; null if none holds counts, or if counts that were asked for cannot be recovered. */
  chosen: MatrixInfo | null;
  /** One sentence without a full stop. */
  reason: string;
  /** True if the matrix chosen holds counts, as far as was looked at. */
  isCounts: boolean;
  /** Those looked at, in the order in which they were. */
  candidates: MatrixCandidate[];
  /** Another matrix of counts, of more genes that the model knows than the one that was asked for has; null if there is none. */
  richer: {name: string; genes: number; instead: number} | null;
  /** Where no matrix holds counts: counts that can be recovered from one ("recovered:ln:X"), and how surely; null if they cannot. */
  recoverable: {name: string; of: string; why: string} | null;
}

/** How a matrix is chosen. */
export interface ChooseOptions extends DescribeOptions {
  /** The caller's choice ("raw/X"): taken whatever it holds, and still looked at. */
  matrix?: string;
  /** Look at every matrix, also those after the first that holds counts (false). */
  all?: boolean;
  /** Symbols of the model's genes, to compare the genes of X and raw/X by; unless told, more columns are more genes. */
  genes?: ReadonlySet<string>;
  /** The caller's choice of a column with gene names. */
  geneColumn?: string;
}

/**
 * Finds the matrix that holds counts, by its values, in this order: X, raw/X, layers named like counts, other layers,
 * layers that hold a part of the molecules (unspliced, ambiguous). Two things overrule the order: a matrix of 0 and 1 comes
 * after every other one of counts, and raw/X before X and layers if it knows more of the model's genes than they do (docs/decisions.md).
 * `chosen` is null if none holds counts: then it is tried whether they can be recovered (`recoverable`), and throwNoCounts makes it an
 * error. Throws a WorkbookError of domain "matrix", code "no-matrix", if the caller's choice does not exist.
 */
export async function chooseMatrix(anndata: AnnData, options: ChooseOptions = {}): Promise<MatrixChoice> {
  const {matrix, all, genes, geneColumn, ...looking} = options;
  if (matrix !== undefined) return chooseAsked(anndata, matrix, options);
  const candidates: MatrixCandidate[] = [];
  const known = (name: string) => knownGenes(anndata, name, genes, geneColumn);
  for (const name of searchOrder(anndata)) {
    const candidate = await considerMatrix(anndata, name, looking);
    candidates.push(candidate);
    if (isCounts(candidate) && !isBinary(candidate) && !all) break;
  }
  let chosen = candidates.find((one) => isCounts(one) && !isBinary(one)) ?? candidates.find(isCounts) ?? null;
  if (chosen === null) return noCounts(anndata, candidates, looking, known);
  const before = candidates.slice(0, candidates.indexOf(chosen)).filter((one) => !isCounts(one) || isBinary(one));
  const instead = await richerThan(anndata, chosen, candidates, looking, known);
  const reasons = [
    ...(before.length > 0 ? [listWhyNot(before)] : []),
    ...(instead === null ? [] : [`${chosen.name} holds counts too, of ${genesWord(known(chosen.name), genes)}`])
  ];
  chosen = instead ?? chosen;
  const of = instead === null ? "" : `, of ${genesWord(known(chosen.name), genes)}`;
  const first = `${chosen.name} holds counts: ${chosen.evidence!.why}${of}`;
  const reason = reasons.length === 0 ? first : `${first} (${reasons.join("; ")})`;
  return {
    chosen: anndata.matrix(chosen.name),
    reason,
    isCounts: true,
    candidates,
    richer: null,
    recoverable: null
  };
}

async function chooseAsked(
  anndata: AnnData,
  matrix: string,
  {all, genes, geneColumn, matrix: _, ...looking}: ChooseOptions
): Promise<MatrixChoice> {
  const chosen = anndata.matrix(matrix);
  const candidate = await considerMatrix(anndata, chosen.name, looking);
  const counts = isCounts(candidate);
  const candidates = [candidate];
  for (const name of all ? searchOrder(anndata) : []) {
    if (name !== matrix) candidates.push(await considerMatrix(anndata, name, looking));
  }
  const seen =
    chosen.recovered !== undefined
      ? (candidate.evidence?.why ?? candidate.fault)
      : counts
        ? "it holds counts"
        : `it does not hold counts, it ${whyNot(candidate)}`;
  const usable = counts || chosen.recovered === undefined;
  const known = (name: string) => knownGenes(anndata, name, genes, geneColumn);
  const richer = usable ? await richerThan(anndata, candidate, candidates, looking, known) : null;
  return {
    chosen: usable ? chosen : null,
    reason: `${matrix} was asked for; ${seen}`,
    isCounts: counts,
    candidates,
    richer: richer && {name: richer.name, genes: known(richer.name), instead: known(matrix)},
    recoverable: null
  };
}

/** raw/X, if it holds counts (not only 0 and 1) of more genes than `chosen`, which has the genes of var; null otherwise. */
async function richerThan(
  anndata: AnnData,
  chosen: MatrixCandidate,
  candidates: MatrixCandidate[],
  looking: DescribeOptions,
  known: (name: string) => number
): Promise<MatrixCandidate | null> {
  const raw = anndata.matrices.find(({genes, fault}) => genes === "raw/var" && fault === null);
  if (raw === undefined || anndata.matrix(chosen.name).genes === "raw/var") return null;
  if (known(raw.name) <= known(chosen.name)) return null;
  let candidate = candidates.find(({name}) => name === raw.name);
  if (candidate === undefined) {
    candidate = await considerMatrix(anndata, raw.name, looking);
    candidates.push(candidate);
  }
  return isCounts(candidate) && !isBinary(candidate) ? candidate : null;
}

async function noCounts(
  anndata: AnnData,
  candidates: MatrixCandidate[],
  {signal}: DescribeOptions,
  known: (name: string) => number
): Promise<MatrixChoice> {
  const none = "the file has no matrix";
  const reason = candidates.length === 0 ? none : `no matrix holds counts: ${listWhyNot(candidates)}`;
  const nothing = {chosen: null, reason, isCounts: false, candidates, richer: null};
  const transformed = candidates.filter(({evidence}) => evidence !== null && isTransformed(evidence));
  const richest = transformed.map(({name}) => name).sort((a, b) => known(b) - known(a));
  for (const of of richest) {
    const {possible, scale, why} = await knownRecovery(anndata, of, signal);
    if (possible) return {...nothing, recoverable: {name: recoveredName({of, scale}), of, why}};
  }
  return {...nothing, recoverable: null};
}

const isCounts = ({evidence}: MatrixCandidate): boolean => evidence?.verdict === "counts";
const isBinary = ({evidence}: MatrixCandidate): boolean => evidence !== null && holdsOnlyOnes(evidence);

/** Logarithms, or values that were scaled: few of them are whole, or nearly so. Where most are, counts were changed, and no scale undoes that. */
function isTransformed({verdict, nonInteger, nearInteger, valuesExamined}: MatrixEvidence): boolean {
  if (nearInteger > 0.9 * nonInteger) return false;
  return verdict === "log-normalized" || (verdict === "normalized" && nonInteger > valuesExamined / 2);
}

function genesWord(count: number, genes?: ReadonlySet<string>): string {
  return `${count.toLocaleString("en")} genes${genes === undefined ? "" : " that the model knows"}`;
}
