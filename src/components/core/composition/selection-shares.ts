import {composition, type CompositionPart} from "./composition.js";

/** A value's share of a selection, and of the other cells. */
export interface SelectionPart {
  value: string;
  /** Of the selection; null where no cell of it has the value. */
  selected: Omit<CompositionPart, "group" | "value"> | null;
  /** Of the other cells; null likewise. */
  others: Omit<CompositionPart, "group" | "value"> | null;
}

/**
 * What `selected` rows are made of by values (`codes`: number of each row's value, -1 for none) beside the others of `all` (null: every row); shares with 95 % intervals
 * (Wilson). Values in the order of their cells in the selection, then among the others, then as they are numbered.
 */
export function selectionShares(
  {names, codes}: {names: readonly string[]; codes: Int32Array},
  selected: Int32Array,
  all: Int32Array | null
): SelectionPart[] {
  const groups = new Int32Array(codes.length).fill(all === null ? 1 : -1);
  for (const row of all ?? []) groups[row] = 1;
  for (const row of selected) groups[row] = 0;
  const of = (wanted: number) =>
    new Map(
      parts
        .filter(({group}) => group === wanted)
        .map(({value, cells, of: total, share, low, high}) => [value, {cells, of: total, share, low, high}])
    );
  const parts = composition(groups, codes);
  const [inside, outside] = [of(0), of(1)];
  return names
    .map((value, code) => ({value, selected: inside.get(code) ?? null, others: outside.get(code) ?? null}))
    .filter((part) => part.selected !== null || part.others !== null)
    .sort(
      (a, b) => (b.selected?.cells ?? 0) - (a.selected?.cells ?? 0) || (b.others?.cells ?? 0) - (a.others?.cells ?? 0)
    );
}
