import {bestPrecision} from "../../../core/model/best-precision.js";
import {
  describeArchitecture,
  operationsPerCell,
  type ArchitectureDescription
} from "../../../core/model/describe-architecture.js";
import type {WorkerContext} from "../worker-context.js";

/** The model's parts, and the arithmetic that one cell of the last run took. */
export interface ArchitectureFacts extends ArchitectureDescription {
  /** Tokens of the sentence that `operations` speaks of: the run's median, or CLS, the genes and 23 chromosomes before a run. */
  length: number;
  /** Additions and multiplications for it. */
  operations: number;
}

/** The architecture of the model as this browser opens it (the smallest measured variant). Rejects if it cannot be loaded. */
export async function architecture(context: WorkerContext, _: Record<string, never>): Promise<ArchitectureFacts> {
  const bundle = await context.model();
  const description = describeArchitecture(bundle.manifest, bestPrecision(bundle, {prefer: "download"}));
  const lengths = context
    .vectors()
    ?.cells.nTokens.filter((length) => length > 0)
    .sort();
  const length = lengths?.[lengths.length >> 1] ?? bundle.manifest.sentence.sampleSize + 1 + 2 * 23;
  return {...description, length, operations: operationsPerCell(description.architecture, length)};
}
