import {WorkbookError} from "../errors.js";
import {orFault} from "./part-fault.js";
import type {H5NumericArray, H5Reader, H5Value} from "./h5-reader.js";

/** True if `value` is an array of numbers. */
export function isNumericArray(value: H5Value): value is H5NumericArray {
  return ArrayBuffer.isView(value);
}

/** Numbers as Float64Array: exact but for 64-bit integers beyond 2^53. A scalar becomes an array of one. */
export function toFloat64(value: H5NumericArray): Float64Array {
  if (value instanceof Float64Array) return value;
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) {
    const out = new Float64Array(value.length);
    for (let i = 0; i < value.length; i++) out[i] = Number(value[i]);
    return out;
  }
  return Float64Array.from(value);
}

/** The numbers at `place`; throws a WorkbookError (domain "anndata", code "not-numbers") if it holds something else. */
export function readNumbers(reader: H5Reader, place: string, selection?: [number, number][]): H5NumericArray {
  const value = reader.read(place, selection);
  if (isNumericArray(value)) return value;
  throw new WorkbookError({
    domain: "anndata",
    code: "not-numbers",
    place,
    fault: `${reader.name} holds ${describeValue(value)} where numbers should be`,
    remedy: "write the file again with anndata's write_h5ad"
  });
}

/** The strings at `place`, a scalar as one; throws a WorkbookError (domain "anndata", code "not-text"). */
export function readStrings(reader: H5Reader, place: string): string[] {
  const value = reader.read(place);
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value;
  if (value === null) return [];
  throw new WorkbookError({
    domain: "anndata",
    code: "not-text",
    place,
    fault: `${reader.name} holds ${describeValue(value)} where text should be`,
    remedy: "write the file again with anndata's write_h5ad"
  });
}

/** An attribute that should be one string (or an array of one); undefined if it is anything else. */
export function textAttribute(attributes: Record<string, H5Value>, key: string): string | undefined {
  const value = attributes[key];
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" ? first : undefined;
}

/** An attribute of numbers ("shape"); undefined if it is anything else. */
export function numbersAttribute(attributes: Record<string, H5Value>, key: string): number[] | undefined {
  const value = attributes[key];
  return value !== undefined && isNumericArray(value) ? Array.from(toFloat64(value)) : undefined;
}

/** True where the file says that there is nothing (anndata 0.12 writes None as an element of encoding "null"). */
export function isNull(reader: H5Reader, place: string): boolean {
  const isEncodedNull = () => textAttribute(reader.attributes(place), "encoding-type") === "null";
  return orFault(() => reader.node(place) !== null && isEncodedNull(), false);
}

function describeValue(value: H5Value): string {
  if (value === null) return "nothing";
  if (Array.isArray(value) || typeof value === "string") return "text";
  if (typeof value === "object") return ArrayBuffer.isView(value) ? "numbers" : "a table of records";
  return `a single ${typeof value}`;
}
