/** Numbers as HDF5 holds them, decoded; 64-bit integers come as BigInt arrays. */
export type H5NumericArray =
  | Float32Array | Float64Array
  | Int8Array | Int16Array | Int32Array | BigInt64Array
  | Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/** What an attribute or a dataset can decode to. Compound (record) types come as a column per member. */
export type H5Value = H5NumericArray | string[] | boolean[] | H5Compound | string | number | bigint | boolean | null;

/** A compound dataset, column by column. */
export interface H5Compound {
  kind: "compound";
  columns: Map<string, H5NumericArray | string[]>;
}

/** Element type of a dataset. `size` is in bytes; a compound lists its members; an enum with FALSE and TRUE is "boolean". */
export interface H5Dtype {
  kind: "float" | "int" | "uint" | "string" | "boolean" | "compound" | "other";
  size: number;
  members?: {name: string; dtype: H5Dtype}[];
  /** As the library prints it, for messages ("<f4", "S", "V24"). */
  label: string;
}

/** What stands at a path. */
export type H5Node =
  | {kind: "group"; keys: string[]}
  | {kind: "dataset"; shape: number[]; dtype: H5Dtype; chunks: number[] | null; filters: {id: number; name: string}[]};

/**
 * The little that AnnData reading asks of HDF5. Paths are absolute ("/obs/cell_type"). Synchronous, because HDF5's C
 * library is; in a browser it runs in a worker. Every method throws a WorkbookError that names file and place.
 */
export interface H5Reader {
  /** File name without folders, for messages. */
  readonly name: string;
  /** File size in bytes. */
  readonly byteLength: number;
  /** What stands at `path`; null if nothing does. Reads no data. */
  node(path: string): H5Node | null;
  /** Attributes of the group or dataset at `path`, decoded; empty if there are none. */
  attributes(path: string): Record<string, H5Value>;
  /**
   * Data of the dataset at `path`, row-major; `selection` is [start, stop) per dimension and reads only that (whole
   * chunks at the least). Scalars come as a value, anything else as an array.
   */
  read(path: string, selection?: [start: number, stop: number][]): H5Value;
  close(): void;
}
