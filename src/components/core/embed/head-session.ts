import type {ExpressionSession} from "./expression-head.js";

/** A session of a runtime that computes graphs of named tensors, as onnxruntime's builds have it. */
export interface TensorSession<Tensor> {
  run(feeds: Record<string, Tensor>): Promise<Record<string, {readonly data: unknown}>>;
  release(): Promise<void>;
}

/** How that runtime makes tensors. */
export interface TensorsOf<Tensor> {
  float32(values: Float32Array, shape: number[]): Tensor;
  int32(values: Int32Array<ArrayBuffer>, shape: number[]): Tensor;
}

/** The expression head's graph in such a session; what the runtime throws is turned into an error by `failed`, which is told how many genes were asked about. */
export function headSession<Tensor>(
  session: TensorSession<Tensor>,
  tensors: TensorsOf<Tensor>,
  failed: (genes: number, cause: unknown) => Error
): ExpressionSession {
  return {
    async run(cell, rows) {
      const feeds = {cell: tensors.float32(cell, [1, cell.length]), rows: tensors.int32(rows, [rows.length])};
      const {logits} = await session.run(feeds).catch((cause: unknown) => {
        throw failed(rows.length, cause);
      });
      return logits.data as Float32Array;
    },
    close: () => session.release()
  };
}
