import {bound} from "../views/address-input.js";
import {extend, h} from "../views/dom.js";

/** Whose labels are voted on, as an input: "column", those of a column of the file, or "reference", those of a reference. */
export type VotersInput = HTMLElement & {value: string};

/** The input. Bound to the address ("voters"). */
export function votersInput(): VotersInput {
  const select = h(
    "select",
    {"aria-label": "Whose labels"},
    h("option", {value: "column"}, "a column of this file"),
    h("option", {value: "reference"}, "a reference")
  );
  const root = h("div", {class: "wb-fields"}, h("label", {class: "wb-field"}, "Labels from", select));
  const input = extend(root, {
    get value() {
      return select.value;
    },
    set value(next: string) {
      select.value = next;
    }
  });
  return bound<string, VotersInput>(input, {name: "voters", default: "column"});
}
