import {extend, h, send, setText, uniqueId} from "./dom.js";
import {formatInteger} from "./format.js";

/** "input" (bubbles) tells of a choice; `value` is the row of the cell chosen, null (where that is a value) for none. */
export type CellPicker<Value extends number | null = number> = HTMLElement & {
  value: Value;
  /** Other cells: names by row, and the rows that may be chosen, ascending (null: all). */
  update(names: readonly string[], rows: Int32Array | null, value: Value): void;
};

const mostOffered = 12;

/**
 * A field for a cell, named `label`: its row number or its name, completed as it is typed, with buttons to the cells before and after. Where
 * `initial` is null no cell need be chosen: an empty field and Enter choose none.
 */
export function cellPicker<Value extends number | null = number>(
  names: readonly string[] = [],
  rows: Int32Array | null = null,
  initial: Value = 0 as Value,
  label = "Cell"
): CellPicker<Value> {
  let cells = names;
  let allowed = rows;
  let value: number | null = initial;
  let offered: number[] = [];
  let active = -1;
  const {listId, list, input} = combo(label);
  if (initial === null) input.placeholder = "none chosen";
  const of = h("span", {class: "wb-small wb-combo-of"});
  const step = (by: number) => () => choose(stepped(value, by, allowed, cells.length));
  const root = h(
    "div",
    {class: "wb-combo"},
    h("label", {class: "wb-field"}, `${label} `, h("span", {class: "wb-combo-field"}, input, list)),
    stepButtons(step),
    of
  );

  const show = (): void => {
    input.value = value === null ? "" : cells[value] === undefined ? String(value) : `${value}: ${cells[value]}`;
    const all = allowed?.length ?? cells.length;
    setText(of, all === 0 ? "" : `of ${formatInteger(all)}; type a row number or part of a name`);
  };
  const close = (): void => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (row: number | null): void => {
    close();
    const changed = row !== value;
    value = row;
    show();
    if (changed) send(root, "input");
  };
  const offer = (): void => {
    offered = matchingCells(cells, allowed, input.value, mostOffered);
    active = offered.length > 0 ? 0 : -1;
    list.replaceChildren(
      ...(offered.length === 0 ? [noOption()] : offered.map((row, i) => option(`${listId}-${i}`, row, cells, choose)))
    );
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark();
  };
  const mark = (): void => {
    offered.forEach((_, i) => list.children[i].setAttribute("aria-selected", String(i === active)));
    if (active >= 0) input.setAttribute("aria-activedescendant", `${listId}-${active}`);
  };
  input.addEventListener("focus", () => input.select());
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    offer();
  });
  input.addEventListener("blur", () => {
    close();
    show();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      return show();
    }
    if (event.key === "Enter" && initial === null && input.value.trim() === "") return choose(null);
    if (event.key === "Enter" && active >= 0) return choose(offered[active]);
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    if (list.hidden) return offer();
    active = Math.min(offered.length - 1, Math.max(0, active + by));
    mark();
  });
  const update = (nextNames: readonly string[], nextRows: Int32Array | null, nextValue: Value): void => {
    cells = nextNames;
    allowed = nextRows;
    value = nextValue;
    if (document.activeElement !== input) show();
  };
  show();
  return extend(root, {
    update,
    get value() {
      return value as Value;
    },
    set value(row: Value) {
      value = row;
      show();
    }
  });
}

/** The row `by` steps after `value` among `allowed` (null: all of `count` rows), at the ends the last one; from none the first. */
function stepped(value: number | null, by: number, allowed: Int32Array | null, count: number): number {
  const at = value === null ? -Math.sign(by) : allowed === null ? value : placeOf(allowed, value);
  const next = Math.min((allowed?.length ?? count) - 1, Math.max(0, at + by));
  return allowed?.[next] ?? next;
}

/** Buttons to the cells before and after, which stay beside each other. */
function stepButtons(step: (by: number) => () => void): HTMLElement {
  const buttons = [stepButton("Cell before", "‹", step(-1)), stepButton("Next cell", "›", step(1))];
  return h("span", {class: "wb-combo-steps"}, buttons);
}

function stepButton(label: string, sign: string, onclick: () => void): HTMLElement {
  return h("button", {type: "button", class: "wb-button wb-button-small", "aria-label": label, onclick}, sign);
}

/** A text field with its list of offers, which is closed. */
function combo(label: string) {
  const listId = uniqueId("cells");
  const list = h("ul", {class: "wb-combo-list", role: "listbox", id: listId, "aria-label": "Cells", hidden: true});
  const input = h("input", {
    type: "text",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": listId,
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": `${label}: row number or name`
  });
  return {listId, list, input};
}

function option(id: string, row: number, names: readonly string[], choose: (row: number) => void): HTMLElement {
  const onpointerdown = (event: PointerEvent): void => {
    event.preventDefault();
    choose(row);
  };
  const number = h("span", {class: "wb-number"}, formatInteger(row));
  return h("li", {role: "option", id, onpointerdown}, number, " ", names[row] ?? "");
}

function noOption(): HTMLElement {
  const attributes = {class: "wb-small", role: "option", "aria-disabled": "true", "aria-selected": "false"};
  return h("li", attributes, "no such cell");
}

/**
 * Rows of the cells that `typed` may mean, best first, `most` at the most: the row of that number, rows whose number begins so,
 * then names that begin with it, then names that hold it (case aside). `rows` are those that may be chosen, ascending; null: all.
 */
export function matchingCells(
  names: readonly string[],
  rows: Int32Array | null,
  typed: string,
  most: number
): number[] {
  const text = typed
    .replace(/^\d+: /, "")
    .trim()
    .toLowerCase();
  const count = rows?.length ?? names.length;
  const found = new Map<number, number>();
  const wholeNumber = /^[\d,]+$/.test(text) ? Number(text.replaceAll(",", "")) : NaN;
  const enough = [0, 0, 0, 0];
  for (let i = 0; i < count && enough[0] + enough[1] + enough[2] < most + 1; ++i) {
    const row = rows?.[i] ?? i;
    const name = (names[row] ?? "").toLowerCase();
    const rank =
      row === wholeNumber
        ? 0
        : Number.isFinite(wholeNumber) && String(row).startsWith(String(wholeNumber))
          ? 1
          : name.startsWith(text)
            ? 2
            : name.includes(text)
              ? 3
              : -1;
    if (rank < 0 || (rank > 0 && enough[rank] >= most)) continue;
    enough[rank] += 1;
    found.set(row, rank);
  }
  return [...found]
    .sort((a, b) => a[1] - b[1] || a[0] - b[0])
    .slice(0, most)
    .map(([row]) => row);
}

/** Place of the first of `rows` (ascending) that is `row` or more. */
function placeOf(rows: Int32Array, row: number): number {
  const place = rows.findIndex((candidate) => candidate >= row);
  return place < 0 ? rows.length - 1 : place;
}
