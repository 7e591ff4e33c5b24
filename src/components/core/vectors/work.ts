import {WorkbookError} from "../errors.js";

/** What every long computation of this folder takes. */
export interface WorkOptions {
  signal?: AbortSignal;
  /** Called now and then with the share done, 0 to 1; NaN where the end cannot be told. */
  onProgress?: (share: number) => void;
  /** Lets other work run; default: a zero timeout. Called about every `pauseEvery` milliseconds. */
  pause?: () => Promise<void>;
  /** Longest time without a pause, milliseconds (default 25), as far as the pieces of the work allow. */
  pauseEvery?: number;
}

/** A function to call between pieces of work: it reports, stops if asked to, and pauses when it is time. */
export function createBreath({signal, onProgress, pause = defaultPause, pauseEvery = 25}: WorkOptions) {
  let last = performance.now();
  return async (share: number): Promise<void> => {
    signal?.throwIfAborted();
    if (performance.now() - last < pauseEvery) return;
    onProgress?.(share);
    await pause();
    signal?.throwIfAborted();
    last = performance.now();
  };
}

/**
 * Number of rows of a row-major matrix. Throws a WorkbookError of domain "space" if its values do not fill whole rows
 * or one of them is not finite.
 */
export function rowsOf(values: Float32Array, width: number): number {
  if (!Number.isInteger(width) || width < 1 || values.length % width !== 0) {
    throw new WorkbookError({
      domain: "space",
      code: "bad-shape",
      fault: `${values.length} values do not fill rows of width ${width}`,
      remedy: "give whole rows, row after row"
    });
  }
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] - values[i] === 0) continue;
    throw new WorkbookError({
      domain: "space",
      code: "not-finite",
      fault: `Row ${Math.floor(i / width)} of the matrix holds ${values[i]}`,
      place: `column ${i % width}`,
      remedy: "leave out cells without a finite vector"
    });
  }
  return values.length / width;
}

function defaultPause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
