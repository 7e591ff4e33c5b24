import {WorkbookError} from "../errors.js";
import {exactDistance} from "./exact-distance.js";
import type {Neighbors} from "./neighbors.js";
import {openRowProducts, rowTile, type RowProducts} from "./row-products.js";
import {createBreath, rowsOf, type WorkOptions} from "./work.js";

/** Candidates beyond k that float32 products find and float64 puts in order. */
const spare = 16;

/**
 * The `k` rows of `among` that are nearest to each row of `vectors` by cosine (both row-major, `width` wide), nearest first; of equally near ones the
 * lower number comes first. Candidates are found in float32, then ordered in float64; a row whose k-th neighbor is too near the last candidate for float32
 * to tell is compared with all in float64. A row of zeros has cosine 0 with every other. Fewer than k where `among` has fewer rows. Throws a WorkbookError of domain
 * "space" for values that are not finite, an empty `among`, or a lack of memory, and the signal's reason when aborted.
 */
export async function nearestInOther(
  vectors: Float32Array,
  among: Float32Array,
  width: number,
  k: number,
  options: WorkOptions = {}
): Promise<Neighbors> {
  const [count, others] = [rowsOf(vectors, width), rowsOf(among, width)];
  if (others === 0) throw nothingToCompare();
  const breathe = createBreath(options);
  const most = Math.min(k + spare, others);
  const products = await unitProducts(vectors, among, width);
  const distance = betweenBoth(vectors, among, width);
  const found: Neighbors = {
    count,
    k: Math.min(k, others),
    indices: new Int32Array(count * Math.min(k, others)),
    distances: new Float64Array(count * Math.min(k, others))
  };
  const {tile} = products;
  const firstQuery = Math.ceil(others / tile);
  for (let from = 0; from < count; from += tile) {
    const size = Math.min(tile, count - from);
    products.setColumns(Int32Array.from({length: size}, (_, i) => firstQuery * tile + from + i));
    const lists = Array.from({length: size}, () => openList(most));
    for (let t = 0; t < firstQuery; t += 1) {
      const block = products.products(t);
      for (let i = 0; i < Math.min(tile, others - t * tile); i += 1) {
        for (let j = 0; j < size; j += 1) lists[j].offer(t * tile + i, block[i * tile + j]);
      }
      await breathe((from + (size * t) / firstQuery) / count);
    }
    lists.forEach((list, j) =>
      settle(found, from + j, list, others, products.error, (other) => distance(from + j, other))
    );
  }
  return found;
}

async function unitProducts(vectors: Float32Array, among: Float32Array, width: number): Promise<RowProducts> {
  const [count, others] = [vectors.length / width, among.length / width];
  const first = Math.ceil(others / rowTile) * rowTile;
  const products = await openRowProducts(first + count, width);
  const put = (place: number, row: Float32Array) => {
    let square = 0;
    for (const value of row) square += value ** 2;
    products.setRow(place, row, square > 0 ? 1 / Math.sqrt(square) : 0);
  };
  for (let row = 0; row < others; row += 1) put(row, among.subarray(row * width, (row + 1) * width));
  for (let row = 0; row < count; row += 1) put(first + row, vectors.subarray(row * width, (row + 1) * width));
  return products;
}

/** Cosine distance of a row of one to a row of the other, in float64. */
function betweenBoth(vectors: Float32Array, among: Float32Array, width: number) {
  const both = new Float32Array(among.length + vectors.length);
  both.set(among);
  both.set(vectors, among.length);
  const distance = exactDistance(both, width, "cosine");
  const others = among.length / width;
  return (row: number, other: number) => distance(others + row, other);
}

/** The closest rows so far, closest first. */
interface List {
  rows: Int32Array;
  close: Float64Array;
  size(): number;
  offer(row: number, close: number): void;
}

function openList(most: number): List {
  const rows = new Int32Array(most);
  const close = new Float64Array(most).fill(-Infinity);
  let size = 0;
  return {
    rows,
    close,
    size: () => size,
    offer(row, value) {
      if (size === most && value <= close[most - 1]) return;
      let at = Math.min(size, most - 1);
      for (; at > 0 && close[at - 1] < value; at -= 1) {
        close[at] = close[at - 1];
        rows[at] = rows[at - 1];
      }
      close[at] = value;
      rows[at] = row;
      size = Math.min(most, size + 1);
    }
  };
}

function settle(
  found: Neighbors,
  row: number,
  list: List,
  others: number,
  error: number,
  distance: (other: number) => number
): void {
  const order = (rows: Iterable<number>) =>
    Array.from(rows, (other) => ({other, far: distance(other)})).sort((a, b) => a.far - b.far || a.other - b.other);
  let nearest = order(list.rows.subarray(0, list.size()));
  const last = list.close[list.size() - 1];
  const isUncertain = list.size() < others && 1 - nearest[found.k - 1].far <= last + error;
  if (isUncertain) nearest = order(Array.from({length: others}, (_, other) => other));
  for (let j = 0; j < found.k; j += 1) {
    found.indices[row * found.k + j] = nearest[j].other;
    found.distances[row * found.k + j] = nearest[j].far;
  }
}

function nothingToCompare(): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "too-few-cells",
    fault: "there are no cells to find neighbors among",
    remedy: "give a reference with cells that have a vector"
  });
}
