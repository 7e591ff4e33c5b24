/** Labeled cells that others are compared with. */
export interface Reference {
  /** What it is called in messages. */
  name: string;
  /** Vectors of the cells, row-major, cells x width. */
  vectors: Float32Array;
  width: number;
  /** Labels there are, and the label of each cell; -1 for none: such a cell takes no part. */
  names: readonly string[];
  codes: Int32Array;
  /** The model that made the vectors; null where it is not known. */
  model: {name: string; hash: string} | null;
}
