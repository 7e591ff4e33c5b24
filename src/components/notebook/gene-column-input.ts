import type {OpenFile} from "../core/stages/stage.js";
import {bound} from "../views/address-input.js";
import {extend, h} from "../views/dom.js";

/** Where gene names come from, as an input: a column of var, or null for the rule. */
export type GeneColumnInput = HTMLElement & {value: string | null};

/**
 * A field for where the gene names of a file come from: the rule (docs/reading.md), or a column of var that holds text; hidden
 * for a file with nothing to choose. Bound to the address ("genes").
 */
export function geneColumnInput(file: OpenFile): GeneColumnInput {
  const {genes, var: columns} = file.inspection;
  const axis = genes.source.startsWith("raw/") ? "raw/var" : "var";
  const better = genes.better?.source.startsWith(`${axis}/`) ? genes.better.source.slice(axis.length + 1) : null;
  // Columns of raw/var are not listed; the one that fits is known all the same.
  const texts = columns.filter(({kind}) => axis === "var" && (kind === "string" || kind === "categorical"));
  const names = [...new Set([better, ...texts.map(({name}) => name)].filter((name) => name !== null))];
  const known = (name: string) =>
    name === better ? `, ${genes.better!.aligned.toLocaleString("en")} known to the model` : "";
  const select = h(
    "select",
    {"aria-label": "Gene names from"},
    h("option", {value: ""}, `${genes.source} (found)`),
    names.map((name) => h("option", {value: name}, `${axis}/${name}${known(name)}`))
  );
  const root = h(
    "p",
    {class: "wb-fields", hidden: names.length === 0},
    h("label", {class: "wb-field"}, "Gene names from", select)
  );
  const input = extend(root, {
    get value() {
      return select.value === "" ? null : select.value;
    },
    set value(next: string | null) {
      // A column that the file lacks is no choice: the rule stays.
      select.value = names.includes(next ?? "") ? next! : "";
    }
  });
  return bound<string | null, typeof input>(input, {name: "genes", default: null, parse: (text) => text});
}
