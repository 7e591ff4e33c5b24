import {WorkbookError} from "../errors.js";

/**
 * Throws a WorkbookError of domain "checkpoint", code "not-finite", where `values` hold NaN or an infinite number: names the
 * tensor, its row (`firstRow` is that of the first of `values`, each `rowLength` long) and the column.
 */
export function requireFinite(
  values: Float32Array,
  {file, tensor, rowLength, firstRow = 0}: {file: string; tensor: string; rowLength: number; firstRow?: number}
): void {
  for (let i = 0; i < values.length; ++i) {
    if (Number.isFinite(values[i])) continue;
    const [row, column] = [firstRow + Math.floor(i / rowLength), i % rowLength];
    throw new WorkbookError({
      domain: "checkpoint",
      code: "not-finite",
      fault: `${file} holds ${values[i]} in row ${row}, column ${column} of a tensor, and no embedding can be trusted then`,
      place: tensor,
      remedy: "download the checkpoint again, or convert another"
    });
  }
}
