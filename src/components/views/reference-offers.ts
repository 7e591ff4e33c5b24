import {addressField} from "./address-field.js";
import {addressConsent, type AddressToOpen} from "./address-consent.js";
import {extend, h, send, setText, uniqueId} from "./dom.js";
import {filePicker} from "./file-picker.js";
import type {PickedPart} from "./packed-file.js";

/** Columns of a file of embedded cells, of which one is to be the labels. */
export interface LabelColumnChoice {
  name: string;
  columns: readonly {name: string; groups: number}[];
}

/**
 * Ways to add a reference. "files" (CustomEvent, detail: PickedPart[]) tells what was picked or dropped, "address" (detail: text) what was typed, "agree" (detail: AddressToOpen)
 * and "refuse" the answer before a host is asked, "column" (detail: name) which column holds the labels, "cancel" that reading is no longer wanted.
 */
export type ReferenceOffers = HTMLElement & {
  /** Asks before a host is asked; null takes the question back. */
  ask(file: AddressToOpen | null): void;
  /** Asks which column holds the labels. */
  choose(choice: LabelColumnChoice): void;
  /** What is being read, and how far it is, 0 to 1 (null: nobody knows); null when nothing is. */
  working(words: string | null, share?: number | null): void;
};

const accepted =
  "A reference that the command reference wrote (its folder, or a zip of it); a table of embeddings with labels (.arrow, .parquet); or an h5ad with X_uce and a column of labels. It is read here; nothing leaves this machine.";

/** The ways, for nothing yet. */
export function referenceOffers(): ReferenceOffers {
  const task = h("div");
  const root = h(
    "div",
    {class: "wb-model-offers"},
    task,
    filePicker(accepted, (files: readonly PickedPart[]) => send(root, "files", files)),
    addressForm((text) => send(root, "address", text))
  );
  return extend(root, {
    ask(file: AddressToOpen | null) {
      if (file === null) return task.replaceChildren();
      const more = "A reference is read whole, of an h5ad the vectors and columns. It is kept in this browser.";
      task.replaceChildren(addressConsent(file, root, [more]));
    },
    choose: ({name, columns}: LabelColumnChoice) => task.replaceChildren(columnForm(root, name, columns)),
    working(words: string | null, share: number | null = null) {
      if (words === null) return task.replaceChildren();
      const known = task.querySelector<HTMLElement>(".wb-model-progress");
      const shown = known ?? progress(() => send(root, "cancel"));
      if (known === null) task.replaceChildren(shown);
      setText(shown.querySelector("p")!, words);
      const bar = shown.querySelector("progress")!;
      if (share === null) bar.removeAttribute("value");
      else bar.value = share;
    }
  });
}

function progress(cancel: () => void): HTMLElement {
  const bar = h("progress", {class: "wb-progress", max: 1, "aria-label": "Progress of the reference"});
  const button = h("button", {type: "button", class: "wb-button wb-button-small", onclick: cancel}, "Cancel");
  return h("div", {class: "wb-model-progress"}, h("p", {role: "status"}), bar, button);
}

function columnForm(root: HTMLElement, name: string, columns: LabelColumnChoice["columns"]): HTMLElement {
  const select = h(
    "select",
    {"aria-label": "Column of labels"},
    columns.map((column) => h("option", {value: column.name}, `${column.name} (${column.groups} labels)`))
  );
  const form = h(
    "form",
    {class: "wb-model-consent"},
    h("h3", {}, `Which column of ${name} holds the labels?`),
    h("div", {class: "wb-model-buttons"}, select, h("button", {class: "wb-button wb-button-main"}, "Use these labels"))
  );
  form.addEventListener("input", (event) => event.stopPropagation());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(root, "column", select.value);
  });
  return form;
}

function addressForm(want: (text: string) => void): HTMLElement {
  const id = uniqueId("address");
  const field = addressField({id, required: true});
  const form = h(
    "form",
    {class: "wb-model-address"},
    h("label", {for: id}, "Address of a reference's folder, or of a table or h5ad as above"),
    field,
    h("button", {class: "wb-button wb-button-small"}, "Look …")
  );
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim() !== "") want(field.value.trim());
  });
  for (const name of ["input", "change"]) form.addEventListener(name, (event) => event.stopPropagation());
  return h("fieldset", {}, h("legend", {}, "From an address"), form);
}
