/** A gene stays that this many cells have, and a cell that has this many of the genes that stay: the defaults of the public script of the original UCE. */
export const publicFilterLimits = {cells: 10, genes: 25} as const;
