import type {AnnData} from "./anndata.js";
import {describeMatrix, type DescribeOptions} from "./describe-matrix.js";
import {knownRecovery} from "./known-recovery.js";
import type {MatrixEvidence} from "./matrix-evidence.js";
import type {MatrixInfo} from "./matrix-info.js";
import {recoveredName} from "./recovered-matrix.js";

/**
 * Looks at counts that were recovered from another matrix: "counts" if the recovery can be believed (`findCountRecovery`, on a
 * bounded sample) under the very scale that the name says, "invalid" otherwise; `why` has the rounding error. Throws what
 * streamRows throws.
 */
export async function describeRecovered(
  anndata: AnnData,
  info: MatrixInfo,
  options: DescribeOptions
): Promise<MatrixEvidence> {
  const {of} = info.recovered!;
  const found = await knownRecovery(anndata, of, options.signal);
  const evidence = await describeMatrix(anndata, info.name, options);
  const best = recoveredName({of, scale: found.scale});
  if (!found.possible)
    return {...evidence, verdict: "invalid", why: `no counts can be recovered from ${of}: ${found.why}`};
  if (best !== info.name)
    return {
      ...evidence,
      verdict: "invalid",
      why: `${of} is counts after ${found.scale.label}, so the name would be ${best}`
    };
  const lost = found.cells - found.recovered;
  const without =
    lost === 0
      ? ""
      : `; ${lost} cell${lost === 1 ? "" : "s"} looked at give${lost === 1 ? "s" : ""} none and get${lost === 1 ? "s" : ""} no result`;
  return {...evidence, why: `counts recovered from ${of}: ${found.why}${without}`};
}
