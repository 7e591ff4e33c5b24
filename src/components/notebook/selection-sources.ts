import {isAbort} from "../core/errors.js";
import {type Bounds, rowsWithin} from "../core/selections/rows-within.js";
import type {Stage} from "../core/stages/stage.js";
import type {ObsColumn} from "../core/tables/cells.js";
import type {SelectionSource} from "../views/cell-selection.js";
import {extend, h, setText, uniqueId} from "../views/dom.js";
import {formatCount} from "../views/format.js";
import {nameMatches} from "../views/name-matches.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {ask} from "./browser.js";
import type {GeneSource} from "./gene-source.js";

/** Where cells can be looked for. */
export interface SelectionPlaces {
  obs: readonly ObsColumn[];
  /** Cells that are worked with, ascending. */
  all(): Int32Array;
  genes: GeneSource | null;
  /** Whose vectors say which cells are near; null: none. */
  embeddings: Stage | null;
}

/** Two forms that find cells: by a number (counts of a gene, a column of numbers), and by nearness to a cell. */
export type SelectionSources = HTMLElement & {
  from(places: SelectionPlaces): void;
  /** The cell that is looked at; null for none. */
  look(cell: {row: number; name: string} | null): void;
};

/** The forms; `found` hears which rows (ascending) a person wants, and whether of the selected cells alone (`narrow`). */
export function selectionSources(
  found: (rows: Int32Array, by: SelectionSource, narrow: boolean) => void
): SelectionSources {
  let places: SelectionPlaces = {obs: [], all: () => new Int32Array(0), genes: null, embeddings: null};
  let looked: {row: number; name: string} | null = null;
  const said = h("p", {class: "wb-small", role: "status"});
  const numbers = numberForm();
  const near = nearForm();
  const root = h("div", {}, numbers.element, near.element, said);
  let task = new AbortController();

  async function work(act: (signal: AbortSignal) => Promise<string>): Promise<void> {
    task.abort();
    const {signal} = (task = new AbortController());
    try {
      const words = await act(signal);
      if (!signal.aborted) setText(said, words);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      const {message, remedy = ""} = noticeOf(error);
      setText(said, `${sentence(message)} ${sentence(remedy)}`);
    }
  }

  const byNumbers = (narrow: boolean) =>
    work(async (signal) => {
      const {name, ...bounds} = numbers.value();
      if (name === "") return "Name a gene or a column of numbers.";
      if (bounds.low === null && bounds.high === null) return "Give a lower or an upper bound.";
      setText(said, `Reading ${name} …`);
      const values = await valuesOf(name, places, signal);
      if (values === null) return `This file has no gene and no column of numbers called ${name}.`;
      if (signal.aborted) return "";
      const rows = rowsWithin(values.values, bounds, {rows: places.all(), valid: values.valid});
      if (rows.length > 0) found(rows, "threshold", narrow);
      return `${formatCount(rows.length, "cell")} with ${values.words} ${wordsOf(bounds)}.`;
    });
  const byCell = (narrow: boolean) =>
    work(async (signal) => {
      const {embeddings} = places;
      if (looked === null || embeddings === null) return "Click a cell of the map first.";
      const {row, name} = looked;
      const nearest = await ask(embeddings, "cellNeighbors", {row, k: near.count()}, {signal});
      if (nearest === null) return `${name} has no vector: its counts gave no sentence.`;
      const rows = Int32Array.from([row, ...nearest.rows]).sort();
      found(rows, "neighbors", narrow);
      return `${name} and the ${formatCount(nearest.rows.length, "cell")} whose vectors are nearest to it.`;
    });
  numbers.element.addEventListener("submit", (event) => submitted(event, byNumbers));
  near.element.addEventListener("submit", (event) => submitted(event, byCell));
  // What is typed here is no value of the panel.
  root.addEventListener("input", (event) => event.stopPropagation());

  return extend(root, {
    from(next: SelectionPlaces) {
      places = next;
      numbers.complete(numericColumns(next.obs), next.genes);
      near.ready(looked?.name ?? null, next.embeddings !== null);
    },
    look(cell: {row: number; name: string} | null) {
      looked = cell;
      near.ready(cell?.name ?? null, places.embeddings !== null);
    }
  });
}

function submitted(event: SubmitEvent, act: (narrow: boolean) => Promise<void>): void {
  event.preventDefault();
  void act((event.submitter as HTMLButtonElement | null)?.value === "narrow");
}

const buttons = (): HTMLElement[] => [
  h("button", {type: "submit", class: "wb-button wb-button-small", value: "new"}, "Select"),
  h(
    "button",
    {type: "submit", class: "wb-button wb-button-small", value: "narrow", title: "Of the selected cells alone"},
    "Narrow"
  )
];

function numberForm() {
  const listId = uniqueId("numbers");
  const list = h("datalist", {id: listId});
  const name = h("input", {
    type: "text",
    list: listId,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "MS4A1",
    "aria-label": "Gene or column of numbers"
  });
  const bound = (label: string, value: string) =>
    h("input", {type: "number", step: "any", value, "aria-label": label, class: "wb-selection-bound"});
  const [low, high] = [bound("At least", "1"), bound("At most", "")];
  const fields = [
    h("label", {class: "wb-field"}, "Gene or column", name),
    h("label", {class: "wb-field"}, "at least", low),
    h("label", {class: "wb-field"}, "at most", high)
  ];
  const element = h("form", {class: "wb-selection-form"}, fields, buttons(), list);
  let columns: readonly string[] = [];
  let genes: GeneSource | null = null;
  const number = (input: HTMLInputElement): number | null =>
    Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber;
  name.addEventListener("input", async () => {
    const typed = name.value;
    const all = typed === "" ? [] : await (genes?.names().catch(() => []) ?? []);
    if (typed !== name.value) return;
    const offered = [...nameMatches(columns, typed, 10), ...nameMatches(all, typed, 12)];
    list.replaceChildren(...offered.map((value) => h("option", {value})));
  });
  return {
    element,
    value: (): Bounds & {name: string} => ({name: name.value.trim(), low: number(low), high: number(high)}),
    complete(numbers: readonly ObsColumn[], next: GeneSource | null) {
      columns = numbers.map((column) => column.name);
      genes = next;
    }
  };
}

function nearForm() {
  const count = h("input", {
    type: "number",
    value: "15",
    min: "1",
    max: "10000",
    step: "1",
    required: true,
    "aria-label": "How many cells",
    class: "wb-selection-bound"
  });
  const words = h("span");
  const submits = buttons();
  const element = h(
    "form",
    {class: "wb-selection-form"},
    h("label", {class: "wb-field"}, "The", count),
    words,
    submits
  );
  const ready = (name: string | null, hasVectors: boolean): void => {
    setText(words, name === null ? "nearest to a cell: click one on the map" : `cells nearest to ${name}`);
    for (const button of submits) (button as HTMLButtonElement).disabled = name === null || !hasVectors;
  };
  ready(null, false);
  return {element, ready, count: () => Math.max(1, Math.round(count.valueAsNumber || 15))};
}

const numericColumns = (obs: readonly ObsColumn[]) =>
  obs.filter((column) => column.kind === "number" || column.kind === "integer");

/** Numbers of a column or counts of a gene, one a row of the file; null where there is nothing of that name. */
async function valuesOf(
  name: string,
  {obs, genes}: SelectionPlaces,
  signal: AbortSignal
): Promise<{values: ArrayLike<number>; valid?: ArrayLike<number>; words: string} | null> {
  const column = numericColumns(obs).find((one) => one.name === name);
  if (column !== undefined) return {values: column.values, valid: column.valid, words: name};
  const names = (await genes?.names()) ?? [];
  const gene = names.includes(name) ? name : names.find((one) => one.toUpperCase() === name.toUpperCase());
  if (gene === undefined) return null;
  return {values: await genes!.counts(gene, {signal}), words: `counts of ${gene}`};
}

function wordsOf({low, high}: Bounds): string {
  if (low === null) return `at most ${high}`;
  return high === null ? `at least ${low}` : `between ${low} and ${high}`;
}
