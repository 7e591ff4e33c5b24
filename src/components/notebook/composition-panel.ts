import type {MadeColumns} from "../core/away/made-columns.js";
import {type SelectionPart, selectionShares} from "../core/composition/selection-shares.js";
import {columnGroups} from "../core/selections/column-groups.js";
import type {OpenFile, Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {placedCells} from "../core/tables/placed-cells.js";
import {compositionFigure} from "../views/composition-figure.js";
import {extend, h} from "../views/dom.js";
import {fill} from "./fill.js";
import {obsColumnInput, type ObsColumnInput} from "./obs-column-input.js";
import type {SelectionPanel} from "./selection-panel.js";

/** What is composed. */
export interface ComposedCells {
  /** The umap stage, whose cells the selection is compared with. */
  map: Stage;
  /** Selected rows of the file, ascending; null for none. */
  selected: Int32Array | null;
  /** Columns that were made on the page (clusters, labels), by which it can be composed. */
  made?: readonly (MadeColumns | null)[];
  /** Hears what most of the selected cells are by the column, as a name for them. */
  panel?: SelectionPanel;
}

/** What the selected cells are made of, by a column that is chosen. */
export type CompositionPanel = HTMLElement & {follow(file: OpenFile, composed: ComposedCells & Wish): void};

const none = "Select cells on the map to see what they are made of.";

/** The panel, for no cells. Shares are computed on the page, in milliseconds for 50,000 cells. */
export function compositionPanel(): CompositionPanel {
  const figure = compositionFigure();
  const place = h("div");
  const root = h("section", {"aria-label": "Composition of the selected cells"}, place, figure);
  let input: ObsColumnInput | null = null;
  let opened: OpenFile | null = null;
  let now: (ComposedCells & Wish) | null = null;

  async function show(): Promise<void> {
    if (now === null) return;
    const {map, selected, panel} = now;
    const signal = wishSignal(now);
    const column = input?.value ?? null;
    if (selected === null || column === null) {
      panel?.suggest(null);
      return figure.update(null, column === null ? "This file has no column." : none);
    }
    const parts = map
      .table({signal})
      .then((table) => selectionShares(columnGroups(column), selected, placedCells(table).rows));
    const shares = parts.then((parts) => ({column: column.name, parts}));
    const found = await fill(figure, shares, {waiting: "Shares are counted once the map is there."});
    if (found !== null && signal?.aborted !== true) panel?.suggest(leadingName(found.parts));
  }

  // A column that is chosen here is no value of the page.
  root.addEventListener("input", (event) => (event.stopPropagation(), void show()));
  return extend(root, {
    follow(file: OpenFile, composed: ComposedCells & Wish) {
      now = composed;
      if (opened !== file) {
        input = obsColumnInput(file, {label: "Made of", name: "made_of"});
        place.replaceChildren(input);
        opened = file;
      }
      const made = (composed.made ?? []).flatMap((one) => one?.columns ?? []);
      input!.offer(made);
      void show();
    }
  });
}

/** The value that more than half of the selected cells have; null for none. */
function leadingName([first]: readonly SelectionPart[]): string | null {
  return first?.selected && first.selected.share > 0.5 ? first.value : null;
}
