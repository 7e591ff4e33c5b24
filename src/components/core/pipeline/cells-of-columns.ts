import {parseProvenance, provenanceKey} from "../tables/provenance.js";
import {withoutVectors, type LabeledCells} from "./labeled-cells.js";

/** A file's columns by name, a value a row (lists as arrays, null for none), and its metadata. */
export interface FileColumns {
  columns: ReadonlyMap<string, readonly unknown[]>;
  metadata: ReadonlyMap<string, string>;
}

/** The cells of columns as Parquet has them: `embedding` and labels. Throws the WorkbookError "no-vectors" where there are none. */
export function cellsOfColumns({columns, metadata}: FileColumns, name: string): LabeledCells {
  const found = (columns.get("embedding") ?? []) as readonly (ArrayLike<number> | null)[];
  const width = found.find((vector) => vector !== null)?.length ?? 0;
  if (width === 0) throw withoutVectors(name);
  const vectors = new Float32Array(found.length * width).fill(NaN);
  found.forEach((vector, i) => vector !== null && vectors.set(vector, i * width));
  const text = metadata.get(provenanceKey);
  const provenance = text === undefined ? null : parseProvenance(text);
  const isText = (values: readonly unknown[]) => values.every((value) => value === null || typeof value === "string");
  const labels = [...columns].filter(([key, values]) => key !== "cell_id" && key !== "status" && isText(values));
  const places = new Map(labels.map(([key, values]) => [key.replace(/^obs:/, ""), values]));
  const [x, y] = [columns.get("x"), columns.get("y")];
  const hasMap = x !== undefined && y !== undefined;
  return {
    name,
    vectors,
    width,
    model: provenance?.model === undefined ? null : {name: provenance.model.name, hash: provenance.model.hash},
    map: hasMap ? Float32Array.from({length: 2 * x.length}, (_, i) => Number((i & 1 ? y : x)[i >> 1] ?? NaN)) : null,
    provenance,
    columns: [...places.keys()],
    texts: (column) => places.get(column) as readonly (string | null)[]
  };
}
