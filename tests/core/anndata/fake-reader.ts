import type {H5DatasetNode, H5Node, H5Reader, H5Value} from "../../../src/components/core/anndata/h5-reader.js";
import type {ReadLog} from "./open.js";

/** A csr file that exists only as a formula: `perRow` counts a row, in columns 0 to perRow - 1. */
export interface FakeOptions {
  nRows: number;
  nCols: number;
  perRow: number;
  /** Chunk length of data and indices, packed; contiguous unless told. */
  chunk?: number;
  /** Chunks that are not packed: any part of them can be read by itself. */
  unpacked?: boolean;
  encoding?: "csr" | "csc";
  /** Value of entry k (1 + k mod 5 unless told). */
  value?: (entry: number) => number;
}

/**
 * An AnnData file of any size without a file, to see what is asked for. A csc one has `perRow` entries a column, in
 * rows 0 to perRow - 1.
 */
export function fakeReader({
  nRows,
  nCols,
  perRow,
  chunk,
  unpacked = false,
  encoding = "csr",
  value = (k) => 1 + (k % 5)
}: FakeOptions): H5Reader & ReadLog {
  const reads: ReadLog["reads"] = [];
  const major = encoding === "csr" ? nRows : nCols;
  const stored = major * perRow;
  const dataset = (length: number, label: string, size: number, chunks: number[] | null = null): H5DatasetNode => ({
    kind: "dataset",
    shape: [length],
    chunks,
    filters: chunks === null || unpacked ? [] : [{id: 1, name: "gzip"}],
    dtype: {kind: label === "str" ? "string" : label.startsWith("f") ? "float" : "int", size, label}
  });
  const chunks = chunk === undefined ? null : [chunk];
  const nodes: Record<string, H5Node> = {
    "/": {kind: "group", keys: ["X", "obs", "var"]},
    "/X": {kind: "group", keys: ["data", "indices", "indptr"]},
    "/obs": {kind: "group", keys: ["_index"]},
    "/var": {kind: "group", keys: ["_index"]},
    "/obs/_index": dataset(nRows, "str", 4),
    "/var/_index": dataset(nCols, "str", 4),
    "/X/data": dataset(stored, "float32", 4, chunks),
    "/X/indices": dataset(stored, "int32", 4, chunks),
    "/X/indptr": dataset(major + 1, "int64", 8)
  };
  const attributes: Record<string, Record<string, H5Value>> = {
    "/X": {"encoding-type": `${encoding}_matrix`, shape: BigInt64Array.of(BigInt(nRows), BigInt(nCols))},
    "/obs": {_index: "_index"},
    "/var": {_index: "_index"}
  };
  return {
    name: "fake.h5ad",
    byteLength: stored * 8,
    reads,
    node: (place) => nodes[place] ?? null,
    attributes: (place) => attributes[place] ?? {},
    read(place, selection) {
      const node = nodes[place] as H5DatasetNode;
      const [start, stop] = selection?.[0] ?? [0, node.shape[0]];
      const length = stop - start;
      reads.push({place, count: length});
      if (place === "/X/data") return Float32Array.from({length}, (_, k) => value(start + k));
      if (place === "/X/indices") return Int32Array.from({length}, (_, k) => (start + k) % perRow);
      if (place === "/X/indptr") return BigInt64Array.from({length}, (_, k) => BigInt((start + k) * perRow));
      return Array.from({length}, (_, k) => `${place === "/obs/_index" ? "cell" : "gene"}${start + k}`);
    },
    close: () => undefined
  };
}
