import {allCells} from "../core/stages/cell-choice.js";
import type {StageDescription} from "../core/stages/stage.js";
import type {MapLayout} from "../views/map-layout.js";

/** A map of the demo that a command made (scripts/make-demo-map.ts). */
export interface DemoMap {
  /** Identity of the demo's file that it belongs to. */
  identity: string;
  rows: number[];
  /** x and y by turns. */
  positions: number[];
}

/** The demo's map as the site brings it, to be shown until a map of all its cells is there; null for a stage of other cells or of another model. */
export function previewOf({file, chain}: StageDescription, {identity, rows, positions}: DemoMap): MapLayout | null {
  if (identity !== file.identity || chain.model !== null || JSON.stringify(chain.choice) !== JSON.stringify(allCells))
    return null;
  return {
    rows: Int32Array.from(rows),
    positions: Float32Array.from(positions),
    status: "the demo's map, computed in advance, until a run here ends"
  };
}
