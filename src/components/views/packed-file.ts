import {packHead} from "../core/sources/packed-files.js";

/** A file and its path within what was picked or dropped ("folder/matrix.mtx.gz"). */
export interface PickedPart {
  path: string;
  file: File;
}

/**
 * The files of a folder, or several of one source, as the one file that `packHead` describes; nothing is copied. It is called after the folder
 * that holds them all; else after the matrix among them; else after the first. A folder and its files alone are the same, as Node sees them.
 */
export function packedFile(parts: readonly PickedPart[]): File {
  const kept = parts.filter(({path}) => !path.endsWith(".DS_Store"));
  const folder = folderOfAll(kept.map(({path}) => path));
  const cut = folder === "" ? 0 : folder.length + 1;
  const files = kept.map(({path, file}) => ({path: path.slice(cut), byteLength: file.size, file}));
  const {head, order} = packHead(files);
  return new File([head, ...order.map((i) => files[i].file)], nameOf(folder, files), {type: packedType});
}

const packedType = "application/x-uce-workbook-files";

/** True of files that were put together here: they lie at no one place that a browser could remember. */
export const isPackedFile = ({type}: Blob): boolean => type === packedType;

/** The first folder of all paths, if it is one. */
function folderOfAll(paths: string[]): string {
  const firsts = new Set(paths.map((path) => (path.includes("/") ? path.slice(0, path.indexOf("/")) : "")));
  return firsts.size === 1 ? [...firsts][0] : "";
}

function nameOf(folder: string, files: readonly {path: string}[]): string {
  if (folder !== "") return folder;
  const matrix = files.find((file) => isMatrixMarket(file.path));
  // Several samples: each by its name.
  if (matrix === undefined && files.length > 1) {
    const names = files.map(({path}) => path.replace(/\.[^.]*$/, "")).sort();
    return names.length > 3 ? `${names.slice(0, 3).join(" + ")} + ${names.length - 3} more` : names.join(" + ");
  }
  const {path} = matrix ?? files[0] ?? {path: "nothing"};
  return path.replace(/\.mtx(\.gz)?$/i, "");
}

/** True of the name of a matrix in Matrix Market form. */
export const isMatrixMarket = (name: string): boolean => /\.mtx(\.gz)?$/i.test(name);
