import type {OpenFile} from "../core/stages/stage.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {bound} from "../views/address-input.js";
import {colorableColumns} from "../views/color-column.js";
import {extend, h, send} from "../views/dom.js";
import {namedTypes} from "./opened-file.js";

/** A column of obs, or one that was made on the page, as an input; null for none. */
export type ObsColumnInput = HTMLElement & {
  value: ObsColumn | null;
  /** Offers columns that were made on the page (of all cells of the file) beside the file's own, in place of those before. */
  offer(made: readonly ObsColumn[]): void;
};

/**
 * A field for any column of a file, by `name` in the address. Unless one is chosen it is the likeliest cell type, in a file without one the last that was made on the page.
 */
export function obsColumnInput(
  {obs, cellIds}: Pick<OpenFile, "obs" | "cellIds">,
  {label, name}: {label: string; name: string}
): ObsColumnInput {
  const own = colorableColumns(obs, cellIds.length);
  const types = namedTypes(own.filter(isGroups));
  const usual = (types ?? own.find(isGroups) ?? own[0])?.name ?? "";
  let made: readonly ObsColumn[] = [];
  const group = h("optgroup", {label: "Made on this page", hidden: true});
  const select = h(
    "select",
    {"aria-label": label},
    group,
    own.map((column) => h("option", {value: column.name}, column.name)),
    own.length === 0 ? h("option", {value: ""}, "(no column)") : null
  );
  const root = h("p", {class: "wb-fields"}, h("label", {class: "wb-field"}, label, select));
  let wanted = "";
  const columnOf = (text: string): ObsColumn | null =>
    made.find((column) => `made:${column.name}` === text) ?? own.find((column) => column.name === text) ?? null;
  select.addEventListener("input", () => (wanted = select.value));
  const input = extend(root, {
    get value() {
      return columnOf(select.value);
    },
    set value(next: ObsColumn | null) {
      select.value = next?.name ?? "";
      wanted = select.value === usual ? "" : select.value;
    },
    offer(columns: readonly ObsColumn[]) {
      const before = columnOf(select.value);
      made = columns;
      group.replaceChildren(...made.map((column) => h("option", {value: `made:${column.name}`}, column.name)));
      group.hidden = made.length === 0;
      const named = types === undefined ? made.findLast(isGroups) : undefined;
      select.value = wanted || (named === undefined ? usual : `made:${named.name}`);
      if (select.selectedIndex < 0) select.value = own[0]?.name ?? "";
      if (columnOf(select.value) !== before) send(input, "input");
    }
  });
  return bound<ObsColumn | null, typeof input>(input, {
    name,
    default: own.find((column) => column.name === usual) ?? null,
    parse: (text) => own.find((column) => column.name === text),
    format: (column) => (column === null || !own.includes(column) ? null : column.name)
  });
}

const isGroups = ({kind}: ObsColumn): boolean => kind === "categorical" || kind === "text";
