import {exactDistance} from "./exact-distance.js";
import type {Metric} from "./metric.js";
import {openRowProducts, type RowProducts} from "./row-products.js";

/**
 * How close rows are to each other, first in float32, a tile at a time, then exactly. The closeness of two rows is their product less `half` of
 * each: the closer, the larger. Rows have length 1 (cosine) or at most 1 (Euclidean).
 */
export interface Closeness extends Pick<RowProducts, "tile" | "setColumns" | "products"> {
  /** Tiles of rows. */
  readonly tiles: number;
  /** What is taken off a product for each row: half its squared length (Euclidean), or 0. */
  readonly half: Float64Array;
  /** Most by which a closeness of float32 products differs from the true one. */
  readonly error: number;
  /** The closeness of two rows of this distance. */
  ofDistance(distance: number): number;
  /** The distance of two rows in float64. */
  distance(row: number, other: number): number;
}

/**
 * Prepares the rows of `vectors` (row-major, `width` wide, finite) for products; `breathe` is called between pieces of that. Throws the WorkbookError
 * "out-of-memory" of domain "space".
 */
export async function openCloseness(
  vectors: Float32Array,
  width: number,
  metric: Metric,
  breathe: (share: number) => Promise<void>
): Promise<Closeness> {
  const count = vectors.length / width;
  const rows = await openRowProducts(count, width);
  // Far from the origin a distance is a small difference of large numbers: move the middle of the data there.
  const offset = metric === "euclidean" ? columnMeans(vectors, width) : new Float64Array(width);
  const squares = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    for (let i = 0; i < width; i += 1) squares[row] += (vectors[row * width + i] - offset[i]) ** 2;
  }
  const longest = Math.sqrt(squares.reduce((most, square) => Math.max(most, square), 0)) || 1;
  const lengthOf = (row: number) => (metric === "euclidean" ? longest : Math.sqrt(squares[row]) || 1);
  const scaled = new Float64Array(width);
  for (let row = 0; row < count; row += 1) {
    for (let i = 0; i < width; i += 1) scaled[i] = vectors[row * width + i] - offset[i];
    rows.setRow(row, scaled, 1 / lengthOf(row));
    if (row % rows.tile === 0) await breathe(0);
  }
  return {
    tile: rows.tile,
    tiles: Math.ceil(count / rows.tile),
    setColumns: rows.setColumns,
    products: rows.products,
    error: rows.error,
    half: metric === "euclidean" ? squares.map((square) => square / (2 * longest ** 2)) : new Float64Array(count),
    ofDistance: (distance) => (metric === "euclidean" ? -((distance / longest) ** 2) / 2 : 1 - distance),
    distance: exactDistance(vectors, width, metric)
  };
}

function columnMeans(vectors: Float32Array, width: number): Float64Array {
  const means = new Float64Array(width);
  for (let at = 0; at < vectors.length; at += width) for (let i = 0; i < width; i += 1) means[i] += vectors[at + i];
  const count = vectors.length / width;
  return means.map((sum) => (count > 0 ? sum / count : 0));
}
