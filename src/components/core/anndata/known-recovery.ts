import type {AnnData} from "./anndata.js";
import {findCountRecovery, type CountRecovery} from "./count-recovery.js";

const known = new WeakMap<AnnData, Map<string, CountRecovery>>();

/** Whether counts can be recovered from the matrix called `of`, found out once a file (`findCountRecovery` on all cells). Throws what that throws. */
export async function knownRecovery(anndata: AnnData, of: string, signal?: AbortSignal): Promise<CountRecovery> {
  const found = known.get(anndata)?.get(of) ?? (await findCountRecovery(anndata, of, null, signal));
  known.set(anndata, (known.get(anndata) ?? new Map<string, CountRecovery>()).set(of, found));
  return found;
}
