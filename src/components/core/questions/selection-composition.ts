import {columnAsText} from "../anndata/column.js";
import {composition, type CompositionPart} from "../composition/composition.js";
import {labelClasses} from "../pipeline/label-classes.js";
import type {QuestionContext} from "./context.js";

/** A value's share of a selection, and of the other cells. */
export interface SelectionPart {
  value: string;
  /** Of the selection; null where no cell of it has the value. */
  selected: Omit<CompositionPart, "group" | "value"> | null;
  /** Of the chain's other cells; null likewise. */
  others: Omit<CompositionPart, "group" | "value"> | null;
}

const mostValues = 500;

/**
 * What a selection is made of by an obs column, beside the chain's other cells; shares with 95 % intervals (Wilson). Values in the order of their cells in the selection, then by name. Throws a
 * WorkbookError ("no-labeling") for a column that groups nothing, and what the reader throws.
 */
export async function selectionComposition(
  context: QuestionContext,
  {rows: selected, column}: {rows: Int32Array; column: string}
): Promise<SelectionPart[]> {
  const {anndata} = context;
  const {names, codes} = labelClasses(column, columnAsText(anndata.column("obs", column)), mostValues);
  const groups = new Int32Array(anndata.nObs).fill(-1);
  for (const row of (await context.rows()) ?? groups.keys()) groups[row] = 1;
  for (const row of selected) groups[row] = 0;
  const parts = composition(groups, codes);
  const of = (group: number, value: number) => {
    const found = parts.find((part) => part.group === group && part.value === value);
    if (found === undefined) return null;
    const {cells, of: all, share, low, high} = found;
    return {cells, of: all, share, low, high};
  };
  return names
    .map((value, code): SelectionPart => ({value, selected: of(0, code), others: of(1, code)}))
    .filter((part) => part.selected !== null || part.others !== null)
    .sort((a, b) => (b.selected?.cells ?? 0) - (a.selected?.cells ?? 0));
}
