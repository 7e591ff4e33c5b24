import type {H5Layout} from "../anndata/h5-decode.js";
import type {H5Dtype} from "../anndata/h5-reader.js";

/** How the elements of an array are stored. */
export interface ZarrType {
  /** As HDF5's, for `decodeElements`; `dtype.kind` is "other" where they are not read. */
  layout: H5Layout;
  /** "vlen": text of any length; "utf32": text of four bytes a character; else as the layout says. */
  text: "vlen" | "utf32" | null;
  /** Bytes of a number that is turned where an array is big-endian; 1 where nothing is. */
  unit: number;
}

const kinds: Record<string, H5Dtype["kind"]> = {f: "float", i: "int", u: "uint", b: "boolean", S: "string"};
const labels: Record<string, string> = {f: "float", i: "int", u: "uint"};

const plain = (kind: H5Dtype["kind"], size: number, label: string): ZarrType => ({
  layout: {dtype: {kind, size, label}, size},
  text: null,
  unit: kind === "float" || kind === "int" || kind === "uint" ? size : 1
});

const other = (label: string, size = 1): ZarrType => plain("other", size, label);
const anyText: ZarrType = {...plain("string", 4, "str"), text: "vlen"};
const wideText = (bytes: number): ZarrType => ({...plain("string", bytes, "str"), text: "utf32", unit: 4});

/** The elements of a Zarr v2 array and whether they are big-endian; `filters` are its names ("vlen-utf8"). Source: Zarr v2 specification, data type encoding. */
export function typeOfV2(dtype: unknown, filters: readonly string[]): {type: ZarrType; isBig: boolean} {
  if (typeof dtype !== "string") return {type: other("record", recordBytes(dtype)), isBig: false};
  const [order, kind, rest] = [dtype[0], dtype[1], dtype.slice(2)];
  const size = Number(rest);
  const isBig = order === ">";
  if (kind === "O") return {type: filters.includes("vlen-utf8") ? anyText : other("object"), isBig: false};
  if (kind === "U") return {type: wideText(4 * size), isBig};
  if (!(kind in kinds) || !Number.isInteger(size)) return {type: other(dtype, size || 1), isBig: false};
  return {
    type: plain(kinds[kind], size, kind === "b" ? "bool" : kind === "S" ? "str" : `${labels[kind]}${size * 8}`),
    isBig
  };
}

/** The elements of a Zarr v3 array. Source: Zarr v3 core specification, data types, and the extensions string, fixed_length_utf32, null_terminated_bytes. */
export function typeOfV3(dataType: unknown): ZarrType {
  if (typeof dataType === "string") {
    const found = /^(int|uint|float)(8|16|32|64)$/.exec(dataType);
    if (found !== null) return plain(found[1] as "int", Number(found[2]) / 8, dataType);
    return dataType === "bool" ? plain("boolean", 1, "bool") : dataType === "string" ? anyText : other(dataType);
  }
  const {name, configuration} = (dataType ?? {}) as {name?: string; configuration?: {length_bytes?: number}};
  const bytes = configuration?.length_bytes ?? 1;
  if (name === "fixed_length_utf32") return wideText(bytes);
  return name === "null_terminated_bytes" ? plain("string", bytes, "str") : other(name ?? "unnamed type");
}

function recordBytes(dtype: unknown): number {
  if (typeof dtype === "string") return (dtype[1] === "U" ? 4 : 1) * Number(dtype.slice(2));
  if (!Array.isArray(dtype)) return 1;
  return dtype.reduce((sum: number, member: unknown) => sum + recordBytes(Array.isArray(member) ? member[1] : null), 0);
}
