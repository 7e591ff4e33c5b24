import {unknownSource} from "./source-errors.js";

/** Paths of a matrix in Matrix Market form and its names. */
export interface MtxFiles {
  matrix: string;
  barcodes: string;
  features: string;
  /** True where the features are genes.tsv, as before Cell Ranger 3. */
  isGenes: boolean;
}

/** A matrix: what stands before "matrix.mtx" (folder and sample), and its packing. */
const matrixName = /^(.*?)matrix\.mtx(\.gz)?$/i;
const anyMatrix = /\.mtx(\.gz)?$/i;

/**
 * The one matrix in Matrix Market form among `paths` of the folder or archive `name`: matrix.mtx with barcodes.tsv and features.tsv or genes.tsv beside it, each perhaps
 * gzipped, and perhaps with a sample's name before ("GSM1_matrix.mtx.gz"). Of raw and filtered matrices the filtered one. null where there
 * is no .mtx. Throws a WorkbookError (domain "file", code "unknown-source") where names are missing or several matrices are there.
 */
export function findMtx(paths: readonly string[], name: string): MtxFiles | null {
  const found = paths.filter((path) => anyMatrix.test(path));
  if (found.length === 0) return null;
  const whole = found.flatMap((matrix) => filesBeside(matrix, paths) ?? []);
  if (whole.length === 0) throw withoutNames(name, found[0]);
  const filtered = whole.find(({matrix}) => whole.every((other) => isRawOf(other.matrix, matrix)));
  if (filtered !== undefined) return filtered;
  const listed = whole.map(({matrix}) => matrix);
  throw unknownSource(
    name,
    `a folder of ${whole.length} matrices (${listed.slice(0, 4).join(", ")}${listed.length > 4 ? ", ..." : ""})`,
    "give the folder of one of them, or the three files of one: matrix, barcodes and features"
  );
}

/** True of the matrix itself, and of one that differs from it by "raw" in the place of "filtered". */
function isRawOf(other: string, matrix: string): boolean {
  return other === matrix || other.replace(/raw/i, "filtered") === matrix;
}

function filesBeside(matrix: string, paths: readonly string[]): MtxFiles | null {
  // A matrix of any name has the three files alone in its folder; one called matrix.mtx shares what stands before.
  const start = matrixName.exec(matrix)?.[1] ?? matrix.slice(0, matrix.lastIndexOf("/") + 1);
  const find = (name: string) =>
    [`${start}${name}.tsv.gz`, `${start}${name}.tsv`].find((path) => paths.includes(path)) ?? null;
  const barcodes = find("barcodes");
  const features = find("features");
  const genes = features ?? find("genes");
  return barcodes === null || genes === null ? null : {matrix, barcodes, features: genes, isGenes: features === null};
}

function withoutNames(name: string, matrix: string) {
  return unknownSource(
    name,
    `a matrix (${matrix}) without names of its cells and genes`,
    "put barcodes.tsv and features.tsv (or genes.tsv), gzipped or not, beside it, and give the folder or all three files"
  );
}
