import type {OpenFile} from "../core/stages/stage.js";
import {bound} from "../views/address-input.js";
import {queryParameter} from "../views/address-query.js";
import {extend, h} from "../views/dom.js";
import {formatInteger} from "../views/format.js";
import {labelOrigin, type LabelOriginChoice} from "../views/label-origin.js";
import {likeliestTypes, stratifiable} from "./opened-file.js";

/** An obs column by its name, as an input; null for none. */
export type NameInput = HTMLElement & {value: string | null};

/**
 * The column of labels, of 2 to 50 groups: the address's ("labels"), else what colors the map, else the likeliest cell type. A
 * column that the address names as batches is the last to be taken.
 */
export function labelsInput(file: OpenFile): NameInput {
  const columns = stratifiable(file).filter(({groups}) => groups <= 50);
  const others = columns.filter(({name}) => name !== (queryParameter("batches") ?? file.joined?.column));
  const colored = others.find(({name}) => `obs:${name}` === queryParameter("color"));
  const first = (colored ?? likeliestTypes(others) ?? columns[0])?.name ?? null;
  const none = columns.length === 0 ? "no column has 2 to 50 groups" : null;
  return nameInput("Labels", "Column of labels", columns, none, first, "labels");
}

/** The column of batches, of 2 to 200 groups and not the labels: the address's ("batches"), else of several files the file, else none. */
export function batchesInput(file: OpenFile, labels: string | null): NameInput {
  const columns = stratifiable(file).filter(({name}) => name !== labels);
  const ofFiles = columns.find(({name}) => name === file.joined?.column)?.name ?? null;
  return nameInput("Batches", "Column of batches", columns, "none", ofFiles, "batches");
}

/** Where the labels come from, as far as is known. Bound to the address ("origin"). */
export function originInput(): LabelOriginChoice {
  return bound(labelOrigin(), {name: "origin"});
}

function nameInput(
  label: string,
  title: string,
  columns: readonly {name: string; groups: number}[],
  none: string | null,
  first: string | null,
  parameter: string
): NameInput {
  const select = h(
    "select",
    {"aria-label": title, disabled: columns.length === 0},
    none === null ? null : h("option", {value: ""}, none),
    columns.map(({name, groups}) => h("option", {value: name}, `${name} (${formatInteger(groups)} groups)`))
  );
  const root = h("div", {class: "wb-fields"}, h("label", {class: "wb-field"}, label, select));
  const input = extend(root, {
    get value() {
      return select.value === "" ? null : select.value;
    },
    set value(next: string | null) {
      select.value = next ?? "";
    }
  });
  return bound<string | null, typeof input>(input, {name: parameter, default: first, parse: (text) => text});
}
