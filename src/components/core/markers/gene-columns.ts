import type {CountedEntries} from "./count-entries.js";
import type {CountBlock} from "./keep-rows.js";

/** The cells that express one gene. */
export interface GeneColumn {
  gene: number;
  /** Rows of the file, ascending, and the count in each, above 0. Both are overwritten when the next panel is gathered. */
  rows: Int32Array;
  counts: Float32Array | Float64Array;
}

/**
 * Each gene's counts, gene by gene, from what comes cell by cell: genes are taken in panels whose entries fit into `bytes`, and `blocks` is asked
 * for the rows once a panel. A gene that alone is larger is a panel of its own.
 */
export async function* geneColumns(
  blocks: () => AsyncIterable<CountBlock> | Iterable<CountBlock>,
  {perGene, takesPart, single}: CountedEntries,
  bytes: number,
  breathe: () => Promise<void>
): AsyncGenerator<GeneColumn> {
  const entryBytes = single ? 8 : 12;
  for (let first = 0; first < perGene.length;) {
    const starts = [0];
    let last = first;
    do starts.push(starts.at(-1)! + perGene[last++]);
    while (last < perGene.length && (starts.at(-1)! + perGene[last]) * entryBytes <= bytes);
    const panel = {first, last, starts: Int32Array.from(starts), cursors: Int32Array.from(starts)};
    const rows = new Int32Array(starts.at(-1)!);
    const counts = single ? new Float32Array(rows.length) : new Float64Array(rows.length);
    for await (const block of blocks()) {
      gather(block, panel, takesPart, rows, counts);
      await breathe();
    }
    for (let gene = first; gene < last; gene += 1) {
      const [from, to] = [panel.starts[gene - first], panel.cursors[gene - first]];
      yield {gene, rows: rows.subarray(from, to), counts: counts.subarray(from, to)};
    }
    first = last;
  }
}

/** Genes `first` up to `last`; where each one's entries start, and where its next one goes. */
interface Panel {
  first: number;
  last: number;
  starts: Int32Array;
  cursors: Int32Array;
}

function gather(
  {rows: blockRows, indptr, indices, values}: CountBlock,
  {first, last, cursors}: Panel,
  takesPart: Uint8Array,
  rows: Int32Array,
  counts: Float32Array | Float64Array
): void {
  for (let i = 0; i < blockRows.length; i += 1) {
    const row = blockRows[i];
    if (takesPart[row] === 0) continue;
    for (let at = indptr[i]; at < indptr[i + 1]; at += 1) {
      const gene = indices[at];
      if (gene < first || gene >= last || !(values[at] > 0)) continue;
      const to = cursors[gene - first]++;
      rows[to] = row;
      counts[to] = values[at];
    }
  }
}
