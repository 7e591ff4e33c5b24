import {isAbort, isWorkbookError} from "../core/errors.js";
import type {MadeColumns} from "../core/away/made-columns.js";
import {type SelectionPart, selectionShares} from "../core/composition/selection-shares.js";
import {columnGroups} from "../core/selections/column-groups.js";
import type {OpenFile, Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {placedCells} from "../core/tables/placed-cells.js";
import {compositionFigure} from "../views/composition-figure.js";
import {extend, h} from "../views/dom.js";
import type {LinkedMaps} from "../views/linked-maps.js";
import {obsColumnInput, type ObsColumnInput} from "./obs-column-input.js";
import type {SelectionPanel} from "./selection-panel.js";

/** What is composed. */
export interface ComposedCells {
  /** Maps whose selection it is. */
  maps: LinkedMaps;
  /** The umap stage, whose cells the selection is compared with. */
  map: Stage;
  /** Columns that were made on the page (clusters, labels), by which it can be composed. */
  made?: readonly (MadeColumns | null)[];
  /** Hears what most of the selected cells are by the column, as a name for them. */
  panel?: SelectionPanel;
}

/** What the selected cells are made of, by a column that is chosen. */
export type CompositionPanel = HTMLElement & {follow(file: OpenFile, composed: ComposedCells & Wish): void};

const noColumn = "This file has no column.";
const noMap = "Shares are counted once the map is there.";
const none = "Select cells on the map to see what they are made of.";

/** The panel, for no cells. Shares are counted on the page as soon as the maps tell of a selection: milliseconds for 50,000 cells. */
export function compositionPanel(): CompositionPanel {
  const figure = compositionFigure();
  const place = h("div");
  const root = h("section", {"aria-label": "Composition of the selected cells"}, place, figure);
  let input: ObsColumnInput | null = null;
  let opened: OpenFile | null = null;
  let now: ComposedCells | null = null;
  /** Cells on the map, once it is there. */
  let rows: Int32Array | null = null;

  function show(): void {
    const selected = now?.maps.value ?? null;
    const column = input?.value ?? null;
    // Groups before a selection asks for them: texts of many cells take longer than a lasso may.
    const groups = rows && column && columnGroups(column);
    const parts = selected && rows && groups ? selectionShares(groups, selected, rows) : null;
    now?.panel?.suggest(parts && leadingName(parts));
    if (parts !== null) return figure.update({column: column!.name, parts});
    figure.update(null, selected === null ? none : column === null ? noColumn : noMap);
  }

  async function read(map: Stage, signal?: AbortSignal): Promise<void> {
    try {
      const placed = placedCells(await map.table({signal}));
      if (signal?.aborted === true || now?.map !== map) return;
      ({rows} = placed);
      show();
    } catch (error) {
      // The strip tells of it.
      if (!isAbort(error) && !isWorkbookError(error)) throw error;
    }
  }

  // A column that is chosen here is no value of the page.
  root.addEventListener("input", (event) => (event.stopPropagation(), show()));
  return extend(root, {
    follow(file: OpenFile, composed: ComposedCells & Wish) {
      const signal = wishSignal(composed);
      if (now?.map !== composed.map) rows = null;
      now = composed;
      if (opened !== file) {
        input = obsColumnInput(file, {label: "Made of", name: "made_of"});
        place.replaceChildren(input);
        opened = file;
      }
      const made = (composed.made ?? []).flatMap((one) => one?.columns ?? []);
      input!.offer(made);
      composed.maps.addEventListener("input", show, {signal});
      show();
      if (rows === null) void read(composed.map, signal);
    }
  });
}

/** The value that more than half of the selected cells have; null for none. */
function leadingName([first]: readonly SelectionPart[]): string | null {
  return first?.selected && first.selected.share > 0.5 ? first.value : null;
}
