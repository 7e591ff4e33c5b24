import {isAbort} from "../core/errors.js";
import {joinMade, type MadeColumns} from "../core/away/made-columns.js";
import {selectionColumn} from "../core/selections/selection-column.js";
import type {NamedSelection} from "../core/selections/selections.js";
import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {readInt32} from "../core/tables/read-columns.js";
import {columnColors} from "../views/color-column.js";
import {plainScale, type ColorScale} from "../views/color-scale.js";
import {extend} from "../views/dom.js";
import {exportMenu, type ExportMenu, type ExportWish} from "../views/export-menu.js";
import {formatBytes, formatCount} from "../views/format.js";
import {noticeOf} from "../views/notice-list.js";
import {sessionOf} from "./browser.js";
import {doneStages} from "./done-stages.js";
import {makeExport} from "./make-export.js";
import {choosePlace, saveFile} from "./save-file.js";

/** What is shown on the page beside the menu. */
export interface ExportShown {
  /** Colors of all cells of the file, or the column that they are colored by; one color unless told. */
  color?: ColorScale | ObsColumn | null;
  /** Selected rows of the file, ascending; null for none. */
  selected?: Int32Array | null;
  /** Named selections of the file's cells: a column "selection" that goes with the cells, and in a saved session. */
  selections?: readonly NamedSelection[];
  /** Columns that were made on the page (labels, clusters), which go with the cells. */
  made?: readonly (MadeColumns | null)[];
}

/** The menu by which results are taken away from a page. */
export type ExportPanel = HTMLElement & {
  /** Offers the results of a chain down to an embed or umap stage as they are done, until the wish is withdrawn. */
  follow(tip: Stage, wish?: Wish): Promise<void>;
  /** Takes colors and selection for what is saved from now on. */
  show(shown: ExportShown): void;
};

/** What is offered now. */
interface Offer {
  tip: Stage;
  /** Rows of the file that were embedded. */
  rows: Int32Array | null;
  hasMap: boolean;
}

/**
 * A menu that saves results, figures and names of cells, of all cells or of those that are selected. One file at a time; Cancel leaves nothing. `tip`
 * and `options` are what it follows and shows from the beginning.
 */
export function exportPanel(tip?: Stage, options: Wish & ExportShown = {}): ExportPanel {
  const menu = exportMenu();
  let offer: Offer | null = null;
  let shown: ExportShown = {};
  let task = new AbortController();

  const selectedRows = (): Int32Array | null => {
    const {selected = null} = shown;
    const embedded = new Set(offer?.rows ?? []);
    return selected === null ? null : selected.filter((row) => embedded.has(row));
  };
  const madeNow = (): MadeColumns => {
    const {selections = [], made = []} = shown;
    const cells = offer?.tip.file.cellIds.length ?? 0;
    const named = selections.length === 0 ? [] : [{columns: [selectionColumn(selections, cells)], texts: {}}];
    return joinMade([...named, ...made.filter((one) => one !== null)]);
  };
  const tell = (): void =>
    menu.update({
      cells: offer?.rows?.length ?? null,
      map: offer?.hasMap ?? false,
      restored: offer !== null && sessionOf(offer.tip.file) !== undefined,
      selected: selectedRows()?.length ?? 0,
      made: madeNow().columns.map(({name}) => name)
    });
  menu.addEventListener("cancel", () => task.abort());
  menu.addEventListener("export", (event) => {
    if (offer === null) return;
    task.abort();
    task = new AbortController();
    const {detail: wish} = event as CustomEvent<ExportWish>;
    const {tip, hasMap} = offer;
    const {embed, map} = stagesOf(tip, hasMap);
    const {color = null} = shown;
    const scale =
      color === null
        ? plainScale(tip.file.cellIds.length)
        : "entries" in color || "domain" in color
          ? color
          : columnColors(color);
    const rows = wish.selection ? selectedRows() : null;
    const {selected = null, selections = []} = shown;
    const order = {wish, embed, map, embedded: offer.rows!, scale, rows, selected, selections, made: madeNow()};
    void save(menu, order, task.signal);
  });
  const panel = extend(menu, {
    async follow(tip: Stage, wish: Wish = {}) {
      const signal = wishSignal(wish) ?? new AbortController().signal;
      const isSame = offer?.tip.address === tip.address && offer.tip.file.runner === tip.file.runner;
      // What is being written of another chain is no longer what the page shows; equal chains are one.
      if (!isSame) task.abort();
      const mine: Offer = {rows: null, hasMap: false, ...(isSame && offer), tip};
      offer = mine;
      tell();
      for await (const {stage} of doneStages(tip, signal)) {
        // A session has the map alone.
        const told = stage.name === (sessionOf(tip.file) ? "umap" : "embed");
        if (told) mine.rows = readInt32(await stage.table(), "row");
        if (stage.name === "umap") mine.hasMap = true;
        if (offer === mine) tell();
      }
    },
    show(next: ExportShown) {
      shown = next;
      tell();
    }
  });
  panel.show(options);
  if (tip !== undefined) void panel.follow(tip, options);
  return panel;
}

function stagesOf(tip: Stage, hasMap: boolean): {embed: Stage; map: Stage | null} {
  return tip.name === "umap" ? {embed: tip.parent!, map: hasMap ? tip : null} : {embed: tip, map: null};
}

/** Makes one file and saves it; tells the menu how far it is. */
async function save(menu: ExportMenu, order: Parameters<typeof makeExport>[0], signal: AbortSignal): Promise<void> {
  const {name, bytes, make} = makeExport(order);
  try {
    const place = await choosePlace(name, bytes);
    menu.working(`Writing ${name} …`, null);
    const {
      blob,
      cells,
      without = 0
    } = await make({
      signal,
      onProgress: (done, total) => menu.working(`Writing ${name} …`, total === 0 ? null : done / total)
    });
    signal.throwIfAborted();
    await saveFile(place, name, blob, signal);
    const lacking = without === 0 ? "" : `; ${formatCount(without, "cell")} without a vector`;
    menu.done(`Saved ${name}: ${formatCount(cells, "cell")}${lacking}, ${formatBytes(blob.size)}.`);
  } catch (error) {
    if (isAbort(error)) menu.done("Canceled. Nothing was saved.");
    else menu.failed(noticeOf(error));
  }
}
