import {
  Bool,
  Data,
  DataType,
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  List,
  makeData,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Utf8
} from "apache-arrow";
import {WorkbookError} from "../errors.js";

/** A column ready to stand in a table: its field and its data. */
export interface TableColumn {
  field: Field;
  data: Data;
}

/** Which values are there: a byte each, 0 for null; undefined if all are. */
export type Validity = Uint8Array | undefined;

type NumberArray = Int32Array | Float32Array | Float64Array;

/** A column of 32-bit integers; null where `valid` is 0. The values are not copied. */
export function int32Column(name: string, values: Int32Array, valid?: Validity): TableColumn {
  return primitive(name, new Int32(), values, valid);
}

/** A column of 32-bit floats; null where `valid` is 0. The values are not copied. */
export function float32Column(name: string, values: Float32Array, valid?: Validity): TableColumn {
  return primitive(name, new Float32(), values, valid);
}

/** A column of 64-bit floats; null where `valid` is 0. The values are not copied. */
export function float64Column(name: string, values: Float64Array, valid?: Validity): TableColumn {
  return primitive(name, new Float64(), values, valid);
}

/** A column of booleans from a byte each (0 is false); null where `valid` is 0. */
export function boolColumn(name: string, values: Uint8Array, valid?: Validity): TableColumn {
  const type = new Bool();
  return {
    field: new Field(name, type, valid !== undefined),
    data: makeData({type, length: values.length, data: bits(values), ...nulls(valid)})
  };
}

/** A column of strings, not dictionary-encoded. */
export function utf8Column(name: string, values: readonly (string | null)[]): TableColumn {
  const {bytes, offsets, valid} = encodeStrings(name, values);
  const type = new Utf8();
  return {
    field: new Field(name, type, valid !== undefined),
    data: makeData({type, length: values.length, data: bytes, valueOffsets: offsets, ...nulls(valid)})
  };
}

/**
 * A categorical column: `codes` index `categories`, -1 is null. `id` tells the dictionaries of one table apart; it is
 * given, not counted up by the library, so that equal tables have equal bytes.
 */
export function dictionaryColumn(
  name: string,
  codes: Int32Array,
  categories: readonly string[],
  id: number
): TableColumn {
  const outside = codes.find((code) => code < -1 || code >= categories.length);
  if (outside !== undefined) {
    throw new WorkbookError({
      domain: "table",
      code: "category-out-of-range",
      fault: `Column "${name}" has code ${outside}, but only ${categories.length} categories`,
      remedy: "give codes from 0 to the number of categories minus one, or -1 for no value"
    });
  }
  const type = new Dictionary(new Utf8(), new Int32(), id);
  const dictionary = makeVector(utf8Column(name, categories).data as Data<Utf8>);
  const valid = codes.includes(-1) ? Uint8Array.from(codes, (code) => (code < 0 ? 0 : 1)) : undefined;
  const indices = codes.map((code) => Math.max(code, 0));
  const data = makeData({type, length: codes.length, data: indices, dictionary, ...nulls(valid)});
  return {field: new Field(name, type, valid !== undefined), data};
}

/** A column of lists of 32-bit integers; null lists allowed. */
export function int32ListColumn(name: string, lists: readonly (Int32Array | null)[]): TableColumn {
  const {offsets, total, valid} = listOffsets(name, lists);
  const values = new Int32Array(total);
  lists.forEach((list, i) => list && values.set(list, offsets[i]));
  return listColumn(name, new Int32(), values, offsets, valid);
}

/** A column of lists of 32-bit floats; null lists allowed. */
export function float32ListColumn(name: string, lists: readonly (Float32Array | null)[]): TableColumn {
  const {offsets, total, valid} = listOffsets(name, lists);
  const values = new Float32Array(total);
  lists.forEach((list, i) => list && values.set(list, offsets[i]));
  return listColumn(name, new Float32(), values, offsets, valid);
}

/** A column of vectors of `width` floats, row-major in `values`, which is not copied; null where `valid` is 0. */
export function vectorColumn(name: string, values: Float32Array, width: number, valid?: Validity): TableColumn {
  const item = new Float32();
  const type = new FixedSizeList(width, new Field("item", item, false));
  const child = makeData({type: item, length: values.length, data: values});
  return {
    field: new Field(name, type, true),
    data: makeData({type, length: values.length / width, child, ...nulls(valid)})
  };
}

/** The schema of these columns. Throws a WorkbookError if two have one name. */
export function schemaOf(columns: readonly TableColumn[], metadata: Map<string, string>): Schema {
  const seen = new Set<string>();
  for (const {field} of columns) {
    if (seen.has(field.name)) {
      throw new WorkbookError({
        domain: "table",
        code: "duplicate-column",
        fault: `Two columns are named "${field.name}"`,
        remedy: "rename one of them: a table's columns have different names"
      });
    }
    seen.add(field.name);
  }
  return new Schema(
    columns.map(({field}) => field),
    metadata
  );
}

/** A record batch of these columns under `schema`. Throws a WorkbookError if their lengths differ. */
export function batchOf(schema: Schema, columns: readonly TableColumn[]): RecordBatch {
  const length = columns[0]?.data.length ?? 0;
  for (const {field, data} of columns) requireLength(field.name, data.length, length);
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({type, length, nullCount: 0, children: columns.map(({data}) => data)}));
}

/** A table of one record batch. Throws a WorkbookError if two columns have one name or their lengths differ. */
export function tableOf(columns: readonly TableColumn[], metadata: Map<string, string>): Table {
  const schema = schemaOf(columns, metadata);
  return new Table(schema, [batchOf(schema, columns)]);
}

/** Throws a WorkbookError, with both numbers, if the column `name` does not have `expected` values. */
export function requireLength(name: string, found: number, expected: number): void {
  if (found === expected) return;
  throw new WorkbookError({
    domain: "table",
    code: "length-mismatch",
    fault: `Column "${name}" has ${found} values where the table has ${expected} rows`,
    remedy: "give one value for every row"
  });
}

function primitive(name: string, type: Int32 | Float32 | Float64, values: NumberArray, valid: Validity): TableColumn {
  // The library's signature wants one type; the three differ only in the array that they hold.
  const data = makeData({type: type as Float64, length: values.length, data: values as Float64Array, ...nulls(valid)});
  return {field: new Field(name, type, valid !== undefined), data};
}

function listColumn(
  name: string,
  item: DataType,
  values: Int32Array | Float32Array,
  offsets: Int32Array,
  valid: Validity
): TableColumn {
  const type = new List(new Field("item", item, false));
  const child = makeData({type: item as Int32, length: values.length, data: values as Int32Array});
  return {
    field: new Field(name, type, true),
    data: makeData({type, length: offsets.length - 1, valueOffsets: offsets, child, ...nulls(valid)})
  };
}

function listOffsets(name: string, lists: readonly ({length: number} | null)[]) {
  const offsets = new Int32Array(lists.length + 1);
  let total = 0;
  let missing = false;
  lists.forEach((list, i) => {
    total += list?.length ?? 0;
    missing ||= list === null;
    if (total > 0x7fffffff) throw tooLong(name);
    offsets[i + 1] = total;
  });
  const valid = missing ? Uint8Array.from(lists, (list) => (list === null ? 0 : 1)) : undefined;
  return {offsets, total, valid};
}

function encodeStrings(name: string, values: readonly (string | null)[]) {
  const encoder = new TextEncoder();
  const offsets = new Int32Array(values.length + 1);
  const parts: Uint8Array[] = [];
  let total = 0;
  let missing = false;
  values.forEach((value, i) => {
    if (value === null) missing = true;
    else {
      const part = encoder.encode(value);
      parts.push(part);
      total += part.length;
    }
    if (total > 0x7fffffff) throw tooLong(name);
    offsets[i + 1] = total;
  });
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const valid = missing ? Uint8Array.from(values, (value) => (value === null ? 0 : 1)) : undefined;
  return {bytes, offsets, valid};
}

function nulls(valid: Validity): {nullCount: number; nullBitmap?: Uint8Array} {
  if (valid === undefined) return {nullCount: 0};
  let nullCount = 0;
  for (const present of valid) if (present === 0) nullCount += 1;
  return {nullCount, nullBitmap: bits(valid)};
}

function bits(bytes: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(bytes.length / 64) * 8);
  bytes.forEach((byte, i) => {
    if (byte !== 0) packed[i >> 3] |= 1 << (i & 7);
  });
  return packed;
}

function tooLong(name: string): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "column-too-long",
    fault: `Column "${name}" needs more than 2,147,483,647 entries in one batch`,
    remedy: "append fewer rows at a time"
  });
}
