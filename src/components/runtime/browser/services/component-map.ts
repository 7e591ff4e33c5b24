import {transfer} from "comlink";
import {componentMap as mapOf, type ComponentMap} from "../../../core/pipeline/component-map.js";
import type {PipelineParameters} from "../../../core/parameters.js";
import type {TaskOptions, WorkerContext} from "../worker-context.js";
import {sharedComponents} from "./shared-components.js";

/** What `componentMap` is asked with: the cells, and the parameters of the model's map. */
export interface ComponentMapRequest extends Pick<PipelineParameters, "neighbors" | "minDist" | "seed" | "epochs"> {
  matrix: string;
  /** Rows to map, ascending. */
  rows: Int32Array;
}

/** UMAP of 30 principal components of cells of the open file; see core's `componentMap`. Progress counts per cent. */
export async function componentMap(
  context: WorkerContext,
  {matrix, rows, ...parameters}: ComponentMapRequest,
  {signal, onProgress}: TaskOptions
): Promise<ComponentMap> {
  const found = await mapOf(
    context.file().anndata,
    matrix,
    rows,
    context.layoutEngine,
    parameters,
    {
      signal,
      onProgress: (share) => onProgress(Math.round(100 * share), 100)
    },
    sharedComponents
  );
  return transfer(found, [found.positions.buffer]);
}
