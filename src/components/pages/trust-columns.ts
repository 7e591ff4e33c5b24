import type {OpenedFile} from "../runtime/browser/protocol.js";
import {h} from "../views/dom.js";
import {formatInteger} from "../views/format.js";
import {likeliestTypes, stratifiable} from "./opened-file.js";
import type {ViewState} from "./view-state.js";

/** Columns of a file that can be labels (2 to 50 groups) or batches (2 to 200). */
export function trustColumns(file: OpenedFile): {
  labels: {name: string; groups: number}[];
  batches: {name: string; groups: number}[];
} {
  const batches = stratifiable(file);
  return {labels: batches.filter(({groups}) => groups <= 50), batches};
}

/**
 * The column of labels: the view's, if the file has it; else what colors the map, if it can be, or the first that is called like
 * one. A column that the view names as batches is the last to be taken.
 */
export function chosenLabels(
  columns: readonly {name: string}[],
  {labels, batches, color}: Pick<ViewState, "labels" | "batches" | "color">
): string | null {
  if (columns.some(({name}) => name === labels)) return labels;
  const others = columns.filter(({name}) => name !== batches);
  const colored = others.find(({name}) => `obs:${name}` === color);
  return (colored ?? likeliestTypes(others) ?? columns[0])?.name ?? null;
}

/** Fills a select with columns and their numbers of groups; `none` is the words for no column, left out if null. */
export function fillColumns(
  select: HTMLSelectElement,
  columns: readonly {name: string; groups: number}[],
  none: string | null,
  value: string | null
): void {
  select.replaceChildren(
    ...(none === null ? [] : [h("option", {value: ""}, none)]),
    ...columns.map(({name, groups}) => h("option", {value: name}, `${name} (${formatInteger(groups)} groups)`))
  );
  select.value = value ?? "";
  select.disabled = columns.length === 0;
}
