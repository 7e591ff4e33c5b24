import {isWorkbookError} from "../errors.js";
import type {AnnData} from "./anndata.js";
import {columnAsText, type Column, type ColumnInfo} from "./column.js";
import type {Features, LeftOutFeatures} from "./features.js";
import {WorkbookError} from "../errors.js";

/** The genes of several files. */
export interface JoinedGenes {
  /** Union by name, in the order of the first file that has each. A name that a file repeats is there as often. */
  names: string[];
  /** For each file the place in `names` of each of its genes. */
  columnsOf: Int32Array[];
  features: Features;
  /** Columns of text that all files have: what says which symbol a gene has. */
  infos: ColumnInfo[];
  column(name: string): Column;
}

/** Joins the genes of `axis` of several files by name. A column has the value of the first file that has the gene. Throws what the files throw. */
export function joinGenes(files: readonly AnnData[], axis: "var" | "raw/var"): JoinedGenes {
  const places = new Map<string, number>();
  const names: string[] = [];
  const columnsOf = files.map((file) => {
    const times = new Map<string, number>();
    return Int32Array.from(file.varNames(axis), (name) => {
      const time = (times.get(name) ?? 0) + 1;
      times.set(name, time);
      const key = `${time} ${name}`;
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, names.length);
      return names.push(name) - 1;
    });
  });
  const isText = ({kind}: ColumnInfo) => kind === "string" || kind === "categorical";
  const infos = files[0]
    .columns(axis)
    .filter((info) => files.every((file) => file.columns(axis).some((c) => c.name === info.name && isText(c))))
    .map(({name}): ColumnInfo => ({name, kind: "string", dtype: "str"}));
  return {
    names,
    columnsOf,
    infos,
    features: joinFeatures(
      files.map((file) => file.features(axis)),
      names.length
    ),
    column(name) {
      if (!infos.some((info) => info.name === name)) throw noColumn(name, axis);
      const values = new Array<string | null>(names.length).fill(null);
      files.forEach((file, i) => {
        const own = textOf(file, axis, name);
        columnsOf[i].forEach((place, gene) => (values[place] ??= own[gene]));
      });
      return {kind: "string", values};
    }
  };
}

function textOf(file: AnnData, axis: "var" | "raw/var", name: string): (string | null)[] {
  try {
    return columnAsText(file.column(axis, name));
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    return file.varNames(axis).map(() => null);
  }
}

/** All joined columns are genes, since each file leaves the others out; what is left out is told together. */
function joinFeatures(all: readonly Features[], total: number): Features {
  const leftOut = new Map<string, LeftOutFeatures>();
  for (const {type, count} of all.flatMap((features) => features.leftOut)) {
    leftOut.set(type, {type, count: Math.max(count, leftOut.get(type)?.count ?? 0)});
  }
  return {
    total,
    genes: null,
    leftOut: [...leftOut.values()],
    kindOf: null,
    source: all.find(({source}) => source !== null)?.source ?? null,
    fault: all.find(({fault}) => fault !== null)?.fault ?? null
  };
}

function noColumn(name: string, axis: string): WorkbookError {
  const fault = `not all files have a column ${name} of text in ${axis}`;
  return new WorkbookError({domain: "anndata", code: "no-column", fault, remedy: "choose another column"});
}
