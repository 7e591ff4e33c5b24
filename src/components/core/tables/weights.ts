import type {Data, Table} from "apache-arrow";
import {type BuilderOptions, createTableBuilder, type TableBuilder} from "./batch-builder.js";
import {float32ListColumn, int32Column, int32ListColumn} from "./columns.js";
import {expectColumns} from "./expect-columns.js";
import type {Provenance} from "./provenance.js";
import {badValue, column, readInt32, readValidity} from "./read-columns.js";

/** A cell's distribution over genes; both null for a cell that has none. */
export interface WeightsRow {
  /** Row of the cell in its file. */
  row: number;
  /** Aligned genes with a weight above 0, as rows of the genes table, ascending. */
  genes: Int32Array | null;
  /** Their weights, which sum to 1. */
  weights: Float32Array | null;
}

/** A builder of weights tables: row Int32, gene List<Int32>, weight List<Float32>, both null for a cell without. */
export function createWeightsBuilder(options: BuilderOptions): TableBuilder<WeightsRow> {
  return createTableBuilder((cells: readonly WeightsRow[]) => {
    cells.forEach(({row, genes, weights}) => {
      if (genes?.length === weights?.length) return;
      const what = `has ${genes?.length ?? "no"} genes and ${weights?.length ?? "no"} weights`;
      throw badValue("weight", row, what, "give a weight for every gene");
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
        "weight",
        cells.map(({weights}) => weights)
      )
    ];
  }, options);
}

/** A weights table of all `cells`; see createWeightsBuilder. */
export function weightsTable(cells: Iterable<WeightsRow>, provenance: Provenance): Table {
  const builder = createWeightsBuilder({provenance});
  builder.append(cells);
  return builder.finish();
}

/** Reads a weights table; the arrays are views. Throws a WorkbookError if it is none, or lists differ in length. */
export function readWeights(table: Table): WeightsRow[] {
  expectColumns(table, "a weights table", {row: "Int32", gene: "List<Int32>", weight: "List<Float32>"});
  const rows = readInt32(table, "row");
  const genes = lists<Int32Array>(table, "gene");
  const weights = lists<Float32Array>(table, "weight");
  return Array.from(rows, (row, i) => {
    const cell = {row, genes: genes[i], weights: weights[i]};
    if (cell.genes?.length !== cell.weights?.length) {
      throw badValue("weight", i, "does not have as many entries as its genes", "Make the table again");
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
