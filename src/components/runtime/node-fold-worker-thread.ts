import {parentPort, workerData} from "node:worker_threads";
import {prepareFold} from "../core/convert/fold-rows.js";
import type {FoldWeights} from "../core/convert/fold-rows.js";

/** What the main thread asks a folding thread. */
export interface FoldRequest {
  id: number;
  rows: Float32Array<ArrayBuffer>;
}

/** What a folding thread answers. */
export interface FoldAnswer {
  id: number;
  folded: Float32Array<ArrayBuffer>;
}

const foldRows = prepareFold(workerData as FoldWeights);
parentPort!.on("message", ({id, rows}: FoldRequest) => {
  const answer: FoldAnswer = {id, folded: foldRows(rows)};
  parentPort!.postMessage(answer, [answer.folded.buffer]);
});
