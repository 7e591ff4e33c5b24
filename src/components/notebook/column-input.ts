import type {OpenFile} from "../core/stages/stage.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {bound} from "../views/address-input.js";
import {extend, h} from "../views/dom.js";
import {likeliestTypes} from "./opened-file.js";

/** A column of obs that groups cells, as an input; null for none. */
export type ColumnInput = HTMLElement & {value: ObsColumn | null};

/** obs columns that group cells: texts and categories of 2 to 50 different values among the file's cells. */
export function groupColumns({obs}: Pick<OpenFile, "obs">): ObsColumn[] {
  return obs.filter((column) => {
    if (column.kind !== "categorical" && column.kind !== "text") return false;
    const values = column.kind === "categorical" ? column.categories.length : new Set(column.values).size;
    return values >= 2 && values <= 50;
  });
}

/**
 * A field for the column that groups or colors the cells: the address's ("color", "obs:NAME"), else the likeliest cell type. A color
 * that is no such column (a gene, say) is left in the address until another is chosen.
 */
export function columnInput(file: OpenFile, {label = "Color by"}: {label?: string} = {}): ColumnInput {
  const columns = groupColumns(file);
  const named = (name: string) => columns.find((column) => column.name === name) ?? null;
  const select = h(
    "select",
    {"aria-label": label},
    columns.map(({name}) => h("option", {value: name}, name)),
    h("option", {value: ""}, "(nothing)")
  );
  const root = h("p", {class: "wb-fields"}, h("label", {class: "wb-field"}, label, select));
  const input = extend(root, {
    get value() {
      return named(select.value);
    },
    set value(next: ObsColumn | null) {
      select.value = next?.name ?? "";
    }
  });
  return bound<ObsColumn | null, typeof input>(input, {
    name: "color",
    default: likeliestTypes(columns) ?? null,
    parse: (text) => (text.startsWith("obs:") ? (named(text.slice(4)) ?? undefined) : undefined),
    format: (column) => (column === null ? null : `obs:${column.name}`)
  });
}
