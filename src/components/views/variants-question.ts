import {extend, h, send, uniqueId} from "./dom.js";

/** What is said before the variants of a model are measured. */
export interface VariantsQuestionData {
  model: string;
  /** What the cells are ("260 cells of demo.h5ad"). */
  cells: string;
  /** What happens, how long it takes, what it is for: in sentences. */
  what: readonly string[];
  /** False where the cells are too few, which `what` says. */
  enough: boolean;
}

/** A question before variants are made and measured. "agree" and "refuse" tell the answer. */
export type VariantsQuestion = HTMLElement;

/** Asks whether smaller variants of a model shall be made and measured, and says what that takes. */
export function variantsQuestion({model, cells, what, enough}: VariantsQuestionData): VariantsQuestion {
  const heading = uniqueId("variants");
  const agree = h("button", {class: "wb-button wb-button-main", disabled: !enough}, `Measure on ${cells}`);
  const no = h("button", {type: "button", class: "wb-button", onclick: () => send(form, "refuse")}, "Not now");
  const form = h(
    "form",
    {class: "wb-model-consent", role: "group", "aria-labelledby": heading},
    h("h3", {id: heading, tabindex: -1}, `Make ${model} smaller?`),
    what.map((text) => h("p", {}, text)),
    h("div", {class: "wb-model-buttons"}, agree, no)
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, "agree");
  });
  return extend(form, {});
}
