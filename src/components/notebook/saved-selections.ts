import type {NamedSelection} from "../core/selections/selections.js";
import type {OpenFile} from "../core/stages/stage.js";
import {extend, h, send} from "../views/dom.js";
import {formatInteger} from "../views/format.js";
import type {LinkedMaps} from "../views/linked-maps.js";
import {selectionColor, selectionScale} from "../views/selection-scale.js";
import {swatch} from "../views/swatch.js";
import type {ColorInput} from "./color-input.js";
import {clearedEvent, restoredSelections} from "./selection-storage.js";

/** The selections that are saved for a file, as an input. */
export type SavedSelections = HTMLElement & {readonly value: readonly NamedSelection[]};

/**
 * The selections that are saved for a file (`selectionPanel` saves them), or that the address brings: a button each, which selects its cells on the maps, and
 * one that colors the maps by them. Nothing is to be seen where there are none. Tells once that they are there ("input").
 */
export function savedSelections(
  file: OpenFile,
  {maps, colors}: {maps: LinkedMaps; colors: ColorInput}
): SavedSelections {
  const root = h("p", {class: "wb-saved", role: "group", "aria-label": "Saved selections", hidden: true});
  let value: readonly NamedSelection[] = [];
  void restoredSelections(file).then((saved) => {
    if (saved.length === 0) return;
    value = saved;
    colors.offer("selections", selectionScale(saved, file.cellIds.length));
    const select = ({name, color, rows}: NamedSelection) => {
      const spot = swatch(selectionColor(color));
      const onclick = () => maps.take(rows, "name", "anew");
      const count = h("span", {class: "wb-selection-of"}, formatInteger(rows.length));
      return h("button", {type: "button", class: "wb-button wb-button-small", onclick}, spot, ` ${name} `, count);
    };
    const color = h(
      "button",
      {type: "button", class: "wb-link", onclick: () => colors.choose("made:selections")},
      "Color the maps by them"
    );
    root.replaceChildren("Saved for this file: ", ...saved.map(select), color);
    root.hidden = false;
    send(root, "input");
    document.addEventListener(clearedEvent, cleared, {once: true});
  });
  function cleared(): void {
    value = [];
    root.hidden = true;
    colors.offer("selections", null);
    send(root, "input");
  }
  return extend(root, {
    get value() {
      return value;
    }
  });
}
