import {DataType} from "apache-arrow";
import {formatNumber} from "./format.js";

/** An Arrow type in words ("list of int32", "512 × float32", "category"); names that have no better words stay as they are. */
export function typeText(type: DataType): string {
  if (DataType.isDictionary(type)) return "category";
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return "text";
  if (DataType.isBool(type)) return "boolean";
  if (DataType.isFixedSizeList(type)) return `${type.listSize} × ${typeText(type.children[0].type)}`;
  if (DataType.isList(type)) return `list of ${typeText(type.children[0].type)}`;
  return String(type).toLowerCase();
}

/** A value of an Arrow table as text: null is "–", lists show their first items and their length. */
export function valueText(value: unknown, items = 4): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return Number.isNaN(value) ? "NaN" : formatNumber(value);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return value;
  if (isList(value)) {
    const shown = Array.from({length: Math.min(items, value.length)}, (_, i) =>
      valueText(value.get?.(i) ?? (value as ArrayLike<unknown>)[i])
    );
    return `${shown.join(", ")}${value.length > items ? ` … (${formatNumber(value.length)})` : ""}`;
  }
  return String(value);
}

function isList(value: unknown): value is {length: number; get?(i: number): unknown} {
  return typeof value === "object" && value !== null && "length" in value;
}
