import {wilsonInterval} from "../statistics/wilson-interval.js";
import {composition, type CompositionPart} from "./composition.js";

/** A value's share of a selection, and of the other cells. */
export interface SelectionPart {
  value: string;
  /** Of the selection; null where none of its cells has any value. */
  selected: Share | null;
  /** Of the other cells; null likewise. */
  others: Share | null;
}

/** How many cells of how many, and the share with its interval. */
export type Share = Omit<CompositionPart, "group" | "value">;

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
  const parts = composition(groups, codes);
  const [inside, outside] = [0, 1].map((group) => sharesOf(parts, group));
  return names
    .map((value, code) => ({value, selected: inside(code), others: outside(code)}))
    .filter(({selected, others}) => (selected?.cells ?? 0) + (others?.cells ?? 0) > 0)
    .sort(
      (a, b) => (b.selected?.cells ?? 0) - (a.selected?.cells ?? 0) || (b.others?.cells ?? 0) - (a.others?.cells ?? 0)
    );
}

/** The share of each value in a group: of values that no cell of it has, too. */
function sharesOf(parts: readonly CompositionPart[], wanted: number): (value: number) => Share | null {
  const own = parts.filter(({group}) => group === wanted);
  const known = new Map(own.map(({value, cells, of, share, low, high}) => [value, {cells, of, share, low, high}]));
  const of = own[0]?.of ?? 0;
  const [low, high] = wilsonInterval(0, of);
  return (value) => (of === 0 ? null : (known.get(value) ?? {cells: 0, of, share: 0, low, high}));
}
