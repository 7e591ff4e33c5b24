import {WorkbookError} from "../errors.js";
import {typeOfV2, typeOfV3, type ZarrType} from "./zarr-dtype.js";

/** What bytes are packed with. */
export type ZarrCodec = "blosc" | "zstd" | "gzip" | "zlib" | "lz4" | "crc32c";

/** How a chunk is turned into elements: of shards in two steps, a shard being a file of chunks. */
export interface ZarrPipeline {
  chunks: number[];
  type: ZarrType;
  isBig: boolean;
  /** Order of the axes as they are stored, the slowest first; null for C order. */
  axes: number[] | null;
  /** What the bytes went through, in that order. */
  packing: ZarrCodec[];
  /** Of shards: the pipeline of the chunks in them, and how their index is stored. */
  inner: {pipeline: ZarrPipeline; indexAtEnd: boolean; indexHasChecksum: boolean} | null;
}

/** An array's metadata. */
export interface ZarrArray extends ZarrPipeline {
  shape: number[];
  fill: unknown;
  /** Name of the chunk at a place in the grid ("0.0", "c/0/0"). */
  keyOf(place: readonly number[]): string;
}

/** Reads the metadata of a v2 array (.zarray). Throws a WorkbookError "damaged" or "unknown-compression". */
export function arrayOfV2(meta: Record<string, unknown>, name: string, place: string): ZarrArray {
  const filters = ((meta["filters"] as {id: string}[] | null) ?? []).map(({id}) => id);
  const odd = filters.find((id) => id !== "vlen-utf8");
  if (odd !== undefined) throw unknownCodec(name, place, odd);
  const shape = numbers(meta["shape"], name, place);
  const compressor = meta["compressor"] as ({id: string} & Record<string, unknown>) | null;
  const separator = meta["dimension_separator"] === "/" ? "/" : ".";
  return {
    shape,
    chunks: numbers(meta["chunks"], name, place),
    ...typeOfV2(meta["dtype"], filters),
    axes: meta["order"] === "F" && shape.length > 1 ? [...shape.keys()].reverse() : null,
    packing: compressor === null || compressor === undefined ? [] : [codec(compressor.id, name, place)],
    inner: null,
    fill: meta["fill_value"] ?? null,
    keyOf: (at) => (at.length === 0 ? "0" : at.join(separator))
  };
}

interface Named {
  name: string;
  configuration?: Record<string, unknown>;
}

/** Reads the metadata of a v3 array (zarr.json). Throws a WorkbookError "damaged" or "unknown-compression". */
export function arrayOfV3(meta: Record<string, unknown>, name: string, place: string): ZarrArray {
  const grid = meta["chunk_grid"] as Named;
  if (grid?.name !== "regular") throw unknownCodec(name, place, `chunk grid ${grid?.name}`);
  const encoding = meta["chunk_key_encoding"] as Named;
  const isDefault = encoding.name === "default";
  const separator = (encoding.configuration?.["separator"] as string | undefined) ?? (isDefault ? "/" : ".");
  const chunks = numbers(grid.configuration?.["chunk_shape"], name, place);
  return {
    shape: numbers(meta["shape"], name, place),
    ...pipelineOf(meta["codecs"] as Named[], chunks, typeOfV3(meta["data_type"]), name, place),
    fill: meta["fill_value"] ?? null,
    keyOf: (at) => (isDefault ? ["c", ...at].join(separator) : at.length === 0 ? "0" : at.join(separator))
  };
}

function pipelineOf(codecs: Named[], chunks: number[], type: ZarrType, name: string, place: string): ZarrPipeline {
  const made: ZarrPipeline = {chunks, type, isBig: false, axes: null, packing: [], inner: null};
  for (const {name: id, configuration = {}} of codecs) {
    if (id === "bytes") made.isBig = configuration["endian"] === "big";
    else if (id === "vlen-utf8") continue;
    else if (id === "transpose") {
      const order = configuration["order"];
      made.axes = order === "C" ? null : order === "F" ? [...chunks.keys()].reverse() : numbers(order, name, place);
    } else if (id === "sharding_indexed") {
      const inner = numbers(configuration["chunk_shape"], name, place);
      const index = (configuration["index_codecs"] as Named[]).map((each) => each.name);
      const odd = index.find((each) => each !== "bytes" && each !== "crc32c");
      if (odd !== undefined) throw unknownCodec(name, place, `an index of ${odd}`);
      made.inner = {
        pipeline: pipelineOf(configuration["codecs"] as Named[], inner, type, name, place),
        indexAtEnd: configuration["index_location"] !== "start",
        indexHasChecksum: index.includes("crc32c")
      };
    } else made.packing.push(codec(id.replace(/^numcodecs\./, ""), name, place));
  }
  if (made.inner !== null && made.packing.length > 0) throw unknownCodec(name, place, "packed shards");
  return made;
}

const known: readonly string[] = ["blosc", "zstd", "gzip", "zlib", "lz4", "crc32c"] satisfies ZarrCodec[];

function codec(id: string, name: string, place: string): ZarrCodec {
  if (!known.includes(id)) throw unknownCodec(name, place, id);
  return id as ZarrCodec;
}

function unknownCodec(name: string, place: string, id: string): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "unknown-compression",
    place,
    fault: `${name} is stored with the codec ${id}, which cannot be undone here`,
    remedy: "write it again with zarr's default codecs"
  });
}

function numbers(value: unknown, name: string, place: string): number[] {
  if (Array.isArray(value) && value.every((n) => Number.isInteger(n) && n >= 0)) return value as number[];
  throw new WorkbookError({
    domain: "file",
    code: "damaged",
    place,
    fault: `${name} is damaged: the metadata of an array has no sizes where they should be`,
    remedy: "write the store again"
  });
}
