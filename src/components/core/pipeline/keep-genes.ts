import {alignGenes} from "../cells/align.js";
import type {ModelGene} from "../types.js";
import type {PreparedCells} from "./prepare-cells.js";

/**
 * The same cells as in a file that has these genes only (columns of the matrix): no sentence holds another. Throws the WorkbookError "no-gene-in-common" if the model knows none of them.
 */
export function keepGenes(prepared: PreparedCells, columns: Int32Array, genes: readonly ModelGene[]): PreparedCells {
  const kept = new Set(columns);
  const {files, anndata, matrix} = prepared;
  return {
    ...withColumns(prepared, kept, genes),
    ...(files && {
      files: files.map((file) => {
        const place = anndata.files!.findIndex(({first}) => first === file.first);
        const columnOf = anndata.columnsOfFile!(place, matrix.genes);
        const own = new Set([...columnOf.keys()].filter((column) => kept.has(columnOf[column])));
        return {...file, prepared: withColumns(file.prepared, own, genes)};
      })
    })
  };
}

/** Names that match no gene keep the columns in their places. */
function withColumns(prepared: PreparedCells, kept: ReadonlySet<number>, genes: readonly ModelGene[]): PreparedCells {
  const {alignedOfColumn} = prepared.alignment;
  const names = prepared.names.names.map((name, column) =>
    kept.has(column) && alignedOfColumn[column] >= 0 ? name : ""
  );
  return {...prepared, alignment: alignGenes(names, genes)};
}
