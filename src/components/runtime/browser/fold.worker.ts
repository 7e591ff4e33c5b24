import {prepareFold, type FoldWeights} from "../../core/convert/fold-rows.js";

/** What a folding worker is asked: weights first, then blocks of rows. */
export type FoldRequest = {weights: FoldWeights} | {id: number; rows: Float32Array<ArrayBuffer>};

/** What it answers to a block. */
export interface FoldAnswer {
  id: number;
  folded: Float32Array<ArrayBuffer>;
}

let foldRows: ReturnType<typeof prepareFold>;
const scope = globalThis as unknown as {postMessage(message: FoldAnswer, moved: Transferable[]): void};

addEventListener("message", ({data}: MessageEvent<FoldRequest>) => {
  if ("weights" in data) {
    foldRows = prepareFold(data.weights);
    return;
  }
  const folded = foldRows(data.rows);
  scope.postMessage({id: data.id, folded}, [folded.buffer]);
});
