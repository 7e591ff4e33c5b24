import {floatLabel, isReadableFloat} from "./float-format.js";
import type {BooleanFlags, H5Layout} from "./h5-decode.js";
import type {H5Dtype} from "./h5-reader.js";
import type {StoredForm} from "./stored-form.js";

/** What HDF5's library says of an element's type, through h5wasm; `type` is the number of its class. */
export interface TypeMetadata {
  type: number;
  size: number;
  signed: boolean;
  vlen: boolean;
  strpad?: number;
  enum_type?: {members: Record<string, number>};
  array_type?: TypeMetadata & {shape: number[] | null};
  compound_type?: {members: (TypeMetadata & {name: string; offset: number})[]};
}

/** HDF5's numbers for classes of types (H5T_class_t). */
const classes = {integer: 0, float: 1, text: 3, compound: 6, enumeration: 8, array: 10} as const;

/**
 * Layout in memory of an element of type `metadata`; `numbers` is what the file says of how its bits are divided, where that
 * is not what machines have: a float of another format is decoded by its fields or, like an integer with spare bits, "other".
 */
export function layoutOf(metadata: TypeMetadata, numbers: StoredForm["numbers"] = null): H5Layout {
  const {type, size, signed} = metadata;
  const bits = 8 * size;
  const plain = (kind: H5Dtype["kind"], label: string): H5Layout => ({dtype: {kind, size, label}, size});
  const integer = `${signed ? "int" : "uint"}${bits}`;
  switch (type) {
    case classes.float:
      return floatLayout(metadata, numbers);
    case classes.integer:
      if (numbers !== null) return plain("other", `${integer} with bits to spare`);
      return plain(signed ? "int" : "uint", integer);
    case classes.text:
      return {...plain("string", "str"), variableText: metadata.vlen, spacePadded: metadata.strpad === 2};
    case classes.enumeration: {
      const flags = flagsOf(metadata.enum_type?.members ?? {});
      if (flags === null) return plain(signed ? "int" : "uint", `enum${bits}`);
      const usual = flags.yes === 1 && flags.missing === null;
      return {...plain("boolean", "bool"), ...(usual ? {} : {flags})};
    }
    case classes.array: {
      if (metadata.array_type === undefined) break;
      const item = layoutOf(metadata.array_type);
      return {...item, size, dtype: {...item.dtype, dims: metadata.array_type.shape ?? []}};
    }
    case classes.compound: {
      if (metadata.compound_type === undefined) break;
      const members = metadata.compound_type.members.map((member) => ({
        name: member.name,
        offset: member.offset,
        layout: layoutOf(member)
      }));
      const dtypes = members.map(({name, layout}) => ({name, dtype: layout.dtype}));
      return {size, members, dtype: {kind: "compound", size, label: "record", members: dtypes}};
    }
  }
  return plain("other", "a type without a use in AnnData");
}

function floatLayout({size}: TypeMetadata, numbers: StoredForm["numbers"]): H5Layout {
  const label = `float${8 * size}`;
  if (numbers === null) return {dtype: {kind: size <= 8 ? "float" : "other", size, label}, size};
  if (numbers === "unknown") return {dtype: {kind: "other", size, label: `${label} of an unknown format`}, size};
  const readable = isReadableFloat(numbers);
  const dtype: H5Dtype = {kind: readable ? "float" : "other", size, label: floatLabel(numbers)};
  return {dtype, size, ...(readable ? {float: numbers} : {})};
}

/** What an enumeration of FALSE and TRUE, and of NA where R wrote it, has for each; null for any other. */
function flagsOf(members: Record<string, number>): BooleanFlags | null {
  const {FALSE: no, TRUE: yes, NA: missing = null, ...others} = members as Partial<Record<string, number>>;
  if (no === undefined || yes === undefined || Object.keys(others).length > 0) return null;
  return {yes, missing};
}

/** True if elements of `layout` hold pointers to text, which HDF5's library has to be told to free. */
export function holdsPointers({variableText, members}: H5Layout): boolean {
  return variableText === true || (members ?? []).some(({layout}) => holdsPointers(layout));
}
