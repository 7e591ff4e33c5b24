/** An array for obsm: `rows` gives its rows from `from` up to, not including, `to`, row-major. */
export interface ArrayToAdd {
  name: string;
  width: number;
  rows(from: number, to: number): Float32Array;
}

/** A column for obs: a value a cell. */
export type ColumnToAdd =
  {name: string; kind: "text"; values: readonly string[]} | {name: string; kind: "number"; values: Float64Array};

/** What is added to AnnData. */
export interface Additions {
  /** Group that the AnnData stands in, "" for the file itself. */
  root: string;
  nObs: number;
  arrays: readonly ArrayToAdd[];
  columns: readonly ColumnToAdd[];
  /** A group of texts in uns. */
  texts: {name: string; values: Record<string, string>};
}
