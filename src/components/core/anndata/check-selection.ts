import {WorkbookError} from "../errors.js";

/**
 * Throws a WorkbookError (domain "file", code "outside-data") if `ranges`, [start, stop) a dimension, do not lie inside data of
 * `shape`, which stand at `place` of the file `name`.
 */
export function checkSelection(name: string, place: string, shape: number[], ranges: [number, number][]): void {
  const fits =
    ranges.length === shape.length &&
    ranges.every(([start, stop], i) => start >= 0 && start <= stop && stop <= shape[i]);
  if (fits) return;
  const asked = ranges.map((range) => range.join(" to ")).join(" x ");
  throw new WorkbookError({
    domain: "file",
    code: "outside-data",
    place,
    fault: `${name} holds data of shape ${shape.join(" x ")}, ${asked} was asked for`,
    remedy: "the file's parts disagree; write it again with anndata's write_h5ad"
  });
}
