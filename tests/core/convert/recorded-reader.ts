import {memoryReader, type RangeReader} from "../../../src/components/core/remote/range-reader.js";

/** A file in memory, and the ranges of it that were read, in order. */
export function recordedReader(name: string, bytes: Uint8Array): {reader: RangeReader; ranges: [number, number][]} {
  const ranges: [number, number][] = [];
  const inner = memoryReader(name, bytes);
  const slice: RangeReader["slice"] = (start, end) => {
    ranges.push([start, end]);
    return inner.slice(start, end);
  };
  return {reader: {...inner, slice}, ranges};
}
