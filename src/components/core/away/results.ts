import type {Table} from "apache-arrow";
import type {MadeColumns} from "./made-columns.js";

/** What is taken away: the table of vectors and, where it was made, the map of them. */
export interface Results {
  /** What the vectors are called in messages: a file's name. */
  name: string;
  embeddings: Table;
  map?: Table;
  /** Columns that were made of them, for all cells of the file. */
  made?: MadeColumns;
}

/** What was written, for the facts of the run. */
export interface Exported {
  cells: number;
  /** Cells without a vector. */
  without: number;
  /** Columns of the table, or arrays of obsm. */
  columns: string[];
}
