import {DataType, type FixedSizeList, type Table, type Vector} from "apache-arrow";
import {WorkbookError} from "../errors.js";

/** A column as other formats take it. */
export interface PlainColumn {
  name: string;
  /** "vector" is a list of 32-bit floats a row. */
  kind: "int32" | "float32" | "float64" | "bool" | "text" | "vector";
  /** Numbers a row: 1, or the width of a vector. */
  width: number;
  /** Values of the rows from `from` up to, not including, `to`; null where there is none. */
  values(from: number, to: number): (number | boolean | string | number[] | null)[];
}

/** The columns of a table without Arrow's types. Throws a WorkbookError of domain "table" for a type that has no such form. */
export function plainColumns(table: Table): PlainColumn[] {
  return table.schema.fields.map(({name, type}, i) => {
    const vector = table.getChildAt(i)!;
    const kind = kindOf(String(name), type as DataType);
    return {
      name: String(name),
      kind,
      width: DataType.isFixedSizeList(type) ? (type as FixedSizeList).listSize : 1,
      values: (from, to) => Array.from({length: to - from}, (_, k) => plain(vector, from + k, kind))
    };
  });
}

function plain(vector: Vector, row: number, kind: PlainColumn["kind"]): number | boolean | string | number[] | null {
  const value: unknown = vector.get(row);
  if (value === null || value === undefined) return null;
  if (kind === "vector") return Array.from(value as Iterable<number>);
  return kind === "text" ? String(value) : (value as number | boolean);
}

function kindOf(name: string, type: DataType): PlainColumn["kind"] {
  if (DataType.isFixedSizeList(type)) return "vector";
  if (DataType.isDictionary(type) || DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return "text";
  if (DataType.isBool(type)) return "bool";
  const kinds: Record<string, PlainColumn["kind"]> = {Int32: "int32", Float32: "float32", Float64: "float64"};
  const kind = kinds[String(type)];
  if (kind !== undefined) return kind;
  throw new WorkbookError({
    domain: "table",
    code: "no-such-form",
    fault: `column "${name}" is of type ${String(type)}, which is not written here`,
    remedy: "leave it out, or write .arrow, which holds every type"
  });
}
