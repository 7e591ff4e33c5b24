import {textData, virtualGroup, virtualReader, virtualTable, type VirtualData} from "../anndata/virtual-reader.js";
import type {H5Reader} from "../anndata/h5-reader.js";
import {isWorkbookError, WorkbookError} from "../errors.js";
import type {Codecs} from "./codecs.js";
import type {FileSet} from "./file-set.js";
import type {MtxFiles} from "./find-mtx.js";
import {gunzipChecked} from "./gunzip-checked.js";
import {mtxToRows, type MtxOptions} from "./mtx-to-rows.js";
import {rowsMatrix, rowsShape} from "./rows-file.js";
import type {RowsPlace} from "./rows-place.js";
import {damagedPart} from "./source-errors.js";

/** What opening a matrix in Matrix Market form needs. */
export interface MtxDeps extends MtxOptions {
  codecs: Codecs;
  /** Where its rows are kept, under `name`, which says which files they are of. */
  rows: RowsPlace;
  name: string;
}

/**
 * AnnData over matrix.mtx with its barcodes and features (Cell Ranger 3) or genes (2), gzipped or not: the matrix is turned into rows once
 * and found again by its name. Names and columns as `tenXView` gives them. Closing closes `set`. Rejects with a WorkbookError of domain "file", as `mtxToRows` does, or
 * "matrix-market" where names and matrix have other lengths.
 * Source: 10x Genomics, "Feature-Barcode Matrices, MEX format".
 */
export async function openMtx(set: FileSet, files: MtxFiles, deps: MtxDeps): Promise<H5Reader> {
  const {codecs, rows, name} = deps;
  const barcodes = readTable(set, files.barcodes, codecs).map(([barcode]) => barcode);
  const features = readTable(set, files.features, codecs);
  const kept = await rows.find(name);
  const found = kept === null ? null : rowsShape(kept);
  const file =
    found !== null
      ? kept!
      : await mtxToRows(
          {
            name: files.matrix,
            pieces: () => contentOf(set, files.matrix, codecs),
            hasCellsInRows: ({nRows, nCols}) => {
              if (nRows === features.length && nCols === barcodes.length) return false;
              if (nRows === barcodes.length && nCols === features.length) return true;
              throw otherLengths(set.name, [nRows, nCols], features.length, barcodes.length);
            },
            create: (byteLength) => rows.create(name, byteLength)
          },
          deps
        );
  const matrix = rowsMatrix(file, found ?? rowsShape(file)!);
  return virtualReader(
    {
      name: set.name,
      byteLength: set.byteLength,
      format: {
        words: `Matrix Market of 10x Genomics (${files.isGenes ? "Cell Ranger 2" : "Cell Ranger 3 or later"}), ${files.matrix}`,
        isAnnData: false
      },
      close: () => (file.close(), set.close())
    },
    virtualGroup({"encoding-type": "anndata"}, [
      ["X", matrix],
      ["obs", virtualTable(textData(barcodes), [])],
      ["var", featureTable(features)]
    ])
  );
}

/** Names as index, ids and types beside them; where lines have one value only, it is the index. */
function featureTable(features: string[][]) {
  const column = (i: number) => textData(features.map((line) => line[i] ?? ""));
  const width = Math.min(...features.map(({length}) => length), 3);
  const columns: [string, VirtualData][] = [
    ...(width >= 2 ? [["gene_ids", column(0)] satisfies [string, VirtualData]] : []),
    ...(width >= 3 ? [["feature_types", column(2)] satisfies [string, VirtualData]] : [])
  ];
  return virtualTable(column(width >= 2 ? 1 : 0), columns);
}

/** The lines of a table of tabs, without the empty one at the end. */
function readTable(set: FileSet, path: string, codecs: Codecs): string[][] {
  const decoder = new TextDecoder();
  let text = "";
  for (const piece of contentOf(set, path, codecs)) text += decoder.decode(piece, {stream: true});
  const lines = (text + decoder.decode()).split(/\r?\n/);
  while (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.split("\t"));
}

/** A file's bytes, unpacked where its first bytes say that it is gzipped, whatever its name. */
function* contentOf(set: FileSet, path: string, codecs: Codecs): Generator<Uint8Array> {
  const pieces = set.pieces(path)[Symbol.iterator]();
  const first = pieces.next();
  if (first.done === true) return;
  const all = from(first.value, pieces);
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  try {
    yield* isGzip ? gunzipChecked(all, codecs) : all;
  } catch (error) {
    throw isWorkbookError(error) ? error : damagedPart(set.name, path, `${path} cannot be unpacked`, error);
  }
}

function* from(first: Uint8Array, rest: Iterator<Uint8Array>): Generator<Uint8Array> {
  yield first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}

function otherLengths(name: string, shape: number[], features: number, barcodes: number): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "matrix-market",
    fault: `the matrix of ${name} is ${shape.join(" x ")}, beside ${features} features and ${barcodes} barcodes`,
    remedy: "put matrix, features and barcodes of one output together; they are of different ones"
  });
}
