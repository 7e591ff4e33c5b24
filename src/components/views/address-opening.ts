import {addressField} from "./address-field.js";
import {addressConsent, type AddressToOpen} from "./address-consent.js";
import {extend, h, send, uniqueId} from "./dom.js";

export type {AddressToOpen} from "./address-consent.js";

/**
 * A field for the address of a file, and the question before its host is asked. "address" (CustomEvent, detail: the text) tells that one was given,
 * "agree" (detail: AddressToOpen) and "refuse" the answer.
 */
export type AddressOpening = HTMLElement & {
  /** The button that shows the field, for the row of the other buttons. */
  readonly opener: HTMLElement;
  /** Asks about an address; null takes the question back. */
  ask(file: AddressToOpen | null): void;
};

/** The field is hidden until its button is pressed, so that the card of the data stays as high as it was. */
export function addressOpening(): AddressOpening {
  const id = uniqueId("address");
  const field = addressField({id, inputmode: "url", placeholder: "https://example.org/cells.h5ad", required: true});
  const form = h(
    "form",
    {class: "wb-address-form"},
    h("label", {for: id}, "Address of an h5ad file or Zarr folder"),
    field,
    h("button", {class: "wb-button"}, "Open …")
  );
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim() !== "") send(root, "address", field.value.trim());
  });
  form.hidden = true;
  const show = (): void => {
    form.hidden = !form.hidden;
    opener.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) field.focus();
  };
  const opener = h(
    "button",
    {type: "button", class: "wb-button", "aria-expanded": "false", onclick: show},
    "By address …"
  );
  const question = h("div");
  const root = h("div", {class: "wb-address-opening"}, form, question);
  // What is typed is no choice of the page.
  for (const name of ["input", "change"]) form.addEventListener(name, (event) => event.stopPropagation());
  return extend(root, {
    opener,
    ask(file: AddressToOpen | null) {
      if (file === null) {
        if (question.contains(document.activeElement)) opener.focus({preventScroll: true});
        return question.replaceChildren();
      }
      field.value = file.address;
      question.replaceChildren(
        addressConsent(file, root, [
          "Opening reads 64 kB first, then names, columns and a sample of counts: mostly 1 to 60 MB. Each run reads the cells that it takes."
        ])
      );
    }
  });
}
