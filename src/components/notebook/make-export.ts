import {awayName} from "../core/away/away-name.js";
import type {AwayPart} from "../core/away/away-order.js";
import type {MadeColumns} from "../core/away/made-columns.js";
import {methodsText} from "../core/report/methods-text.js";
import {defaultMinDist} from "../core/space/default-min-dist.js";
import type {NamedSelection} from "../core/selections/selections.js";
import type {Stage} from "../core/stages/stage.js";
import {tableToStreamBytes} from "../core/tables/file.js";
import {placedCells} from "../core/tables/placed-cells.js";
import {readProvenance} from "../core/tables/provenance.js";
import type {AwayOrder, AwayProgress} from "../runtime/browser/away-protocol.js";
import {writeAway} from "../runtime/browser/away-writer.js";
import type {TableFormat} from "../runtime/table-pieces.js";
import type {ColorScale} from "../views/color-scale.js";
import type {ExportWish} from "../views/export-menu.js";
import {figurePng} from "../views/figure-png.js";
import {printFigure} from "../views/print-figure.js";
import {blobOf} from "./browser.js";
import {makeSession} from "./make-session.js";

/** What is to be made of what. */
export interface ExportOrder {
  wish: ExportWish;
  embed: Stage;
  /** The umap stage, where it is done. */
  map: Stage | null;
  /** Colors of all cells of the file. */
  scale: ColorScale;
  /** Rows of the file that were embedded. */
  embedded: Int32Array;
  /** Rows of the file to take; null for all that were embedded. */
  rows: Int32Array | null;
  /** What is selected on the page. */
  selected: Int32Array | null;
  selections: readonly NamedSelection[];
  /** Columns that were made on the page. */
  made: MadeColumns;
}

/** A file that was made. */
export interface MadeExport {
  blob: Blob;
  cells: number;
  /** Cells without a vector, of what has vectors. */
  without?: number;
}

/** A file to be made: its name and about how many bytes it will have. */
export interface PlannedExport {
  name: string;
  bytes: number;
  /** Rejects with a WorkbookError, or the signal's reason. */
  make(options: {signal: AbortSignal; onProgress: AwayProgress}): Promise<MadeExport>;
}

/** What each is called in the name of its file. */
const suffixes = {
  h5ad: "uce",
  table: "uce",
  vectors: "vectors",
  map: "umap",
  cells: "obs",
  names: "names",
  figure: "map"
};
const parts: Partial<Record<ExportWish["what"], AwayPart>> = {
  table: "all",
  vectors: "vectors",
  map: "map",
  cells: "cells"
};
/** Bytes of a number of a vector, about, as text or as it is. */
const bytesOfNumber = {csv: 11, parquet: 4, arrow: 4, h5ad: 4};

/** Plans a file as a person wishes it. */
export function makeExport(order: ExportOrder): PlannedExport {
  const {wish, embed, rows} = order;
  const {file} = embed;
  if (wish.what === "session") {
    const name = file.name.replace(/\.[^.]*$/, "");
    return {name: `${name}.uce-session`, bytes: 0, make: ({signal}) => makeSession(order, signal)};
  }
  const what = suffixes[wish.what];
  const name = awayName(file.name, rows === null ? what : `${what}-selected`, wish.format);
  if (wish.what === "figure") return {name, bytes: 0, make: () => figure(order)};
  if (wish.what === "names") return {name, bytes: 0, make: async () => names(order)};
  const cells = rows?.length ?? file.cellIds.length;
  const numbers = wish.what === "map" || wish.what === "cells" ? 20 : 1300;
  const copied = wish.what === "h5ad" && rows === null ? file.bytes : 0;
  const bytes = copied + cells * numbers * bytesOfNumber[wish.format as keyof typeof bytesOfNumber];
  return {
    name,
    bytes,
    make: async ({signal, onProgress}) => writeAway(await awayOrder(name, order, signal), {signal, onProgress})
  };
}

async function awayOrder(
  name: string,
  {wish, embed, map, rows, made}: ExportOrder,
  signal: AbortSignal
): Promise<AwayOrder> {
  const {file} = embed;
  const table = await embed.table({signal});
  const coordinates = map === null ? null : tableToStreamBytes(await map.table({signal}));
  const part = parts[wish.what];
  const isCopy = part === undefined && rows === null;
  return {
    name,
    // Only a copy of the file with the results in it needs its bytes.
    source: {blob: isCopy ? blobOf(file) : new Blob([]), name: file.name, identity: file.identity},
    embeddings: tableToStreamBytes(table),
    map: coordinates,
    rows,
    made,
    as:
      part === undefined
        ? {format: "h5ad", key: wish.key}
        : {format: wish.format as TableFormat, part, obs: part === "all" || part === "cells" ? file.obs : []}
  };
}

function names({embed, embedded, rows}: ExportOrder): MadeExport {
  const {cellIds} = embed.file;
  const taken = rows ?? embedded;
  return {blob: new Blob(Array.from(taken, (row) => `${cellIds[row]}\n`)), cells: taken.length};
}

/** The map as it is colored on the page, with what made it. */
async function figure({wish, embed, map, scale, rows}: ExportOrder): Promise<MadeExport> {
  const table = await map!.table();
  const provenance = readProvenance(table)!;
  const {rows: cells, positions} = placedCells(table);
  const {minDist = null} = provenance.parameters;
  const by = scale.title === "" || scale.title === "cells" ? "" : `, colored by ${scale.title}`;
  const drawn = printFigure({
    title: `${embed.file.name}: map of the cells${by}`,
    positions,
    cells,
    scale,
    selected: rows,
    provenance: methodsText(provenance, cells.length, Number(minDist ?? defaultMinDist(cells.length)))
  });
  const blob =
    wish.format === "png" ? await figurePng(drawn) : new Blob([drawn.svg], {type: "image/svg+xml;charset=utf-8"});
  return {blob, cells: rows?.length ?? cells.length};
}
