import {WorkbookError} from "../errors.js";
import type {AnnData, JoinedFile} from "./anndata.js";
import type {H5Reader} from "./h5-reader.js";
import {joinColumns, type JoinedColumns} from "./join-columns.js";
import {joinGenes, type JoinedGenes} from "./join-genes.js";
import type {MatrixInfo} from "./matrix-info.js";
import {recoveredFrom} from "./recovered-matrix.js";

/**
 * Several files as one data set: the cells of each behind those of the file before. Genes are the union by name, in the order of the first file that has
 * them; matrices are those that all files have; columns of obs are joined, missing where a file lacks them, and a column `file` says which file a
 * cell is of. Where two files share a name of a cell, all names get their file's label. Maps are left out, since those of different files have no common
 * space. Closing it closes the files. Throws a WorkbookError of domain "usage", code "one-file", for fewer than two files.
 */
export function joinAnnData(files: readonly AnnData[]): AnnData {
  if (files.length < 2) {
    const fault = `${files.length} file${files.length === 1 ? "" : "s"} cannot be joined`;
    throw new WorkbookError({domain: "usage", code: "one-file", fault, remedy: "give two files or more"});
  }
  const labels = labelsOf(files);
  let nObs = 0;
  const parts = files.map((anndata, i): JoinedFile => {
    const first = nObs;
    nObs += anndata.nObs;
    return {anndata, label: labels[i], first};
  });
  const genes = new Map<"var" | "raw/var", JoinedGenes>();
  const genesOf = (axis: "var" | "raw/var"): JoinedGenes => {
    const known = genes.get(axis) ?? joinGenes(files, axis);
    genes.set(axis, known);
    return known;
  };
  let columns: JoinedColumns | null = null;
  const obs = (): JoinedColumns => (columns ??= joinColumns(parts));
  const matrices = commonMatrices(files, nObs, (axis) => genesOf(axis).names.length);
  const name = `${labels.slice(0, 3).join(" + ")}${labels.length > 3 ? ` + ${labels.length - 3} more` : ""}`;
  const reader = nothingBut(name, files);
  let names: string[] | null = null;

  return {
    reader,
    name,
    nObs,
    nVar: genesOf("var").names.length,
    layout: `${files.length} files: ${[...new Set(files.map(({layout}) => layout))].join("; ")}`,
    modality: null,
    files: parts,
    get fileColumn() {
      return obs().file;
    },
    matrices,
    obsm: [],
    faults: () =>
      parts.flatMap(({anndata, label}) =>
        anndata.faults().map((fault) => ({...fault, what: `${fault.what} in ${label}`}))
      ),
    obsNames: () => (names ??= uniqueNames(parts)),
    varNames: (axis = "var") => genesOf(axis).names,
    columns: (axis) => (axis === "obs" ? obs().infos : genesOf(axis).infos),
    column: (axis, column) => (axis === "obs" ? obs().column(column) : genesOf(axis).column(column)),
    features: (axis) => genesOf(axis).features,
    matrix: (wanted) => findMatrix(name, matrices, wanted),
    readObsm(wanted) {
      const fault = `${name} has no array ${wanted}: arrays of obsm are not joined`;
      throw new WorkbookError({domain: "anndata", code: "no-obsm", fault, remedy: "open one of the files alone"});
    },
    columnsOfFile: (file, axis) => genesOf(axis).columnsOf[file],
    close: () => files.forEach((anndata) => anndata.close())
  };
}

/** File names without ending; a second of one name is called "name (2)". */
function labelsOf(files: readonly AnnData[]): string[] {
  const seen = new Map<string, number>();
  return files.map(({name}) => {
    const plain = name.replace(/\.(h5ad|h5mu|h5|hdf5|zip|zarr)$/i, "");
    const times = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, times);
    return times === 1 ? plain : `${plain} (${times})`;
  });
}

function uniqueNames(parts: readonly JoinedFile[]): string[] {
  const owner = new Map<string, number>();
  let shared = false;
  const all = parts.map(({anndata}, file) =>
    anndata.obsNames().map((name) => {
      const before = owner.get(name);
      if (before !== undefined && before !== file) shared = true;
      owner.set(name, file);
      return name;
    })
  );
  return all.flatMap((names, i) => (shared ? names.map((name) => `${name}-${parts[i].label}`) : names));
}

function commonMatrices(
  files: readonly AnnData[],
  nRows: number,
  widthOf: (axis: "var" | "raw/var") => number
): MatrixInfo[] {
  const [first, ...others] = files;
  return first.matrices.flatMap((info) => {
    const same = others.map((file) => file.matrices.find(({name}) => name === info.name));
    const all = [info, ...same];
    if (!all.every((one) => one !== undefined)) return [];
    const damaged = all.find(({fault}) => fault !== null);
    const width = widthOf(info.genes);
    const joined: MatrixInfo = {
      ...info,
      encoding: "csr",
      nRows,
      nCols: width,
      storedCols: width,
      stored: all.reduce((sum, {stored}) => sum + stored, 0),
      compression: [...new Set(all.flatMap(({compression}) => compression))],
      dtype: all.every(({dtype}) => dtype === info.dtype) ? info.dtype : "float64"
    };
    return [damaged === undefined ? joined : {...joined, fault: damaged.fault, cause: damaged.cause}];
  });
}

function findMatrix(name: string, matrices: readonly MatrixInfo[], wanted: string): MatrixInfo {
  const recovered = recoveredFrom(wanted);
  if (recovered !== null) {
    return {...findMatrix(name, matrices, recovered.of), name: wanted, dtype: "float64", recovered};
  }
  const found = matrices.find((matrix) => matrix.name === wanted);
  if (found !== undefined && found.fault === null) return found;
  const others = matrices.filter(({fault}) => fault === null).map((matrix) => matrix.name);
  throw new WorkbookError({
    domain: "matrix",
    code: found === undefined ? "no-matrix" : "damaged-matrix",
    fault:
      found === undefined
        ? `not all files of ${name} have a matrix ${wanted}`
        : `matrix ${wanted} of one of ${name} cannot be read: ${found.fault}`,
    remedy: others.length === 0 ? "open the files one by one" : `choose one of ${others.join(", ")}`
  });
}

/** A reader of a file that is nowhere: the parts are read by their own. */
function nothingBut(name: string, files: readonly AnnData[]): H5Reader {
  return {
    name,
    byteLength: files.reduce((sum, {reader}) => sum + reader.byteLength, 0),
    node: (path) => (path === "/" ? {kind: "group", keys: []} : null),
    attributes: () => ({}),
    read: () => null,
    close: () => files.forEach((file) => file.close())
  };
}
