import {DataType, Table} from "apache-arrow";
import {WorkbookError} from "../errors.js";

/** What a reader asks of a column. */
export type ColumnKind =
  "Int32" | "Float32" | "Float64" | "Bool" | "Utf8" | "List<Int32>" | "List<Float32>" | "FixedSizeList<Float32>";

/**
 * Throws a WorkbookError of domain "table" unless `table` has every column of `expected` with its type; the message
 * says which columns were expected and which were found. `what` is "an embeddings table", say. Strings may also be
 * large or dictionary-encoded, since other programs write them so.
 */
export function expectColumns(table: Table, what: string, expected: Record<string, ColumnKind>): void {
  const found = new Map(table.schema.fields.map(({name, type}) => [name, type as DataType]));
  const wrong = Object.entries(expected).filter(([name, kind]) => {
    const type = found.get(name);
    return type === undefined || !matches(type, kind);
  });
  if (wrong.length === 0) return;
  const names = Object.entries(expected)
    .map(([name, kind]) => `${name}: ${kind}`)
    .join(", ");
  throw new WorkbookError({
    domain: "table",
    code: "wrong-columns",
    fault: `this Arrow table is not ${what}: it needs the columns ${names} and has ${describeColumns(table)}`,
    place: wrong.map(([name]) => name).join(", "),
    remedy: `give ${what} as the stage before writes it`
  });
}

function describeColumns(table: Table): string {
  const {fields} = table.schema;
  if (fields.length === 0) return "none";
  const shown = fields
    .slice(0, 12)
    .map(({name, type}) => `${name}: ${typeName(type as DataType)}`)
    .join(", ");
  return fields.length > 12 ? `${shown} and ${fields.length - 12} more` : shown;
}

function matches(type: DataType, kind: ColumnKind): boolean {
  switch (kind) {
    case "Utf8":
      return isText(type);
    case "List<Int32>":
      return DataType.isList(type) && typeName(type.valueType as DataType) === "Int32";
    case "List<Float32>":
      return DataType.isList(type) && typeName(type.valueType as DataType) === "Float32";
    case "FixedSizeList<Float32>":
      return DataType.isFixedSizeList(type) && typeName(type.valueType as DataType) === "Float32";
    default:
      return typeName(type) === kind;
  }
}

function isText(type: DataType): boolean {
  if (DataType.isDictionary(type)) return isText(type.dictionary as DataType);
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type);
}

function typeName(type: DataType): string {
  if (DataType.isFixedSizeList(type)) return `FixedSizeList<${typeName(type.valueType as DataType)}>[${type.listSize}]`;
  if (DataType.isList(type)) return `List<${typeName(type.valueType as DataType)}>`;
  if (DataType.isDictionary(type)) return `Dictionary<${typeName(type.dictionary as DataType)}>`;
  return String(type);
}
