import type {Table} from "apache-arrow";
import type {GroupMarkers} from "../markers/find-markers.js";
import {dictionaryColumn, float64Column, int32Column, tableOf} from "./columns.js";
import {provenanceMetadata, type Provenance} from "./provenance.js";

/**
 * A markers table: a row a group and gene, each group's highest score first: group and gene (dictionary-encoded Utf8), auc, p, q,
 * log2_fold_change, share_in, share_out, score, mean_in, mean_out (Float64), and where donors were named donors and donors_higher (Int32). `groups` and
 * `genes` are the names that the numbers in `found` stand for.
 */
export function markersTable(
  found: readonly GroupMarkers[],
  groups: readonly string[],
  genes: readonly string[],
  provenance: Provenance
): Table {
  const rows = found.length * genes.length;
  const order = found.map(markerOrder);
  const column = (name: string, of: (markers: GroupMarkers) => Float64Array) => {
    const values = new Float64Array(rows);
    found.forEach((markers, i) => order[i].forEach((gene, j) => (values[i * genes.length + j] = of(markers)[gene])));
    return float64Column(name, values);
  };
  const codes = new Int32Array(rows);
  const geneCodes = new Int32Array(rows);
  order.forEach((mine, i) => {
    codes.fill(found[i].group, i * genes.length, (i + 1) * genes.length);
    geneCodes.set(mine, i * genes.length);
  });
  return tableOf(
    [
      dictionaryColumn("group", codes, groups, 0),
      dictionaryColumn("gene", geneCodes, genes, 1),
      column("auc", ({auc}) => auc),
      column("p", ({p}) => p),
      column("q", ({q}) => q),
      column("log2_fold_change", ({log2FoldChange}) => log2FoldChange),
      column("share_in", ({shareIn}) => shareIn),
      column("share_out", ({shareOut}) => shareOut),
      column("score", ({score}) => score),
      column("mean_in", ({meanIn}) => meanIn),
      column("mean_out", ({meanOut}) => meanOut),
      ...donorColumns(found, order, rows)
    ],
    provenanceMetadata(provenance)
  );
}

function donorColumns(found: readonly GroupMarkers[], order: readonly Int32Array[], rows: number) {
  if (found.some(({donors}) => donors === null)) return [];
  const asked = new Int32Array(rows);
  const higher = new Int32Array(rows);
  found.forEach(({donors}, i) => {
    const from = i * order[i].length;
    asked.fill(donors!.asked, from, from + order[i].length);
    order[i].forEach((gene, j) => (higher[from + j] = donors!.higher[gene]));
  });
  return [int32Column("donors", asked), int32Column("donors_higher", higher)];
}

/** Genes of a group by their score, the highest first; of equal ones the lower number. */
export function markerOrder({score}: GroupMarkers): Int32Array {
  return Int32Array.from(score.keys()).sort((a, b) => score[b] - score[a] || a - b);
}
