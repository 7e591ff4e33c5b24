import type {Data, Table, Vector} from "apache-arrow";
import {WorkbookError} from "../errors.js";
import type {CellStatus} from "../types.js";

/** All values of a column of 32-bit integers, 0 for null. A copy unless the table is one batch. */
export function readInt32(table: Table, name: string): Int32Array {
  return readPrimitive(table, name, (length) => new Int32Array(length));
}

/** All values of a column of 32-bit floats, 0 for null. */
export function readFloat32(table: Table, name: string): Float32Array {
  return readPrimitive(table, name, (length) => new Float32Array(length));
}

/** All values of a column of 64-bit floats, 0 for null. */
export function readFloat64(table: Table, name: string): Float64Array {
  return readPrimitive(table, name, (length) => new Float64Array(length));
}

/** All values of a column of booleans as a byte each, 0 for false and null. */
export function readBool(table: Table, name: string): Uint8Array {
  return Uint8Array.from(column(table, name), (value: unknown) => (value === true ? 1 : 0));
}

/** All values of a column of strings; null where there is none. */
export function readText(table: Table, name: string): (string | null)[] {
  return Array.from(column(table, name) as Iterable<string | null>, (value) => (value === null ? null : String(value)));
}

/** All values of a column of strings that must not have nulls. Throws a WorkbookError naming the first missing one. */
export function readFullText(table: Table, name: string): string[] {
  const values = readText(table, name);
  const missing = values.indexOf(null);
  if (missing >= 0) throw badValue(name, missing, "is missing", "Fill it: every row has one");
  return values as string[];
}

/** All values of a status column. Throws a WorkbookError at a value that is not a status. */
export function readStatus(table: Table, name = "status"): CellStatus[] {
  const values = readFullText(table, name);
  const bad = values.findIndex((value) => value !== "ok" && value !== "empty" && value !== "failed");
  if (bad >= 0) throw badValue(name, bad, `is "${values[bad]}"`, 'Use "ok", "empty" or "failed"');
  return values as CellStatus[];
}

/** One byte a row: 0 where the column is null; undefined if it is nowhere null. */
export function readValidity(table: Table, name: string): Uint8Array | undefined {
  const vector = column(table, name);
  if (vector.nullCount === 0) return undefined;
  const valid = new Uint8Array(vector.length);
  let at = 0;
  for (const data of vector.data) for (let i = 0; i < data.length; i += 1) valid[at++] = data.getValid(i) ? 1 : 0;
  return valid;
}

/** Throws unless row i of the column is null exactly where status is not "ok". */
export function requireNullsByStatus(name: string, status: readonly CellStatus[], valid: Uint8Array | undefined): void {
  status.forEach((state, i) => {
    const present = valid === undefined || valid[i] === 1;
    if (present === (state === "ok")) return;
    const what = present ? `has a value though its status is "${state}"` : 'is null though its status is "ok"';
    throw badValue(name, i, what, "Make the table again with the stage that writes it");
  });
}

/** The chunks of a column. */
export function column(table: Table, name: string): Vector {
  const vector = table.getChild(name);
  if (vector === null) {
    throw new WorkbookError({
      domain: "table",
      code: "no-such-column",
      fault: `the table has no column "${name}"`,
      remedy: `choose one of: ${table.schema.fields.map((field) => field.name).join(", ")}`
    });
  }
  return vector;
}

/** A WorkbookError about the value of one row. `row` counts from 0. */
export function badValue(name: string, row: number, what: string, remedy: string): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "bad-value",
    fault: `Column "${name}" of row ${row} of the table ${what}`,
    place: name,
    remedy
  });
}

function readPrimitive<A extends Int32Array | Float32Array | Float64Array>(
  table: Table,
  name: string,
  allocate: (length: number) => A
): A {
  const vector = column(table, name);
  const values = allocate(vector.length);
  let at = 0;
  for (const data of vector.data as readonly Data[]) {
    values.set((data.values as A).subarray(0, data.length), at);
    if (data.nullCount > 0) for (let i = 0; i < data.length; i += 1) if (!data.getValid(i)) values[at + i] = 0;
    at += data.length;
  }
  return values;
}
