import type {LayoutEngine} from "../space/layout.js";
import {defaultMinDist} from "../space/default-min-dist.js";
import {nearestNeighbors, type NeighborSearch} from "../vectors/neighbors.js";
import {umapLayout} from "../space/umap-layout.js";
import type {Provenance} from "../tables/provenance.js";
import {umapTable} from "../tables/umap.js";
import type {PipelineEvent} from "./events.js";

/** Embedded cells as the map stage takes them: those of an embeddings table that have a vector. */
export interface MappableCells {
  /** Rows and names of all cells of the table. */
  rows: Int32Array;
  cellIds: readonly string[];
  /** Vectors of the cells that have one, row-major, and which cells they are (ascending). */
  vectors: Float32Array;
  width: number;
  index: Int32Array;
}

/** How the map is made, and who is told of it. */
export interface MapOptions {
  engine: LayoutEngine;
  neighbors: number;
  /** null: by the number of cells that have a vector; the table's provenance says which. */
  minDist: number | null;
  seed: number;
  /** null: by the number of cells. */
  epochs: number | null;
  provenance: Provenance;
  /** Finds the cells' neighbors (`nearestNeighbors`), or knows them. */
  search?: NeighborSearch;
  signal?: AbortSignal;
  /** Told the share of the search for neighbors that is done. */
  onSearch?: (share: number) => void;
  onEvent?: (event: PipelineEvent) => void;
}

/**
 * The umap stage: exact cosine neighbors, then the layout, told of while it forms. Hands out the umap table, with null
 * positions for cells that have no vector. Throws a WorkbookError of domain "space", and the signal's reason.
 */
export async function mapEmbeddings(cells: MappableCells, options: MapOptions): Promise<void> {
  const {engine, neighbors, seed, epochs, search = nearestNeighbors, signal, onSearch, onEvent = () => {}} = options;
  const {rows, cellIds, vectors, width, index} = cells;
  const minDist = options.minDist ?? defaultMinDist(index.length);
  const provenance = {...options.provenance, parameters: {...options.provenance.parameters, minDist}};
  const embedded = index.map((place) => rows[place]);
  const start = performance.now();
  const progress = (done: number, total: number, state: "running" | "done" = "running") =>
    onEvent({type: "progress", stage: "umap", state, done, total, ms: performance.now() - start});
  const k = Math.max(1, Math.min(neighbors - 1, index.length - 1));
  progress(0, 1);
  const known = index.length < 2 ? undefined : await search(vectors, width, k, {signal, onProgress: onSearch});
  let positions: Float32Array = new Float32Array(0);
  let total = 1;
  for await (const frame of umapLayout(vectors, width, engine, {neighbors, minDist, seed, epochs, known, signal})) {
    positions = frame.positions;
    total = Math.max(1, frame.epochs);
    onEvent({type: "layout", rows: embedded, epoch: frame.epoch, epochs: frame.epochs, positions});
    progress(frame.epoch, total);
  }
  onEvent({
    type: "table",
    stage: "umap",
    name: "umap",
    table: umapTable({rows, cellIds, positions, index}, provenance)
  });
  progress(total, total, "done");
}
