import {isWorkbookError} from "../errors.js";
import type {AnnData} from "./anndata.js";
import {describeMatrix} from "./describe-matrix.js";
import type {DescribeOptions} from "./describe-matrix.js";
import {describeRecovered} from "./describe-recovered.js";
import type {MatrixEvidence} from "./matrix-evidence.js";

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
  /** The way out of the fault, where it is known. */
  faultRemedy?: string;
}

/**
 * Looks at the matrix called `name`, whatever comes of it. Throws only the signal's reason, "no-matrix" for a name that does not exist, and
 * what is no fault of the file (domain "storage": no room for a plugin), which has a way out of its own.
 */
export async function considerMatrix(
  anndata: AnnData,
  name: string,
  looking: DescribeOptions
): Promise<MatrixCandidate> {
  const described = anndata.matrices.find((info) => info.name === name);
  if (described?.fault != null) {
    const {code = "damaged-matrix", place, remedy} = described.cause ?? {};
    return {name, evidence: null, fault: described.fault, faultCode: code, faultPlace: place, faultRemedy: remedy};
  }
  try {
    const info = anndata.matrix(name);
    const evidence =
      info.recovered === undefined
        ? await describeMatrix(anndata, name, looking)
        : await describeRecovered(anndata, info, looking);
    return {name, evidence, fault: null, faultCode: null};
  } catch (error) {
    if (!isWorkbookError(error) || error.details.domain === "storage") throw error;
    const {fault, code, place, remedy} = error.details;
    return {name, evidence: null, fault, faultCode: code, faultPlace: place, faultRemedy: remedy};
  }
}
