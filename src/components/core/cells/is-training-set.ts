import {isRecord} from "../is-record.js";
import type {TrainingSet} from "./seen-cells.js";

/** True of an entry of a manifest's `trainedOn`: a name, a number of cells, and keys of 14 hex digits; perhaps a tissue. */
export function isTrainingSet(value: unknown): value is TrainingSet {
  return (
    isRecord(value) &&
    typeof value.name === "string" &&
    Number.isSafeInteger(value.cells) &&
    (value.cells as number) > 0 &&
    (value.tissue === undefined || typeof value.tissue === "string") &&
    Array.isArray(value.keys) &&
    value.keys.length > 0 &&
    value.keys.every((key) => typeof key === "string" && /^[0-9a-f]{14}$/.test(key))
  );
}
