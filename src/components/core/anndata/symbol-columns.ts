/** Columns of var that hold symbols where the index holds Ensembl ids, in the order of docs/reading.md, "Gene names". */
export const symbolColumns = ["feature_name", "gene_symbols", "gene_symbol", "gene_name", "symbol", "name"] as const;

/** True for what stands where a table has no name. */
export function isEmptyName(value: string | null | undefined): boolean {
  return value === null || value === undefined || value === "" || value === "nan";
}
