import type {StageName} from "../types.js";

/** Something that is wrong on purpose, compared in the same way: the comparison is worth something only if it notices. */
export interface ParityControl {
  /** What is wrong ("another cell"). */
  name: string;
  figure: number;
  /** True if the figure is far above the row's tolerance. */
  caught: boolean;
}

/** How a row's figure is counted. */
export type ParityUnit =
  | "relative error"
  | "largest relative difference"
  | "largest difference"
  | "draws that differ"
  | "cells that differ"
  | "files that differ";

/** One stage of the pipeline compared with its reference. */
export interface ParityRow {
  /** Unique ("layer-3"). */
  id: string;
  /** Stage that it belongs to; "model" is the bundle itself. */
  stage: StageName | "model";
  title: string;
  /** What is compared with what, in words. */
  compared: string;
  unit: ParityUnit;
  /** Difference between ours and the reference; not finite where ours could not be computed. */
  figure: number;
  /** Largest figure that is still the same computation. */
  tolerance: number;
  passed: boolean;
  controls: ParityControl[];
  /** Phase of the seed project that checked this stage; null where it had none. */
  phase: number | null;
  /** Why there is no figure; null where there is one. */
  fault: string | null;
}

/** What a row is made of; `controls` are the figures of what is wrong on purpose. */
export interface ParityRowParts extends Omit<ParityRow, "passed" | "controls" | "phase" | "fault"> {
  controls?: Record<string, number>;
  phase?: number;
  fault?: string;
}

/** Times above its tolerance at which a control counts as noticed: nothing may be near the limit. */
const wellAbove = 5;

/** A row with its verdicts: a figure that is not a number never passes, and neither does a control that is not one. */
export function parityRow({controls = {}, phase, fault, ...parts}: ParityRowParts): ParityRow {
  const {figure, tolerance} = parts;
  return {
    ...parts,
    passed: fault === undefined && figure <= tolerance,
    controls: Object.entries(controls).map(([name, wrong]) => ({
      name,
      figure: wrong,
      caught: wrong > wellAbove * tolerance && wrong > 0
    })),
    phase: phase ?? null,
    fault: fault ?? null
  };
}
