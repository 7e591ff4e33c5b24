import {type ColorScale, type CategoricalScale} from "./color-scale.js";
import {colorBar} from "./color-bar.js";
import {extend, h, send, setAttribute, setText} from "./dom.js";
import {formatCount, formatInteger} from "./format.js";
import type {SelectionChange} from "./points-inside.js";
import {swatch} from "./swatch.js";

/** A legend. "pick" (CustomEvent, detail: `LegendPick`) tells of a group that was chosen; the owner decides what it means. */
export type Legend = HTMLElement & {
  /** Colors of the cells that are shown; `whole` are those of all cells of the file, where fewer are shown. */
  update(scale: ColorScale, whole?: ColorScale): void;
  /** How many cells of each entry are selected; null: there is no selection. */
  setSelected(counts: ArrayLike<number> | null): void;
};

/** A group that was chosen, and how that changes the selection. */
export interface LegendPick {
  entry: number;
  change: SelectionChange;
}

export interface LegendOptions {
  /** Entries shown before "show all" (20). */
  folded?: number;
}

/**
 * Swatch, name and number of cells of each group, as toggle buttons: a click selects that group alone, or nothing if it was
 * just that; Shift (or Ctrl) adds a group or takes it away. Of numbers: a color bar with both ends and the unit.
 */
export function legend(first: ColorScale, {folded = 20}: LegendOptions = {}): Legend {
  const root = h("div", {class: "wb-legend"});
  let scale = first;
  let selected: ArrayLike<number> | null = null;
  let buttons: readonly HTMLButtonElement[] = [];

  function pick(entry: number, adds: boolean): void {
    if (scale.kind === "continuous") return;
    const state = stateOf(entry);
    const isAlone = state === "true" && scale.entries.every((_, k) => k === entry || (selected?.[k] ?? 0) === 0);
    const change = adds ? (state === "true" ? "remove" : "add") : isAlone ? "remove" : "replace";
    send<LegendPick>(root, "pick", {entry, change});
  }

  function stateOf(entry: number): "true" | "mixed" | "false" {
    const chosen = selected?.[entry] ?? 0;
    if (chosen === 0 || scale.kind === "continuous") return "false";
    return chosen >= scale.entries[entry].count ? "true" : "mixed";
  }

  function mark(): void {
    buttons.forEach((button, k) => {
      const state = stateOf(k);
      setAttribute(button, "aria-pressed", state);
      button.classList.toggle("wb-dim", selected !== null && state === "false");
    });
  }

  const update = (next: ColorScale, whole: ColorScale = next): void => {
    scale = next;
    selected = null;
    // Without cells there is nothing to explain.
    if (next.index.length === 0) return ((buttons = []), root.replaceChildren());
    const of = shownOf(next, whole);
    const title = h("div", {class: "wb-legend-title"}, next.title, of && h("span", {class: "wb-legend-of"}, of));
    if (next.kind === "continuous") {
      buttons = [];
      return root.replaceChildren(title, colorBar(next));
    }
    const groups = groupButtons(next, whole.kind === "categorical" ? whole : next, folded, pick);
    ({buttons} = groups);
    root.replaceChildren(title, groups.element);
    mark();
  };
  update(first);
  return extend(root, {
    update,
    setSelected(counts: ArrayLike<number> | null) {
      selected = counts;
      mark();
    }
  });
}

/** What the numbers of a legend count, where not all cells of the file are shown; null where they are. */
function shownOf({index: shown}: ColorScale, {index: all}: ColorScale): string | null {
  if (shown.length === all.length) return null;
  return `of ${formatInteger(shown.length)} mapped cells (${formatInteger(all.length)} in the file)`;
}

function groupButtons(
  {entries, title}: CategoricalScale,
  {entries: all}: CategoricalScale,
  folded: number,
  pick: (entry: number, adds: boolean) => void
): {element: HTMLElement; buttons: HTMLButtonElement[]} {
  const buttons = entries.map(({label, count, light, dark}, k) => {
    const inFile = all[k]?.count ?? count;
    // A group that is not mapped at all would look like a fault.
    const shown = count === 0 && inFile > 0 ? `0 of ${formatInteger(inFile)}` : formatInteger(count);
    const words =
      inFile === count ? label : `${label}: ${formatInteger(count)} of ${formatCount(inFile, "cell")} mapped`;
    const onclick = ({shiftKey, ctrlKey, metaKey}: MouseEvent): void => pick(k, shiftKey || ctrlKey || metaKey);
    return h(
      "button",
      {
        type: "button",
        class: "wb-legend-entry",
        "aria-pressed": "false",
        title: words,
        disabled: count === 0,
        onclick
      },
      swatch({light, dark}),
      h("span", {class: "wb-legend-label"}, label),
      h("span", {class: "wb-legend-count"}, shown, h("span", {class: "wb-hidden"}, count === 1 ? " cell" : " cells"))
    );
  });
  const list = h(
    "ul",
    {class: "wb-legend-list", "aria-label": `Groups of ${title}: a click selects one, Shift adds`},
    buttons.map((button) => h("li", {}, button))
  );
  if (entries.length <= folded + 2) return {element: list, buttons};
  const rest = [...list.children].slice(folded) as HTMLElement[];
  const more = h("button", {type: "button", class: "wb-link"});
  const show = (open: boolean): void => {
    rest.forEach((item) => (item.hidden = !open));
    setText(more, open ? "Fewer" : `${rest.length} more`);
    setAttribute(more, "aria-expanded", String(open));
  };
  more.addEventListener("click", () => show(rest[0].hidden === true));
  show(false);
  return {element: h("div", {}, list, more), buttons};
}
