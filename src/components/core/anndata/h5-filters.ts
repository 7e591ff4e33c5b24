import {WorkbookError} from "../errors.js";

/** What is known about one registered HDF5 filter. */
export interface FilterInfo {
  /** Name that people know it by. */
  name: string;
  /** "built-in": HDF5 itself; a string: the plugin file that undoes it; null: there is none for WebAssembly. */
  plugin: "built-in" | string | null;
}

const known: Record<number, [name: string, plugin: string | null]> = {
  1: ["gzip (deflate)", "built-in"],
  2: ["byte shuffle", "built-in"],
  3: ["Fletcher-32 checksum", "built-in"],
  4: ["szip", "built-in"],
  5: ["n-bit", "built-in"],
  6: ["scale-offset", "built-in"],
  305: ["LZO", null],
  307: ["bzip2", "libH5Zbz2.so"],
  32000: ["LZF", "libH5Zlzf.so"],
  32001: ["Blosc", "libH5Zblosc.so"],
  32002: ["MAFISC", null],
  32003: ["Snappy", null],
  32004: ["LZ4", "libH5Zlz4.so"],
  32005: ["APAX", null],
  32006: ["CBF", null],
  32007: ["JPEG-XR", null],
  32008: ["bitshuffle", "libH5Zbshuf.so"],
  32009: ["SPDP", null],
  32010: ["LPC-Rice", null],
  32012: ["JPEG-LS", null],
  32013: ["ZFP", "libH5Zzfp.so"],
  32014: ["fpzip", null],
  32015: ["Zstandard", "libH5Zzstd.so"],
  32016: ["B3D", null],
  32017: ["SZ", null],
  32020: ["VBZ", null],
  32022: ["BitGroom", "libH5Zbitgroom.so"],
  32023: ["Granular BitRound", "libH5Zbitround.so"],
  32024: ["SZ3", null],
  32025: ["Delta-Rice", null],
  32026: ["Blosc2", "libH5Zblosc2.so"],
  32027: ["FLAC", null],
  32028: ["SPERR", null]
};

/** What filter `id` is (source: the HDF Group's registry of filters); null if the number means nothing to us. */
export function filterInfo(id: number): FilterInfo | null {
  const entry = known[id];
  return entry === undefined ? null : {name: entry[0], plugin: entry[1]};
}

/**
 * The WorkbookError (domain "file", code "unknown-compression") for data at `place` of the file `name` that went through filter
 * `id`, which the file calls `label`, and that cannot be undone.
 */
export function unknownCompression(name: string, place: string, id: number, label: string): WorkbookError {
  const known = filterInfo(id)?.name ?? (label === "" ? "unknown" : `unknown, "${label}"`);
  return new WorkbookError({
    domain: "file",
    code: "unknown-compression",
    place,
    fault: `${name} is compressed with filter ${id} (${known}), which cannot be undone here`,
    remedy: 'write it again with compression="gzip" or without compression'
  });
}
