// What the page of family.ts reads and tells.
import type {FamilyRow} from "../../src/components/core/bench/family-run.js";

/** What the page reads from /plan.json. */
export interface FamilyPlan {
  /** Address of the bundle's folder. */
  folder: string;
  /** Arithmetics to try, where the device has them. */
  arithmetics: string[];
  batches: number[];
  length: number;
  /** Cells that are embedded one batch after another, with the batch that was fastest. */
  cells: number;
}

/** What the page tells, a JSON object a time. */
export type FamilyTold =
  | {kind: "added"; bytes: number; files: number; ms: number; fetchedAgain: number; largestFile: number}
  | {kind: "gpu"; name: string; arithmetics: string[]; browser: string; maxBufferSize: number; maxBinding: number}
  | {kind: "opened"; arithmetic: string}
  | {kind: "row"; row: FamilyRow}
  | {kind: "failed"; what: string}
  | {kind: "done"};
