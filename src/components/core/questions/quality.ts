import type {CellQuality} from "../cells/quality.js";
import type {QuestionContext, TaskOptions} from "./context.js";

/** Quality measures of all cells of the file in the chain's matrix; see `measureQuality`. Progress counts cells. */
export async function quality(
  context: QuestionContext,
  _: Record<string, never>,
  options: TaskOptions
): Promise<CellQuality> {
  return context.quality(options);
}
