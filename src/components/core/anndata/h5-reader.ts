/** Numbers as HDF5 holds them, decoded; 64-bit integers come as BigInt arrays, 16-bit floats as Float32Array. */
export type H5NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/**
 * What an attribute or a dataset can decode to. Compound (record) types come as a column per member. Booleans (an enum
 * of FALSE and TRUE) come as a Uint8Array of 0 and 1, a scalar as a boolean; the dtype tells them from numbers.
 * null: nothing stands there (an empty dataspace), or a type that AnnData has no use for (a reference).
 */
export type H5Value = H5NumericArray | string[] | H5Compound | string | number | bigint | boolean | null;

/** A compound dataset, column by column; a member that is itself an array of k values takes k places a row. */
export interface H5Compound {
  kind: "compound";
  columns: Map<string, H5NumericArray | string[]>;
}

/** Element type of a dataset. `size`: bytes; a compound lists its members; an enum of FALSE and TRUE is "boolean". */
export interface H5Dtype {
  kind: "float" | "int" | "uint" | "string" | "boolean" | "compound" | "other";
  size: number;
  members?: {name: string; dtype: H5Dtype}[];
  /** Shape of one element, where an element is itself an array (members of old obsm tables); `kind` is its items'. */
  dims?: number[];
  /** As numpy prints it, for messages ("float32", "str", "record"). */
  label: string;
}

/** A step of the pipeline that a chunk goes through when it is stored: compression, shuffling, a checksum. */
export interface H5Filter {
  /** Number that the HDF Group registers ("1" is deflate, 32015 is Zstandard). */
  id: number;
  name: string;
}

/** A dataset's description. */
export interface H5DatasetNode {
  kind: "dataset";
  /** Empty for a scalar; [0] where the dataset has no dataspace at all. */
  shape: number[];
  dtype: H5Dtype;
  chunks: number[] | null;
  filters: H5Filter[];
}

/** What stands at a path. */
export type H5Node = {kind: "group"; keys: string[]} | H5DatasetNode;

/** A format of counts beside h5ad. */
export interface SourceFormat {
  /** Display name ("10x Genomics HDF5 (Cell Ranger 2, genome GRCh38)", "Zarr v3"). */
  words: string;
  /** True where it holds AnnData, which has versions of its own. */
  isAnnData: boolean;
}

/** The part of a file of several that is read. */
export interface Modality {
  /** What it is: a modality of MuData, or a genome of Cell Ranger 2. */
  kind: "modality" | "genome";
  /** Its name ("rna", "GRCh38"). */
  name: string;
  /** Names of the others, which are left out. */
  others: string[];
}

/**
 * The one interface under all formats: groups, attributes and datasets as AnnData's, whether they stand in HDF5 so, in Zarr, or are made
 * of a 10x Genomics matrix. Nothing above knows the format. Paths are absolute ("/obs/cell_type"). Synchronous, because HDF5's C
 * library is; in a browser it runs in a worker. Every method throws a WorkbookError that names file and place.
 */
export interface H5Reader {
  /** File name without folders, for messages. */
  readonly name: string;
  /** File size in bytes. */
  readonly byteLength: number;
  /** The format, where it is not h5ad. */
  readonly format?: SourceFormat;
  /** Which part of a file of several is shown, where the reader has chosen one. */
  readonly modality?: Modality | null;
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
