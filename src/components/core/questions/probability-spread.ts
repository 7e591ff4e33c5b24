import {boundedRows} from "../anndata/bounded-rows.js";
import {isLargeByGene} from "../anndata/is-large-by-gene.js";
import {streamRows} from "../anndata/stream-rows.js";
import {measureSpread, type ProbabilitySpread} from "../cells/probability-spread.js";
import type {CsrBlock} from "../types.js";
import type {TaskOptions, QuestionContext} from "./context.js";
import {alignedMatrix} from "./aligned-matrix.js";

/**
 * How evenly probabilities are spread in `rows` (null: all cells) or a sample of them; `complete` tells which. null for a large matrix
 * stored gene by gene, which is not gone through for this.
 */
export async function probabilitySpread(
  context: QuestionContext,
  _: Record<string, never>,
  {signal, onProgress}: TaskOptions
): Promise<(ProbabilitySpread & {complete: boolean}) | null> {
  const {anndata, matrix, alignment} = await alignedMatrix(context);
  if (isLargeByGene(anndata, matrix)) return null;
  const {rows, complete} = boundedRows(anndata, matrix, await context.rows());
  const blocks = withTurns(streamRows(anndata, matrix, {rows, signal, onProgress, blockRows: 500}));
  return {...(await measureSpread(blocks, alignment)), complete};
}

/** The same blocks; between them the event loop gets a turn, so that the question can be taken back. */
async function* withTurns(blocks: AsyncIterable<CsrBlock>): AsyncGenerator<CsrBlock> {
  for await (const block of blocks) {
    yield block;
    await new Promise<void>((resolve) => void setTimeout(resolve, 0));
  }
}
