import {prepareFold} from "./fold-rows.js";
import type {FoldWeights} from "./fold-rows.js";

/** Where rows of the token table are folded: in this thread, in worker threads, on a GPU. */
export interface RowFolder {
  /** Blocks that are worth having under way at the same time. */
  readonly parallel: number;
  /**
   * Folds rows (count x inputWidth, row-major, all finite) into count x width; the result is the same wherever it is computed,
   * to 1e-6. May take the memory of `rows`. Rejects with a WorkbookError of domain "encoder".
   */
  fold(rows: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Opens a folder for the weights of a checkpoint, of which `rows` rows will be folded. */
export type OpenFolder = (weights: FoldWeights, rows: number) => Promise<RowFolder>;

/** Folds in the calling thread, which hears of Cancel between two blocks. */
export async function inlineFolder(weights: FoldWeights): Promise<RowFolder> {
  const foldRows = prepareFold(weights);
  return {
    parallel: 1,
    fold: async (rows) => {
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      return foldRows(rows);
    },
    close: async () => {}
  };
}
