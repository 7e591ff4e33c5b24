/** Name of a file that results of `source` are taken away in: its stem, what it holds, the ending ("cells-uce.h5ad"). */
export function awayName(source: string, what: string, ending: string): string {
  const stem = source.replace(/\.(h5ad|h5mu|h5|hdf5)$/i, "").replace(/[^\p{L}\p{N}._-]+/gu, "-");
  return `${stem === "" ? "cells" : stem}-${what}.${ending}`;
}
