import {isAbort} from "../errors.js";
import {componentMap as mapOf, type ComponentMap} from "../pipeline/component-map.js";
import type {ResultStore} from "../store/result-store.js";
import {componentMapKey} from "../store/stage-keys.js";
import {float32Column, int32Column, tableOf} from "../tables/columns.js";
import {readFloat32} from "../tables/read-columns.js";
import {keepNeighbors} from "../vectors/keep-neighbors.js";
import type {TaskOptions, QuestionContext} from "./context.js";
import {sharedComponents} from "./shared-components.js";

const kept = keepNeighbors<Float32Array>();
const name = "components";

/**
 * UMAP of 30 principal components of cells (`rows`, ascending), under the chain's parameters; see core's `componentMap`. It is kept beside the
 * run's tables, and found there. It needs no model, so a run that embeds gives way to it. Progress counts per cent.
 */
export async function componentMap(
  context: QuestionContext,
  {rows}: {rows: Int32Array},
  {signal, onProgress}: TaskOptions
): Promise<ComponentMap> {
  const {anndata, chain, layoutEngine} = context;
  const matrix = chain.parameters.matrix ?? "X";
  const {store, identity} = await context.fileResults();
  const key = await componentMapKey({identity, matrix, rows, parameters: chain.parameters});
  const known = await storedMap(store, key, rows);
  if (known !== null) return known;
  const map = await context.ahead(
    mapOf(
      anndata,
      matrix,
      rows,
      layoutEngine,
      chain.parameters,
      {
        signal,
        onProgress: (share) => onProgress?.(Math.round(100 * share), 100)
      },
      sharedComponents,
      (scores, width, k, options) => kept(scores, scores, width, k, options)
    )
  );
  await keepMap(store, key, map);
  return map;
}

/** The map that is stored; null where there is none or it is of other cells. */
async function storedMap(store: ResultStore, key: string, rows: Int32Array): Promise<ComponentMap | null> {
  const table = await store.read(key, name).catch(() => null);
  if (table?.numRows !== rows.length) return null;
  const [x, y] = [readFloat32(table, "x"), readFloat32(table, "y")];
  return {rows, positions: Float32Array.from({length: 2 * rows.length}, (_, i) => (i % 2 === 0 ? x : y)[i >> 1])};
}

/** Stores a map; where that cannot be, it is there all the same. */
async function keepMap(store: ResultStore, key: string, {rows, positions}: ComponentMap): Promise<void> {
  const half = (from: number) => Float32Array.from(rows, (_, i) => positions[2 * i + from]);
  const columns = [int32Column("row", rows), float32Column("x", half(0)), float32Column("y", half(1))];
  await store.write(key, name, tableOf(columns, new Map())).catch((error: unknown) => {
    if (isAbort(error)) throw error;
  });
}
