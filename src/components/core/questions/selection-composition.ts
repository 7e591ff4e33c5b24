import {columnAsText} from "../anndata/column.js";
import {type SelectionPart, selectionShares} from "../composition/selection-shares.js";
import {labelClasses} from "../pipeline/label-classes.js";
import type {QuestionContext} from "./context.js";

const mostValues = 500;

/**
 * What a selection is made of by an obs column, beside the chain's other cells; shares with 95 % intervals (Wilson). Values in the order of their cells. Throws a
 * WorkbookError ("no-labeling") for a column that groups nothing, and what the reader throws.
 */
export async function selectionComposition(
  context: QuestionContext,
  {rows: selected, column}: {rows: Int32Array; column: string}
): Promise<SelectionPart[]> {
  const {anndata} = context;
  const {names, codes} = labelClasses(column, columnAsText(anndata.column("obs", column)), mostValues);
  return selectionShares({names, codes}, selected, (await context.rows()) ?? null);
}
