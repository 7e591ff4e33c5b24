import {WorkbookError} from "../errors.js";

/** The error for a group that has no cells, or that has all of them, so that there is nothing to compare it with. */
export function tooFewCells(group: number, size: number, cells: number): WorkbookError {
  const fault =
    size === 0
      ? `none of the ${cells} cells that can be compared is of group ${group}`
      : `all ${cells} cells that can be compared are of group ${group}`;
  return new WorkbookError({
    domain: "space",
    code: "too-few-cells",
    fault,
    remedy: "name groups of which each has cells with counts"
  });
}
