import type {Data, Table} from "apache-arrow";
import type {CellStatus, Sentence} from "../types.js";
import {type BuilderOptions, createTableBuilder, type TableBuilder} from "./batch-builder.js";
import {type TableColumn, int32Column, int32ListColumn, utf8Column} from "./columns.js";
import {expectColumns} from "./expect-columns.js";
import type {Provenance} from "./provenance.js";
import {
  badValue,
  column,
  readFullText,
  readInt32,
  readStatus,
  readValidity,
  requireNullsByStatus
} from "./read-columns.js";

/** A cell's sentence with the cell's name. */
export interface SentenceRow extends Sentence {
  cellId: string;
}

/** A sentences table, read. All arrays have one entry a row. */
export interface Sentences {
  rows: Int32Array;
  cellIds: string[];
  status: CellStatus[];
  /** Length of each sentence; 0 where there is none. */
  nTokens: Int32Array;
  /** Checkpoint tokens of the table's row `i`, a view, not a copy; null where status is not "ok". */
  tokens(i: number): Int32Array | null;
}

/**
 * A builder of sentences tables: row Int32, cell_id Utf8, status Utf8, n_tokens Int32 (0 where there is no sentence),
 * tokens List<Int32> (null where status is not "ok"). `append` throws a WorkbookError where tokens and status disagree.
 */
export function createSentencesBuilder(options: BuilderOptions): TableBuilder<SentenceRow> {
  return createTableBuilder(sentenceColumns, options);
}

/** A sentences table of all `sentences`; see createSentencesBuilder. */
export function sentencesTable(sentences: Iterable<SentenceRow>, provenance: Provenance): Table {
  const builder = createSentencesBuilder({provenance});
  builder.append(sentences);
  return builder.finish();
}

/** Reads a sentences table. Throws a WorkbookError if it is none, or where status and tokens disagree. */
export function readSentences(table: Table): Sentences {
  expectColumns(table, "a sentences table", {
    row: "Int32",
    cell_id: "Utf8",
    status: "Utf8",
    n_tokens: "Int32",
    tokens: "List<Int32>"
  });
  const status = readStatus(table);
  requireNullsByStatus("tokens", status, readValidity(table, "tokens"));
  const chunks = column(table, "tokens").data as readonly Data[];
  return {
    rows: readInt32(table, "row"),
    cellIds: readFullText(table, "cell_id"),
    status,
    nTokens: readInt32(table, "n_tokens"),
    tokens(i) {
      if (status[i] !== "ok") return null;
      let within = i;
      let chunk = 0;
      while (within >= chunks[chunk].length) within -= chunks[chunk++].length;
      const {valueOffsets, children} = chunks[chunk];
      return (children[0].values as Int32Array).subarray(valueOffsets[within], valueOffsets[within + 1]);
    }
  };
}

function sentenceColumns(sentences: readonly SentenceRow[]): TableColumn[] {
  sentences.forEach(({row, status, tokens}) => {
    if ((tokens !== null) === (status === "ok")) return;
    const what = `has ${tokens === null ? "no " : ""}tokens though its status is "${status}"`;
    throw badValue("tokens", row, what, 'Give tokens exactly where status is "ok"');
  });
  return [
    int32Column(
      "row",
      Int32Array.from(sentences, ({row}) => row)
    ),
    utf8Column(
      "cell_id",
      sentences.map(({cellId}) => cellId)
    ),
    utf8Column(
      "status",
      sentences.map(({status}) => status)
    ),
    int32Column(
      "n_tokens",
      Int32Array.from(sentences, ({tokens}) => tokens?.length ?? 0)
    ),
    int32ListColumn(
      "tokens",
      sentences.map(({tokens}) => tokens)
    )
  ];
}
