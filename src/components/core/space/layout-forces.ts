import {type Force, tabulate} from "./force-table.js";
import type {LayoutCurve} from "./layout-curve.js";

/** Forces over distance, for squared distances above 0; what a step along one axis is multiplied with. */
export interface LayoutForces {
  attract: Force;
  repel: Force;
}

/** The gradient of UMAP's loss (McInnes, Healy and Melville 2018) for two points of an edge and for two points of none. */
export function layoutForces({a, b}: LayoutCurve): LayoutForces {
  return {
    attract: tabulate((square) => (-2 * a * b * (square ** b / square)) / (a * square ** b + 1)),
    repel: tabulate((square) => (2 * b) / ((0.001 + square) * (a * square ** b + 1)))
  };
}
