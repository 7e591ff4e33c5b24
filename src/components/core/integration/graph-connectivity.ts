import type {Neighbors} from "../vectors/neighbors.js";

/**
 * Graph connectivity (scIB: Luecken and others 2022, Nat. Methods 19): for each label the share of its cells that are in the largest connected piece of the neighbor graph
 * of that label's cells alone; the mean over labels that have cells. 1: no label is torn apart. An edge is there if either cell names the other. `codes` from 0, -1 for
 * a cell without label. NaN for no labeled cells.
 */
export function graphConnectivity({count, k, indices}: Neighbors, codes: Int32Array, labels: number): number {
  const parent = Int32Array.from({length: count}, (_, cell) => cell);
  const root = (cell: number) => {
    while (parent[cell] !== cell) cell = parent[cell] = parent[parent[cell]];
    return cell;
  };
  for (let cell = 0; cell < count; cell += 1) {
    for (let at = cell * k; at < (cell + 1) * k; at += 1) {
      const other = indices[at];
      if (other >= 0 && codes[cell] >= 0 && codes[other] === codes[cell]) parent[root(cell)] = root(other);
    }
  }
  const sizes = new Int32Array(count);
  const cells = new Int32Array(labels);
  const largest = new Int32Array(labels);
  for (let cell = 0; cell < count; cell += 1) {
    const code = codes[cell];
    if (code < 0) continue;
    cells[code] += 1;
    largest[code] = Math.max(largest[code], (sizes[root(cell)] += 1));
  }
  const shares = Array.from(largest, (size, code) => size / cells[code]).filter((share) => !Number.isNaN(share));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
