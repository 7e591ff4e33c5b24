import {extend, h, send} from "./dom.js";
import {formatCount, formatNumber, formatShareInColumn} from "./format.js";
import {pagedTable, type PagedColumn} from "./paged-table.js";

/** A gene as a rank-sum test of a group of cells has it. */
export interface MarkerRow {
  gene: string;
  auc: number;
  log2FoldChange: number;
  shareIn: number;
  shareOut: number;
  q: number;
  /** In how many donors the group's mean is the higher; null without donors. */
  donorsHigher: number | null;
}

/** What `markerTable` shows. */
export interface MarkerTableData {
  rows: readonly MarkerRow[];
  /** Cells of the selection, and of those that it is compared with. */
  cells: number;
  others: number;
  /** Ribosomal and mitochondrial genes that were tested and are not listed. */
  leftOut?: number;
  /** Donors with 5 cells on both sides; null where none are named. */
  donors: number | null;
}

/** The table; null empties it, with a word about why. "gene" (CustomEvent, detail {gene}) tells of a gene that was pressed. */
export type MarkerTable = HTMLElement & {
  update(data: MarkerTableData | null, waiting?: string): void;
  /** Marks the gene that is looked at. */
  look(gene: string | null): void;
};

/** Genes that set a selection apart, sortable, with what p-values of cells do not say. */
export function markerTable(): MarkerTable {
  const words = h("p", {class: "wb-small", role: "status"});
  const place = h("div");
  const root = h("div", {class: "wb-markers"}, words, place);
  let rows: readonly MarkerRow[] = [];
  let table: ReturnType<typeof pagedTable<MarkerRow>> | null = null;
  const press = (gene: string) => () => send(root, "gene", {gene});

  return extend(root, {
    update(data: MarkerTableData | null, waiting = "") {
      rows = data?.rows ?? [];
      words.textContent = data === null ? waiting : wordsOf(data);
      table = data && pagedTable(columnsOf(data, press), {title: "Genes that set the selection apart", size: 12});
      place.replaceChildren(...(table === null ? [] : [table]));
      table?.update(rows);
    },
    look(gene: string | null) {
      const index = rows.findIndex((row) => row.gene === gene);
      table?.show(index < 0 ? null : index);
    }
  });
}

function columnsOf({donors}: MarkerTableData, press: (gene: string) => () => void): PagedColumn<MarkerRow>[] {
  const number = (name: string, value: (row: MarkerRow) => number, cell: (row: MarkerRow) => string) => ({
    name,
    number: true,
    value,
    cell
  });
  const columns: PagedColumn<MarkerRow>[] = [
    {
      name: "gene",
      value: ({gene}) => gene,
      cell: ({gene}) =>
        h("button", {type: "button", class: "wb-link", title: `Color the map by ${gene}`, onclick: press(gene)}, gene)
    },
    number(
      "AUC",
      ({auc}) => auc,
      ({auc}) => auc.toFixed(3)
    ),
    number(
      "log2 fold change",
      (row) => row.log2FoldChange,
      (row) => foldChange(row.log2FoldChange)
    ),
    number(
      "share in",
      ({shareIn}) => shareIn,
      ({shareIn}) => formatShareInColumn(shareIn, 1)
    ),
    number(
      "share out",
      ({shareOut}) => shareOut,
      ({shareOut}) => formatShareInColumn(shareOut, 1)
    ),
    number(
      "q",
      ({q}) => q,
      ({q}) => (q < 1e-300 ? "< 1e-300" : formatNumber(q, 2))
    )
  ];
  if (donors !== null) {
    const higher = (row: MarkerRow) => row.donorsHigher ?? NaN;
    columns.push(number("donors", higher, (row) => `${row.donorsHigher} of ${donors}`));
  }
  return columns;
}

/** Of a gene that no cell of one side has, the ratio is one of nothing. */
const foldChange = (value: number): string =>
  Math.abs(value) > 20 ? (value > 0 ? "only in" : "only out") : value.toFixed(2);

function wordsOf({cells, others, donors, leftOut = 0}: MarkerTableData): string {
  const unlisted = leftOut === 0 ? "" : ` ${formatCount(leftOut, "ribosomal or mitochondrial gene")} not listed.`;
  const compared = `${formatCount(cells, "selected cell")} against ${formatCount(others, "other")}.${unlisted}`;
  if (donors === null)
    return `${compared} Cells are not replicates: q counts cells of one donor as if they were independent. Rank by AUC, and name a column of donors where there is one.`;
  const enough = `${formatCount(donors, "donor has", "donors have")} 5 cells on both sides`;
  return `${compared} Cells are not replicates: of each gene it is said in how many donors the selection is higher (${enough}). Rank by AUC.`;
}
