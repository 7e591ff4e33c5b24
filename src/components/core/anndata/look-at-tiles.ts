import type {AnnData} from "./anndata.js";
import type {H5DatasetNode} from "./h5-reader.js";
import type {EvidenceGatherer} from "./matrix-evidence.js";
import type {MatrixInfo} from "./matrix-info.js";
import {readNumbers} from "./values.js";

/** Values that are looked at, about. */
const wantedValues = 2_000_000;
/** Bytes of chunks that are unpacked for it, about; at least two chunks are. */
const touchedBytes = 128 * 1024 * 1024;

/**
 * Looks at whole chunks of a dense matrix that is stored gene by gene, spread evenly over it: rows of such a matrix, however few,
 * take every chunk. Sums of cells are not known then. Throws what the reader throws, and the signal's reason.
 */
export function lookAtTiles(
  anndata: AnnData,
  info: MatrixInfo,
  gatherer: EvidenceGatherer,
  signal?: AbortSignal
): void {
  const {reader} = anndata;
  const {kindOf} = anndata.features(info.genes);
  const {chunks, dtype} = reader.node(info.place) as H5DatasetNode;
  const [height, width] = [Math.min(chunks![0], info.nRows), Math.min(chunks![1], info.storedCols)];
  const across = Math.ceil(info.storedCols / width);
  const all = across * Math.ceil(info.nRows / height);
  const most = Math.floor(touchedBytes / (height * width * dtype.size));
  const looks = Math.min(all, Math.max(2, Math.min(most, Math.ceil(wantedValues / (height * width)))));
  const bands = new Set<number>();
  for (let t = 0; t < looks; t++) {
    signal?.throwIfAborted();
    const tile = looks === 1 ? 0 : Math.round(((all - 1) * t) / (looks - 1));
    const [row, column] = [Math.floor(tile / across) * height, (tile % across) * width];
    const [rowStop, columnStop] = [Math.min(info.nRows, row + height), Math.min(info.storedCols, column + width)];
    const values = readNumbers(reader, info.place, [
      [row, rowStop],
      [column, columnStop]
    ]);
    for (let k = 0; k < values.length; k++) {
      const value = Number(values[k]);
      if (value === 0) continue;
      const at = column + (k % (columnStop - column));
      const kind = kindOf?.[at] ?? -1;
      if (kind >= 0) gatherer.addLeftOut(kind, value);
      else gatherer.add(row + Math.floor(k / (columnStop - column)), at, value);
    }
    let genes = 0;
    for (let at = column; at < columnStop; at++) genes += Number((kindOf?.[at] ?? -1) < 0);
    gatherer.addPlaces((rowStop - row) * genes);
    if (!bands.has(row)) gatherer.rowsExamined += rowStop - row;
    bands.add(row);
  }
}
