import type {AnnData} from "./anndata.js";
import {columnAsText} from "./column.js";
import {orFault} from "./part-fault.js";
import {isEmptyName, symbolColumns} from "./symbol-columns.js";

type GeneAxis = "var" | "raw/var";

/** Names of one table's genes that stand in the file's other table of genes. */
export interface BorrowedNames {
  /** One a gene; null where the other table does not have the gene, or no name for it. */
  names: (string | null)[];
  /** Column of the other table; null: its index. */
  column: string | null;
  /** Where they come from, as it is displayed ("var/feature_name, by the ids of raw/var"). */
  source: string;
}

/**
 * Names for the genes of `axis` from the other table (raw/var's in var, var's in raw/var), found by `index`, the ids that the genes
 * of `axis` go by: in the other table's index or in whichever of its columns has most of them. One entry a column of text, symbols
 * first, and the index where ids stand in a column; empty where there is no other table or it has fewer than half of the genes.
 * What cannot be read lends no names.
 */
export function borrowedNames(anndata: AnnData, axis: GeneAxis, index: readonly string[]): BorrowedNames[] {
  const other: GeneAxis = axis === "var" ? "raw/var" : "var";
  const inRaw = anndata.matrices.some(({name, genes}) => name === "raw/X" && genes === "raw/var");
  if (!inRaw || index.length === 0) return [];
  const columns = anndata
    .columns(other)
    .filter(({kind}) => kind === "string" || kind === "categorical")
    .flatMap(({name}) =>
      orFault(() => [{column: name as string | null, values: columnAsText(anndata.column(other, name))}], [])
    );
  const names: (string | null)[] = orFault(() => anndata.varNames(other), []);
  const lists = [{column: null as string | null, values: names}, ...columns];
  const wanted = new Set(index);
  const found = (values: readonly (string | null)[]) =>
    new Set(values.filter((id) => id !== null && wanted.has(id))).size;
  const key = lists.map((list) => ({list, ids: found(list.values)})).sort((a, b) => b.ids - a.ids)[0];
  if (key.ids < index.length / 2 && key.ids < lists[0].values.length / 2) return [];
  const rowOf = new Map<string, number>();
  key.list.values.forEach((id, row) => id !== null && !rowOf.has(id) && rowOf.set(id, row));
  const rank = ({column}: {column: string | null}) => {
    const place = symbolColumns.indexOf(column as (typeof symbolColumns)[number]);
    return place >= 0 ? place : column === null ? symbolColumns.length : symbolColumns.length + 1;
  };
  return lists
    .filter((list) => list !== key.list)
    .sort((a, b) => rank(a) - rank(b))
    .map(({column, values}) => ({
      column,
      names: index.map((id) => {
        const row = rowOf.get(id);
        const name = row === undefined ? null : values[row];
        return isEmptyName(name) ? null : name;
      }),
      source: `${column === null ? `${other}_names` : `${other}/${column}`}, by the ids of ${axis}`
    }));
}
