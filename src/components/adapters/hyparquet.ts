import {parquetMetadata, parquetRead} from "hyparquet";
import {WorkbookError} from "../core/errors.js";
import type {FileColumns} from "../core/pipeline/cells-of-columns.js";

/**
 * All columns of a Parquet file (lists as arrays, missing values null), and its metadata. `file` is for messages. Throws a WorkbookError of
 * domain "table", code "damaged", if it cannot be read.
 */
export async function parquetColumns(bytes: Uint8Array, file: string): Promise<FileColumns> {
  const buffer = bytes.slice().buffer;
  const columns = new Map<string, unknown[]>();
  try {
    const {schema, key_value_metadata: said = []} = parquetMetadata(buffer);
    const [{num_children: count = 0}] = schema;
    for (let at = 1; columns.size < count; at += 1 + below(schema, at)) {
      const values: unknown[] = [];
      await parquetRead({
        file: buffer,
        columns: [schema[at].name],
        onChunk: ({columnData, rowStart}) => {
          for (let i = 0; i < columnData.length; i += 1) values[rowStart + i] = columnData[i] ?? null;
        }
      });
      columns.set(schema[at].name, values);
    }
    return {columns, metadata: new Map(said.map(({key, value = ""}) => [key, value]))};
  } catch (cause) {
    throw new WorkbookError(
      {
        domain: "table",
        code: "damaged",
        fault: `${file} cannot be read as Parquet`,
        remedy: "copy or download it again, or make it again; pages compressed with anything but Snappy are not read"
      },
      {cause}
    );
  }
}

/** How many elements of a schema, which lists them depth first, lie below one. */
function below(schema: readonly {num_children?: number}[], at: number): number {
  let [left, found] = [schema[at].num_children ?? 0, 0];
  for (; left > 0; left -= 1) {
    found += 1;
    left += schema[at + found].num_children ?? 0;
  }
  return found;
}
