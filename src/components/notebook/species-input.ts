import type {OpenFile} from "../core/stages/stage.js";
import {bound} from "../views/address-input.js";
import {extend, h} from "../views/dom.js";

/** Which of the model's species a file's genes are read as, as an input; null for the one that they are recognized as. */
export type SpeciesInput = HTMLElement & {value: string | null};

/**
 * A field for the species of a file: the one recognized by its gene names, or another of the model's; hidden where the model has one
 * and the file no other. Bound to the address ("species").
 */
export function speciesInput(file: OpenFile): SpeciesInput {
  const {verdict, model, used, asked, found} = file.inspection.genes.species;
  const names = [...new Set([...model, used])];
  const recognized = verdict === "one" && !asked ? `${found[0]?.species ?? used} (recognized)` : "by the gene names";
  const select = h(
    "select",
    {"aria-label": "Species"},
    h("option", {value: ""}, recognized),
    names.map((name) => h("option", {value: name}, name))
  );
  const isSettled = names.length === 1 && verdict !== "several" && !asked;
  const root = h("p", {class: "wb-fields", hidden: isSettled}, h("label", {class: "wb-field"}, "Species", select));
  const input = extend(root, {
    get value() {
      return select.value === "" ? null : select.value;
    },
    set value(next: string | null) {
      // A species that the model lacks is no choice: the recognized one stays.
      select.value = names.includes(next ?? "") ? next! : "";
    }
  });
  return bound<string | null, typeof input>(input, {name: "species", default: null, parse: (text) => text});
}
