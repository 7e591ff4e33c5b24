import type {AnnData} from "../anndata/anndata.js";
import type {SeededCells} from "../cells/sampling-seeds.js";

/** The cells of a file, or of several files that are read as one, as seeds need them: each by its row and name in its own file. */
export function seededCells(anndata: AnnData): SeededCells {
  const {files, nObs: nCells} = anndata;
  if (files === undefined) return {nCells, names: () => anndata.obsNames()};
  return {
    nCells,
    files: files.map(({first, anndata: {nObs}}) => ({first, nCells: nObs})),
    names: () => files.flatMap((file) => file.anndata.obsNames())
  };
}
