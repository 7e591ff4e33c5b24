// What the page of family.ts reads and tells.

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

/** Milliseconds a cell of a batch: median, least and largest of so many calls. */
export interface FamilyPace {
  batch: number;
  ms: number;
  least: number;
  most: number;
  calls: number;
}

/** What one arithmetic did. */
export interface FamilyRow {
  arithmetic: string;
  /** Milliseconds from the store to weights on the device, and the first call with its pipelines. */
  openMs: number;
  firstMs: number;
  /** To the float32 vectors of the stored weights; another cell's beside it; and whether the self-test passed. */
  relativeError: number;
  control: number;
  passed: boolean;
  limit: number;
  paces: FamilyPace[];
  cells: {count: number; batch: number; msPerCell: number};
  /** Buffers on the device: the largest, and all together at most. */
  largestBuffer: number;
  deviceBytes: number;
}

/** What the page tells, a JSON object a time. */
export type FamilyTold =
  | {kind: "added"; bytes: number; files: number; ms: number; fetchedAgain: number; largestFile: number}
  | {kind: "gpu"; name: string; arithmetics: string[]; browser: string; maxBufferSize: number; maxBinding: number}
  | {kind: "opened"; arithmetic: string}
  | {kind: "row"; row: FamilyRow}
  | {kind: "failed"; what: string}
  | {kind: "done"};
