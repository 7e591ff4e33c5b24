import {checkSelection} from "../anndata/check-selection.js";
import {virtualGroup, type VirtualData, type VirtualGroup} from "../anndata/virtual-reader.js";
import type {ByteFile} from "./byte-file.js";

/** Numbers of a matrix: as 32-bit integers, or as 64-bit floats where they are no such. */
export type RowsType = "int32" | "float64";

/** What a file of rows is of. */
export interface RowsShape {
  nRows: number;
  nCols: number;
  entries: number;
  type: RowsType;
}

const magic = 0x77_65_63_75; // "ucew"
const headBytes = 64;
const valueBytes = {int32: 4, float64: 8};
const views = {int32: Int32Array, int64: BigInt64Array, float64: Float64Array};

/**
 * Where the parts of a file of rows stand, in bytes: after a head of 64 the row pointers as int64, the values, the columns as int32: nothing is off its place,
 * since what stands before numbers of 8 bytes is a multiple of 8.
 */
export function rowsLayout({nRows, entries, type}: RowsShape) {
  const indptr = headBytes;
  const data = indptr + (nRows + 1) * 8;
  const indices = data + entries * valueBytes[type];
  return {indptr, data, indices, byteLength: indices + entries * 4};
}

/** The head of a file of rows. */
export function rowsHead({nRows, nCols, entries, type}: RowsShape): Uint8Array {
  return new Uint8Array(Float64Array.of(magic, 1, nRows, nCols, entries, valueBytes[type], 0, 0).buffer);
}

/** The shape that a file of rows has; null where it is none of this version, or not whole. */
export function rowsShape(file: ByteFile): RowsShape | null {
  if (file.byteLength < headBytes) return null;
  const [mark, version, nRows, nCols, entries, bytes] = new Float64Array(aligned(file.read(0, headBytes)));
  if (mark !== magic || version !== 1) return null;
  const shape: RowsShape = {nRows, nCols, entries, type: bytes === 4 ? "int32" : "float64"};
  return rowsLayout(shape).byteLength === file.byteLength ? shape : null;
}

/** The matrix in a file of rows, as AnnData's csr. */
export function rowsMatrix(file: ByteFile, shape: RowsShape): VirtualGroup {
  const at = rowsLayout(shape);
  const numbers = (name: string, start: number, length: number, type: keyof typeof views): VirtualData => {
    const {BYTES_PER_ELEMENT: size} = views[type];
    const node: VirtualData["node"] = {
      kind: "dataset",
      shape: [length],
      dtype: {kind: type === "float64" ? "float" : "int", size, label: type},
      chunks: null,
      filters: []
    };
    return {
      node,
      read(selection = [[0, length]]) {
        checkSelection(file.name, `/X/${name}`, node.shape, selection);
        const [[from, to]] = selection;
        const bytes = aligned(file.read(start + from * size, start + to * size));
        return new views[type](bytes);
      }
    };
  };
  return virtualGroup(
    {
      "encoding-type": "csr_matrix",
      "encoding-version": "0.1.0",
      shape: Float64Array.of(shape.nRows, shape.nCols)
    },
    [
      ["data", numbers("data", at.data, shape.entries, shape.type)],
      ["indices", numbers("indices", at.indices, shape.entries, "int32")],
      ["indptr", numbers("indptr", at.indptr, shape.nRows + 1, "int64")]
    ]
  );
}

/** The buffer of `bytes` alone, copied where it holds more. */
function aligned(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}
