import type {Inspection} from "../core/anndata/inspect.js";
import type {OpenedFile} from "../runtime/browser/protocol.js";
import type {MatrixRow} from "../views/matrix-picker.js";

/** The matrices of a file as the picker shows them. */
export function matrixRows({matrices}: Inspection): MatrixRow[] {
  return matrices.map(({evidence, ...info}) => ({
    info: {...info, place: `/${info.name}`},
    candidate: evidence === null && info.fault === null ? null : {name: info.name, evidence, fault: info.fault, faultCode: null}
  }));
}

/** obs columns that cells can be spread over: 2 to 200 groups. */
export function stratifiable({obs}: OpenedFile): {name: string; groups: number}[] {
  return obs
    .map((column) => ({name: column.name, groups: column.kind === "categorical" ? column.categories.length : column.kind === "text" ? new Set(column.values).size : 0}))
    .filter(({groups}) => groups >= 2 && groups <= 200);
}

/** A group number a cell for the column `name`; undefined if it has no groups. */
export function groupsOf({obs}: OpenedFile, name: string): ArrayLike<number> | undefined {
  const column = obs.find((candidate) => candidate.name === name);
  if (column?.kind === "categorical") return column.codes;
  if (column?.kind !== "text") return undefined;
  const numbers = new Map<string | null, number>();
  return column.values.map((value) => numbers.get(value) ?? (numbers.set(value, numbers.size), numbers.size - 1));
}
