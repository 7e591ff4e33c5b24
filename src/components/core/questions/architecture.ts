import {describeArchitecture, operationsPerCell, type ArchitectureDescription} from "../model/describe-architecture.js";
import type {QuestionContext} from "./context.js";

/** The model's parts, and the arithmetic that one cell of the chain takes. */
export interface ArchitectureFacts extends ArchitectureDescription {
  /** Tokens of the sentence that `operations` speaks of: the run's median, or CLS, the genes and 23 chromosomes before a run. */
  length: number;
  /** Additions and multiplications for it. */
  operations: number;
}

/** The architecture of the model as this browser opens it (the smallest measured variant). Rejects if it cannot be loaded. */
export async function architecture(context: QuestionContext, _: Record<string, never>): Promise<ArchitectureFacts> {
  const {model: bundle, precision} = context;
  const description = describeArchitecture(bundle.manifest, precision);
  const vectors = await context.vectors().catch(() => null);
  const lengths = vectors?.cells.nTokens.filter((length) => length > 0).sort();
  const length = lengths?.[lengths.length >> 1] ?? bundle.manifest.sentence.sampleSize + 1 + 2 * 23;
  return {...description, length, operations: operationsPerCell(description.architecture, length)};
}
