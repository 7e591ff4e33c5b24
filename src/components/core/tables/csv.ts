import {DataType, type FixedSizeList, type Table, type Vector} from "apache-arrow";

/**
 * The table as CSV (RFC 4180: a header, comma, CRLF, fields quoted where needed). Null is an empty field; a list is its
 * values with spaces between; a vector column of width D is D columns NAME_0 to NAME_(D-1). 32-bit floats have the
 * fewest digits that give the same 32-bit float back.
 */
export function tableToCsv(table: Table): string {
  return [...csvPieces(table)].join("");
}

/** `tableToCsv` piece by piece, `rows` rows at a time (the header with the first), for tables longer than a string may be. */
export function* csvPieces(table: Table, rows = 1000): Generator<string, void, undefined> {
  const columns = table.schema.fields.map(({name, type}, i) => csvColumn(name, type as DataType, table.getChildAt(i)!));
  let lines = [columns.flatMap(({header}) => header).join(",")];
  for (let row = 0; row < table.numRows; row += 1) {
    lines.push(columns.map(({cell}) => cell(row)).join(","));
    if (lines.length < rows) continue;
    yield `${lines.join("\r\n")}\r\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join("\r\n")}\r\n`;
}

interface CsvColumn {
  header: string[];
  cell(row: number): string;
}

function csvColumn(name: string, type: DataType, vector: Vector): CsvColumn {
  if (DataType.isFixedSizeList(type)) {
    const {listSize} = type as FixedSizeList;
    const write = writer(type.valueType as DataType);
    return {
      header: Array.from({length: listSize}, (_, i) => quote(`${name}_${i}`)),
      cell: (row) => {
        const value: Iterable<unknown> | null = vector.get(row);
        return value === null ? ",".repeat(listSize - 1) : Array.from(value, write).join(",");
      }
    };
  }
  if (DataType.isList(type)) {
    const write = writer(type.valueType as DataType);
    return {
      header: [quote(name)],
      cell: (row) => {
        const value: Iterable<unknown> | null = vector.get(row);
        return value === null ? "" : quote(Array.from(value, write).join(" "));
      }
    };
  }
  const write = writer(type);
  return {header: [quote(name)], cell: (row) => quote(write(vector.get(row)))};
}

function writer(type: DataType): (value: unknown) => string {
  if (String(type) === "Float32") return (value) => (value === null ? "" : shortest(value as number));
  return (value) => (value === null || value === undefined ? "" : String(value));
}

function shortest(value: number): string {
  for (const digits of [6, 7, 8]) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
