import type {CellSelection} from "../core/cells/select-rows.js";
import {extend, h, setText, uniqueId} from "./dom.js";
import {formatCount, formatDuration, formatInteger, formatRemaining} from "./format.js";

/** What the form needs to know. */
export interface CellChoiceData {
  /** Cells in the file. */
  nCells: number;
  /** obs columns that a choice can be stratified by, with their number of groups. */
  obsColumns: readonly {name: string; groups: number}[];
  /** Time of the whole chain a cell on this machine; null: not measured yet. */
  msPerCell: number | null;
}

/** A form whose "input" event tells of a change and whose `value` is the choice (an input of a page). */
export type CellChoice = HTMLElement & {
  value: CellSelection;
  /** A new measurement, or another file (the choice is kept as far as it fits). */
  update(data: CellChoiceData): void;
};

/** All cells, a random n, or n spread over the groups of an obs column, each with the time that it takes here. */
export function cellChoice(data: CellChoiceData, initial?: CellSelection): CellChoice {
  let {nCells} = data;
  let value: CellSelection = initial ?? (nCells > 2000 ? {mode: "random", n: 1000, seed: 0} : {mode: "all"});
  const group = uniqueId("cells");
  const count = numberField("cells to draw", "n" in value ? value.n : Math.min(1000, nCells), 1);
  const seed = numberField("seed", "seed" in value ? value.seed : 0, 0);
  const column = h("select", {"aria-label": "obs column to spread over"});
  const options = choices(group, value.mode);
  const spread = h("label", {class: "wb-field"}, "spread over ", column);
  const note = h("p", {class: "wb-small wb-choice-note"});
  const root = h(
    "fieldset",
    {class: "wb-cells"},
    h("legend", {}, "Cells"),
    options.map(({label}) => label),
    h(
      "div",
      {class: "wb-fields"},
      h("label", {class: "wb-field"}, "number ", count),
      h("label", {class: "wb-field"}, "seed ", seed),
      spread
    ),
    note
  );
  // Caught on the way down, so that who listens to the form hears of whole choices only.
  root.addEventListener(
    "input",
    (event) => {
      if (event.target === root) return;
      event.stopPropagation();
      const next = read();
      if (next === null) return;
      value = next;
      show();
      root.dispatchEvent(new Event("input", {bubbles: true}));
    },
    {capture: true}
  );
  const update = (next: CellChoiceData): void => {
    data = next;
    ({nCells} = next);
    count.max = String(nCells);
    const chosen = value.mode === "stratified" ? value.column : column.value;
    column.replaceChildren(...columnOptions(next.obsColumns, chosen));
    if (value.mode === "stratified" && next.obsColumns.every(({name}) => name !== chosen))
      value = {mode: "random", n: value.n, seed: value.seed};
    if (value.mode !== "all" && value.n > nCells) value = {...value, n: nCells};
    show();
  };
  update(data);
  return extend(root, {
    update,
    get value() {
      return value;
    },
    set value(next: CellSelection) {
      value = next;
      if (next.mode !== "all") [count.value, seed.value] = [String(next.n), String(next.seed)];
      if (next.mode === "stratified") column.value = next.column;
      show();
    }
  });

  /** The choice as the form has it; null, with a note, if a number is out of range. */
  function read(): CellSelection | null {
    const mode = options.find(({radio}) => radio.checked)!.mode;
    const [n, s] = [count.valueAsNumber, seed.valueAsNumber];
    const fault = mode === "all" ? "" : faultOf(n, s, nCells);
    count.setCustomValidity(fault.startsWith("The number") ? fault : "");
    seed.setCustomValidity(fault.startsWith("The seed") ? fault : "");
    if (fault !== "") {
      setText(note, `${fault}.`);
      note.dataset.fault = "";
      return null;
    }
    if (mode === "all") return {mode};
    return mode === "random" ? {mode, n, seed: s} : {mode, n, seed: s, column: column.value};
  }

  function show(): void {
    const n = Math.min(
      nCells,
      Number.isInteger(count.valueAsNumber) && count.valueAsNumber > 0 ? count.valueAsNumber : 1
    );
    for (const {mode, radio, words, time, label} of options) {
      radio.checked = mode === value.mode;
      setText(words, wordsOf(mode, mode === "all" ? nCells : n));
      setText(time, timeOf(mode === "all" ? nCells : n, data.msPerCell));
      radio.disabled = mode === "stratified" && data.obsColumns.length === 0;
      label.classList.toggle("wb-off", radio.disabled);
    }
    count.disabled = seed.disabled = value.mode === "all";
    column.disabled = value.mode !== "stratified";
    spread.hidden = data.obsColumns.length === 0;
    delete note.dataset.fault;
    setText(note, noteOf(data.msPerCell));
  }
}

/** A radio button a way to choose, with words and a time. */
function choices(group: string, chosen: CellSelection["mode"]) {
  return (["all", "random", "stratified"] as const).map((mode) => {
    const radio = h("input", {type: "radio", name: group, value: mode, checked: mode === chosen});
    const words = h("span");
    const time = h("span", {class: "wb-choice-time"});
    return {mode, radio, words, time, label: h("label", {class: "wb-choice"}, radio, words, time)};
  });
}

/** What is wrong with a number of cells and a seed; "" for nothing. */
function faultOf(n: number, seed: number, most: number): string {
  if (!Number.isInteger(n) || n < 1 || n > most)
    return `The number of cells must be between 1 and ${formatInteger(most)}`;
  const isSeed = Number.isInteger(seed) && seed >= 0 && seed <= 2 ** 32 - 1;
  return isSeed ? "" : "The seed must be a whole number from 0 to 4,294,967,295";
}

function columnOptions(columns: CellChoiceData["obsColumns"], chosen: string): HTMLElement[] {
  return columns.map(({name, groups}) =>
    h("option", {value: name, selected: name === chosen}, `${name} (${formatCount(groups, "group")})`)
  );
}

function wordsOf(mode: CellSelection["mode"], cells: number): string {
  if (mode === "all") return `all ${formatCount(cells, "cell")}`;
  return `${formatInteger(cells)} ${mode === "random" ? "at random" : "spread over groups"}`;
}

function noteOf(msPerCell: number | null): string {
  return msPerCell === null
    ? "How long this takes is known once the first cells have been embedded here."
    : `Times are for this machine, at ${formatDuration(msPerCell)} a cell.`;
}

function timeOf(cells: number, msPerCell: number | null): string {
  return msPerCell === null ? "" : formatRemaining(cells * msPerCell);
}

function numberField(label: string, value: number, min: number): HTMLInputElement {
  return h("input", {type: "number", min, step: 1, value, "aria-label": label, inputmode: "numeric"});
}
