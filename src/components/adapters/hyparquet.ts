import {parquetRead} from "hyparquet";
import {WorkbookError} from "../core/errors.js";

/**
 * Columns of a Parquet file by name, a value a row (lists as arrays, missing values null); those of `names` that it has. `file` is for messages. Throws a WorkbookError of
 * domain "table", code "damaged", if it cannot be read.
 */
export async function parquetColumns(
  bytes: Uint8Array,
  names: readonly string[],
  file: string
): Promise<Map<string, unknown[]>> {
  const buffer = bytes.slice().buffer;
  const found = new Map<string, unknown[]>();
  try {
    for (const name of names) {
      const values: unknown[] = [];
      await parquetRead({
        file: buffer,
        columns: [name],
        onChunk: ({columnData, rowStart}) => {
          for (let i = 0; i < columnData.length; i += 1) values[rowStart + i] = columnData[i] ?? null;
        }
      }).catch((error: unknown) => {
        if (!/column/i.test((error as Error).message)) throw error;
      });
      if (values.length > 0) found.set(name, values);
    }
    return found;
  } catch (cause) {
    throw new WorkbookError(
      {
        domain: "table",
        code: "damaged",
        fault: `${file} cannot be read as Parquet`,
        remedy: "copy or download it again, or make it again"
      },
      {cause}
    );
  }
}
