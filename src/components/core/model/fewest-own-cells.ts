/** Fewest cells that a variant for one's own browser is measured on; one that is published takes 500 (core/convert, `fewestCells`). */
export const fewestOwnCells = 96;
