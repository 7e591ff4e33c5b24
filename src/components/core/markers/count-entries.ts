import type {CsrBlock} from "../types.js";

/** What one pass over the counts tells before genes are gathered. */
export interface CountedEntries {
  /** Stored values of each gene, of the cells that take part. */
  perGene: Int32Array;
  /** Counts of each row of the file; 0 of rows that were not read. */
  totals: Float64Array;
  /** 1 for a row that takes part: it was read, is of a group, and none of its values is negative or NaN. */
  takesPart: Uint8Array;
  /** True if all values are 32-bit floats, so that they can be kept as such. */
  single: boolean;
}

/** Counts the entries of each gene, in one pass over blocks of counts. `groupOfRow` is the group of each row of the file, -1 for none. */
export async function countEntries(
  blocks: AsyncIterable<CsrBlock> | Iterable<CsrBlock>,
  groupOfRow: Int32Array,
  genes: number,
  breathe: () => Promise<void>
): Promise<CountedEntries> {
  const perGene = new Int32Array(genes);
  const totals = new Float64Array(groupOfRow.length);
  const takesPart = new Uint8Array(groupOfRow.length);
  let single = true;
  for await (const {rows, indptr, indices, values} of blocks) {
    single &&= values instanceof Float32Array;
    for (let i = 0; i < rows.length; i += 1) {
      if (groupOfRow[rows[i]] < 0) continue;
      let total = 0;
      let usable = true;
      for (let at = indptr[i]; at < indptr[i + 1]; at += 1) {
        total += values[at];
        usable &&= values[at] >= 0;
      }
      if (!usable || !Number.isFinite(total)) continue;
      takesPart[rows[i]] = 1;
      totals[rows[i]] = total;
      for (let at = indptr[i]; at < indptr[i + 1]; at += 1) perGene[indices[at]] += 1;
    }
    await breathe();
  }
  return {perGene, totals, takesPart, single};
}
