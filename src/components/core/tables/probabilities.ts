import type {Data, Table} from "apache-arrow";
import {type BuilderOptions, createTableBuilder, type TableBuilder} from "./batch-builder.js";
import {float32ListColumn, int32Column, int32ListColumn} from "./columns.js";
import {expectColumns} from "./expect-columns.js";
import type {Provenance} from "./provenance.js";
import {badValue, column, readInt32, readValidity} from "./read-columns.js";

/** A cell's distribution over genes; both null for a cell that has none. */
export interface ProbabilitiesRow {
  /** Row of the cell in its file. */
  row: number;
  /** Aligned genes with a probability above 0, as rows of the genes table, ascending. */
  genes: Int32Array | null;
  /** Their probabilities, which sum to 1. */
  probabilities: Float32Array | null;
}

/** A builder of probabilities tables: row Int32, gene List<Int32>, probability List<Float32>, both null for a cell without. */
export function createProbabilitiesBuilder(options: BuilderOptions): TableBuilder<ProbabilitiesRow> {
  return createTableBuilder((cells: readonly ProbabilitiesRow[]) => {
    cells.forEach(({row, genes, probabilities}) => {
      if (genes?.length === probabilities?.length) return;
      const what = `has ${genes?.length ?? "no"} genes and ${probabilities?.length ?? "no"} probabilities`;
      throw badValue("probability", row, what, "give a probability for every gene");
    });
    return [
      int32Column(
        "row",
        Int32Array.from(cells, ({row}) => row)
      ),
      int32ListColumn(
        "gene",
        cells.map(({genes}) => genes)
      ),
      float32ListColumn(
        "probability",
        cells.map(({probabilities}) => probabilities)
      )
    ];
  }, options);
}

/** A probabilities table of all `cells`; see createProbabilitiesBuilder. */
export function probabilitiesTable(cells: Iterable<ProbabilitiesRow>, provenance: Provenance): Table {
  const builder = createProbabilitiesBuilder({provenance});
  builder.append(cells);
  return builder.finish();
}

/** Reads a probabilities table; the arrays are views. Throws a WorkbookError if it is none, or lists differ in length. */
export function readProbabilities(table: Table): ProbabilitiesRow[] {
  expectColumns(table, "a probabilities table", {row: "Int32", gene: "List<Int32>", probability: "List<Float32>"});
  const rows = readInt32(table, "row");
  const genes = lists<Int32Array>(table, "gene");
  const probabilities = lists<Float32Array>(table, "probability");
  return Array.from(rows, (row, i) => {
    const cell = {row, genes: genes[i], probabilities: probabilities[i]};
    if (cell.genes?.length !== cell.probabilities?.length) {
      throw badValue("probability", i, "does not have as many entries as its genes", "Make the table again");
    }
    return cell;
  });
}

function lists<A extends Int32Array | Float32Array>(table: Table, name: string): (A | null)[] {
  const valid = readValidity(table, name);
  const found: (A | null)[] = [];
  for (const {length, valueOffsets, children} of column(table, name).data as readonly Data[]) {
    for (let i = 0; i < length; i += 1) {
      const present = valid === undefined || valid[found.length] === 1;
      found.push(present ? ((children[0].values as A).subarray(valueOffsets[i], valueOffsets[i + 1]) as A) : null);
    }
  }
  return found;
}
