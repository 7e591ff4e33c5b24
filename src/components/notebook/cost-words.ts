import type {Precision} from "../core/types.js";
import {
  expectedBlockMemory,
  expectedDeviceMemory,
  expectedMemory,
  expectedPace,
  mostOfProcessor,
  weightBytes,
  type CostShape,
  type KnownPace
} from "../core/model/expected-cost.js";
import {processorRate} from "../runtime/browser/pace.js";
import {processorThreads} from "../runtime/browser/processor-threads.js";
import {formatBytes, formatDuration} from "../views/format.js";

/** What a model costs on this device, in words that say how it is known. */
export interface CostWords {
  speed: string;
  memory: string;
}

/**
 * What a model of this shape takes a cell and of memory. `ms` is what was measured of it on this device; where that is null, it is estimated from the
 * models that ran here, else from a product of matrices, which is timed once in this browser.
 */
export function costWords(
  shape: CostShape,
  known: readonly KnownPace[],
  ms: number | null = null,
  storage: Precision = "fp32"
): CostWords {
  const memory = memoryWords(shape, storage);
  if (ms !== null) return {speed: `${formatDuration(ms)} a cell, as last measured on this device`, memory};
  const expected = expectedPace(shape, known, known.length === 0 ? processorRate() : null);
  // A time of the processor would mislead where the model does not fit there.
  if (expected === null || (expected.by !== "model" && expectedMemory(shape, storage) > mostOfProcessor))
    return {speed: "not measured yet: it is when cells are embedded", memory};
  const about = `about ${formatDuration(expected.ms)} a cell`;
  const speed =
    expected.by === "model"
      ? `${about}, estimated from the time that ${expected.from} took on this device, by the number of operations`
      : `${about} on the processor, estimated from one product of matrices timed here; a graphics card is faster`;
  return {speed, memory};
}

/** The same in sentences, for a model that is not here yet: what it will take of the disk, too, where it is made here in float32. */
export function costSentences(shape: CostShape, known: readonly KnownPace[], storage?: Precision): string {
  const {speed, memory} = costWords(shape, known, null, storage);
  const disk =
    storage === undefined ? `Kept, it takes about ${formatBytes(weightBytes(shape))} of this browser's storage. ` : "";
  return `${disk}On this device: ${speed}. Memory: ${memory}.`;
}

/** By arithmetic, on the processor and on a graphics card. */
function memoryWords(shape: CostShape, storage: Precision): string {
  const own = expectedMemory(shape, storage, processorThreads());
  const card = `On a graphics card about ${formatBytes(expectedDeviceMemory(shape))} in float16, a file at a time on the way there`;
  if (own > mostOfProcessor)
    return `more than a browser gives the processor (${formatBytes(own)}, by arithmetic): it runs on a graphics card alone. ${card}`;
  const inBlocks = expectedBlockMemory(shape, storage, processorThreads());
  const most = formatBytes(own);
  const about =
    inBlocks === null ? most : `${formatBytes(inBlocks)} where this processor gains by 8-bit blocks, else ${most},`;
  return `about ${about} while it is opened, by arithmetic: its weights, what is read of them at a time, and the sentences under way. ${card}`;
}
