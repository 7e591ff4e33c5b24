import type {CsrBlock} from "../types.js";
import type {AnnData} from "./anndata.js";
import {geneBlock} from "./gene-block.js";
import type {MatrixInfo} from "./matrix-info.js";
import {recoveredBlock} from "./recovered-matrix.js";
import {hasRoundedCounts} from "./has-rounded-counts.js";
import {roundedBlock} from "./rounded-block.js";
import {streamStored, type StreamOptions} from "./stream-stored.js";

/**
 * Streams rows of a matrix, in ascending order, as blocks of compressed sparse rows: columns ascending, entries that
 * stand twice added up, no zeros, genes alone (`AnnData.features`); NaN and negative values are handed on (describeMatrix
 * tells of them). Counts that were stored with noise are whole numbers (`roundedBlock`): a matrix of fractions is looked at for
 * that, once a file. Of a recovered matrix the counts, NaN throughout a cell that has none (`recoveredBlock`). Memory is
 * bounded by a block, of a csc matrix by `transposeBytes`; compressed files add a chunk. Throws a WorkbookError of
 * domain "anndata" ("damaged-matrix"), "file" (damaged or unknown compression) or "cells" ("bad-rows"), and the
 * signal's reason when aborted.
 */
export async function* streamRows(
  anndata: AnnData,
  matrix: MatrixInfo | string,
  options: StreamOptions = {}
): AsyncGenerator<CsrBlock> {
  const {recovered, name, genes} = anndata.matrix(typeof matrix === "string" ? matrix : matrix.name);
  const info = anndata.matrix(recovered?.of ?? name);
  const features = anndata.features(genes);
  const rounded = recovered === undefined && (await hasRoundedCounts(anndata, info, options.signal));
  for await (const stored of streamStored(anndata, info, options)) {
    const block = geneBlock(stored, features);
    yield recovered !== undefined ? recoveredBlock(block, recovered) : rounded ? roundedBlock(block) : block;
  }
}
