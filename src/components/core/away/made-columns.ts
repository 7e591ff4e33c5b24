import type {ObsColumn} from "../tables/cells.js";

/** Columns that were made on a page or by a command (labels, clusters), with a value for each cell of the file, and what made them. */
export interface MadeColumns {
  columns: readonly ObsColumn[];
  /** Texts by their names in uns and in the metadata of tables: which reference, which parameters. */
  texts: Readonly<Record<string, string>>;
}

/** Several of them as one; of two columns or texts of one name the later is taken. */
export function joinMade(all: readonly MadeColumns[]): MadeColumns {
  const columns = new Map(all.flatMap((one) => one.columns.map((column) => [column.name, column] as const)));
  return {
    columns: [...columns.values()],
    texts: Object.assign({}, ...all.map(({texts}) => texts)) as MadeColumns["texts"]
  };
}
