import {componentMap as mapOf, type ComponentMap} from "../pipeline/component-map.js";
import {keepNeighbors} from "../vectors/keep-neighbors.js";
import type {TaskOptions, QuestionContext} from "./context.js";
import {sharedComponents} from "./shared-components.js";

const kept = keepNeighbors<Float32Array>();

/** UMAP of 30 principal components of cells (`rows`, ascending), under the chain's parameters; see core's `componentMap`. Progress counts per cent. */
export async function componentMap(
  context: QuestionContext,
  {rows}: {rows: Int32Array},
  {signal, onProgress}: TaskOptions
): Promise<ComponentMap> {
  const {anndata, chain, layoutEngine} = context;
  return mapOf(
    anndata,
    chain.parameters.matrix ?? "X",
    rows,
    layoutEngine,
    chain.parameters,
    {
      signal,
      onProgress: (share) => onProgress?.(Math.round(100 * share), 100)
    },
    sharedComponents,
    (scores, width, k, options) => kept(scores, scores, width, k, options)
  );
}
