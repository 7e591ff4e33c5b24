import type {Table} from "apache-arrow";
import {readEmbeddings} from "../tables/embeddings.js";
import {readProvenance} from "../tables/provenance.js";
import {readFloat32, readText, readValidity} from "../tables/read-columns.js";
import type {LabeledCells} from "./labeled-cells.js";

/** Columns of an embeddings table that are no labels. */
const own = new Set(["row", "cell_id", "status", "n_tokens", "embedding", "x", "y"]);

/** The cells of an Arrow table of embeddings, with columns as `export --obs` adds them. Throws a WorkbookError of domain "table" if it is none. */
export function cellsOfTable(table: Table, name: string): LabeledCells {
  const {vectors, width, index, rows} = readEmbeddings(table);
  const all = new Float32Array(rows.length * width).fill(NaN);
  index.forEach((place, i) => all.set(vectors.subarray(i * width, (i + 1) * width), place * width));
  const provenance = readProvenance(table);
  const fields = table.schema.fields.map((field) => String(field.name)).filter((field) => !own.has(field));
  const isText = (field: string) => /Utf8/.test(String(table.getChild(field)!.type));
  const places = new Map(fields.filter(isText).map((field) => [field.replace(/^obs:/, ""), field]));
  return {
    name,
    vectors: all,
    width,
    model: provenance?.model === undefined ? null : {name: provenance.model.name, hash: provenance.model.hash},
    map: table.getChild("x") === null || table.getChild("y") === null ? null : positions(table),
    provenance,
    columns: [...places.keys()],
    texts: (column) => readText(table, places.get(column)!)
  };
}

function positions(table: Table): Float32Array {
  const [x, y, valid] = [readFloat32(table, "x"), readFloat32(table, "y"), readValidity(table, "x")];
  return Float32Array.from({length: 2 * x.length}, (_, i) => {
    if (valid !== undefined && valid[i >> 1] === 0) return NaN;
    return (i & 1) === 0 ? x[i >> 1] : y[i >> 1];
  });
}
