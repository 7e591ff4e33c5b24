import {openWebExpressionHead} from "../../../adapters/onnxruntime-web.js";
import {alignGenes, type Alignment} from "../../../core/cells/align.js";
import type {ExpressionHead} from "../../../core/embed/expression-head.js";
import {bestPrecision} from "../../../core/model/best-precision.js";
import type {Bundle} from "../../../core/model/bundle.js";
import {cellExpression, type CellExpression} from "../../../core/pipeline/cell-expression.js";
import {detectionCounts, type DetectionCounts} from "../../../core/pipeline/detection-counts.js";
import {loadOrt} from "../ort-runtime.js";
import {namesInFile} from "./gene-names.js";
import type {TaskOptions, WorkerContext, WorkerVectors} from "../worker-context.js";

/** What was found out about a run once and serves every cell of it. */
interface RunFacts {
  alignment: Alignment;
  detection: DetectionCounts;
}

const factsOf = new WeakMap<WorkerVectors, RunFacts>();
const headOf = new WeakMap<Bundle, Promise<ExpressionHead>>();

/**
 * What the model's expression head expects of the cell in `row` of the last run, beside its counts and the genes' detection in
 * the run's other cells. `geneColumn` and `repair` are the run's choice of gene names. Null before a run, if the row has no vector, or if the
 * model has no such head. The first question of a run reads the counts of all its cells once. Throws what the reader and the
 * head throw.
 */
export async function expression(
  context: WorkerContext,
  {row, geneColumn, repair}: {row: number; geneColumn: string | null; repair?: readonly string[]},
  {signal, onProgress}: TaskOptions
): Promise<CellExpression | null> {
  const known = context.vectors();
  const model = await context.model();
  if (known === null || model.manifest.architecture.expression === null) return null;
  const {rows, index, vectors, width} = known.cells;
  const place = index.findIndex((i) => rows[i] === row);
  if (place < 0) return null;
  const {anndata} = context.file();
  let facts = factsOf.get(known);
  if (facts === undefined) {
    const {names} = await namesInFile(context, {matrix: known.matrix, geneColumn, repair});
    const alignment = alignGenes(names, model.genes);
    const detection = await detectionCounts(
      anndata,
      known.matrix,
      alignment,
      index.map((i) => rows[i]),
      {signal, onProgress}
    );
    facts = {alignment, detection};
    factsOf.set(known, facts);
  }
  const head = await theHead(model);
  const embedding = vectors.slice(place * width, (place + 1) * width);
  return cellExpression(
    anndata,
    known.matrix,
    facts.alignment,
    head,
    {row, embedding, detection: facts.detection},
    signal
  );
}

/** The head, opened once and kept: it is small. A failure is forgotten, so that it can be tried again. */
function theHead(model: Bundle): Promise<ExpressionHead> {
  let head = headOf.get(model);
  if (head === undefined) {
    head = open(model).catch((error: unknown) => {
      headOf.delete(model);
      throw error;
    });
    headOf.set(model, head);
  }
  return head;
}

async function open(model: Bundle): Promise<ExpressionHead> {
  const {ort, threads} = await loadOrt("wasm");
  return openWebExpressionHead(model, {
    ort,
    name: `wasm, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    precision: bestPrecision(model, {prefer: "download"})
  });
}
