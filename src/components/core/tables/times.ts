import type {Table} from "apache-arrow";
import type {CallFacts} from "../types.js";
import {float64Column, int32Column, tableOf} from "./columns.js";
import {expectColumns} from "./expect-columns.js";
import {readFloat64, readInt32} from "./read-columns.js";

/** How long a stage took. */
export interface StageTimes {
  /** Milliseconds of the stage's own work. */
  ms: number;
  /** Calls of the model, in order; none but for embed. */
  calls: CallFacts[];
}

/** A table of times: cells Int32, length Int32, ms Float64. The first row is the whole stage (cells and length 0), each other one call of the model. */
export function timesTable({ms, calls}: StageTimes): Table {
  const all = [{cells: 0, length: 0, ms}, ...calls];
  return tableOf(
    [
      int32Column(
        "cells",
        Int32Array.from(all, ({cells}) => cells)
      ),
      int32Column(
        "length",
        Int32Array.from(all, ({length}) => length)
      ),
      float64Column(
        "ms",
        Float64Array.from(all, (call) => call.ms)
      )
    ],
    new Map()
  );
}

/** Reads a table of times. Throws a WorkbookError if it is none. */
export function readTimes(table: Table): StageTimes {
  expectColumns(table, "a table of times", {cells: "Int32", length: "Int32", ms: "Float64"});
  const [cells, lengths, ms] = [readInt32(table, "cells"), readInt32(table, "length"), readFloat64(table, "ms")];
  const [, ...calls] = Array.from(ms, (time, i) => ({cells: cells[i], length: lengths[i], ms: time}));
  return {ms: ms[0] ?? 0, calls};
}
