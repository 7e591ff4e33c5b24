import type {Architecture} from "../model/bundle.js";
import {numberType, tileStep, type Arithmetic, type CallShape} from "./kernel.js";
import {manyRows, mostSplits} from "./tiles.js";

/** Bytes of the buffers between the steps for `cells` sentences of `padded` rows each, by name; none depends on the weights or on how many layers there are. */
export function encoderBuffers(
  {width: d, feedForward, output}: Architecture,
  arithmetic: Arithmetic,
  {cells, padded}: Pick<CallShape, "cells" | "padded">
): Map<string, number> {
  const rows = Math.ceil((cells * padded) / tileStep) * tileStep;
  const halves = numberType(arithmetic) === "f16";
  const number = halves ? 2 : 4;
  const vector = 4 * cells * Math.max(d, ...output.map(({width}) => width));
  const buffers = new Map([
    ["stream", 4 * rows * d],
    ["qkv", number * rows * 3 * d],
    ["attended", number * rows * d],
    ["product", 4 * d * Math.max(rows, mostSplits * Math.min(rows, manyRows))],
    ["hidden", number * rows * feedForward],
    ["cls0", vector],
    ["cls1", vector],
    ["cls2", vector],
    ["clsHidden", 4 * cells * feedForward]
  ]);
  if (halves) buffers.set("numbers", number * rows * d);
  return buffers;
}

/** Most sentences of `padded` rows whose buffers are each within `bytes`; 0 if not even one's are. */
export function mostSentences(model: Architecture, arithmetic: Arithmetic, padded: number, bytes: number): number {
  const largest = Math.max(...encoderBuffers(model, arithmetic, {cells: tileStep, padded}).values());
  return Math.floor((bytes * tileStep) / largest);
}
