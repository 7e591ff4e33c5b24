import {WorkbookError} from "../errors.js";
import type {Bundle} from "../model/bundle.js";
import type {Encoder} from "./encoder.js";
import {runSelfTest} from "./self-test.js";

/** Ways of computing that passed a model's self-test in this program. */
const trusted = new Set<string>();

/** Where a sentence of full length takes seconds, or each is computed alike: the four shortest. */
export const quickTest = {most: 4, shortest: true};

/**
 * The encoder, if it passes the bundle's self-test or passed it in the same `way` before; else it is closed, and a WorkbookError of domain "encoder", code
 * "self-test-failed", is thrown. A model without a self-test is trusted. `test` says which of its sentences are computed.
 */
export async function trustedOnly(
  bundle: Bundle,
  encoder: Encoder,
  way: string,
  {signal, ...test}: {most?: number; shortest?: boolean; signal?: AbortSignal} = {}
): Promise<Encoder> {
  const key = `${bundle.hash} ${way}`;
  if (trusted.has(key)) return encoder;
  try {
    const result = await runSelfTest(bundle, encoder, {...test, signal});
    if (result !== null && !result.passed) throw selfTestFailed(encoder.name, result);
    trusted.add(key);
    return encoder;
  } catch (error) {
    await encoder.close();
    throw error;
  }
}

function selfTestFailed(name: string, {relativeError, limit}: {relativeError: number; limit: number}): WorkbookError {
  return new WorkbookError({
    domain: "encoder",
    code: "self-test-failed",
    fault: `${name} computes wrong vectors (relative error ${relativeError.toPrecision(2)}, at most ${limit.toPrecision(2)} is right)`,
    remedy: "choose another backend"
  });
}
