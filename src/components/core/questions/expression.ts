import {alignGenes, type Alignment} from "../cells/align.js";
import {cellExpression, type CellExpression} from "../pipeline/cell-expression.js";
import {detectionCounts, type DetectionCounts} from "../pipeline/detection-counts.js";
import {chainNames} from "./gene-names.js";
import type {TaskOptions, QuestionContext, ChainVectors} from "./context.js";

/** What was found out about a run once and serves every cell of it. */
interface RunFacts {
  alignment: Alignment;
  detection: DetectionCounts;
}

const factsOf = new WeakMap<ChainVectors, RunFacts>();

/**
 * What the model's expression head expects of the cell in `row` of the chain, beside its counts and the genes' detection in
 * the run's other cells. Null if the row has no vector, or if the
 * model has no such head. The first question of a run reads the counts of all its cells once. Throws what the reader and the
 * head throw.
 */
export async function expression(
  context: QuestionContext,
  {row}: {row: number},
  {signal, onProgress}: TaskOptions
): Promise<CellExpression | null> {
  const known = await context.vectors();
  const {model, anndata} = context;
  if (model.manifest.architecture.expression === null) return null;
  const {rows, index, vectors, width} = known.cells;
  const place = index.findIndex((i) => rows[i] === row);
  if (place < 0) return null;
  let facts = factsOf.get(known);
  if (facts === undefined) {
    const {names} = await chainNames(context);
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
  const head = await context.openHead(model);
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
