import {basename} from "node:path";
import type {Table} from "apache-arrow";
import type {ArrayToAdd} from "../../adapters/h5wasm-write.js";
import {matchCells} from "../../core/tables/match-cells.js";
import {provenanceKey, readProvenance} from "../../core/tables/provenance.js";
import {readFullText} from "../../core/tables/read-columns.js";
import {readUmap} from "../../core/tables/umap.js";
import {vectorRows} from "../../core/tables/vector-rows.js";
import {h5adPlace, writeH5ad} from "../node-h5ad.js";
import {openNodeSource, type NodeSource} from "../node-source.js";
import {software} from "../software.js";
import {usage} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {requireThisFile, type Exported, type Results} from "./results.js";

/** Writes an h5ad with the vectors in obsm: a copy of `--into`, or names of cells alone. Cells without a vector are NaN. */
export async function exportH5ad(
  results: Results,
  options: Record<string, string>,
  {progress}: CommandContext
): Promise<Exported> {
  const {out, into, "other-file": other} = options;
  const key = options["key"] ?? "X_uce";
  if (!/^[A-Za-z]\w*$/.test(key))
    throw usage("bad-option", `--key cannot be "${key}"`, "use letters, digits and _, for example X_uce2");
  const arrays = results.map === undefined ? [key] : [key, `${key}_umap`];
  const texts = key.replace(/^X_/, "");
  const cellIds = readFullText(results.embeddings, "cell_id");
  let source: NodeSource | undefined;
  try {
    source = into === undefined ? undefined : await openNodeSource(into);
    if (source !== undefined && other === undefined) requireThisFile(results, into, source.identity);
    const place = into === undefined ? {root: "", obsNames: cellIds} : await h5adPlace(into, {arrays, texts});
    const where = {name: basename(into ?? out), cellIds: place.obsNames};
    const places = matchCells(where, {name: results.name, cellIds});
    const {embeddings, map} = results;
    const added = [
      vectorsOf(key, embeddings, places),
      ...(map === undefined ? [] : [coordinatesOf(arrays[1], map, places)])
    ];
    const unmatched = places.filter((at) => at < 0).length;
    const without = places.filter((at) => at < 0 || !hasVector(embeddings, at)).length;
    tell(
      where.name,
      {cells: places.length, unmatched, without, absent: cellIds.length - places.length + unmatched},
      results.name,
      progress.note
    );
    await writeH5ad(
      out,
      into ?? null,
      {root: place.root, nObs: places.length, arrays: added, texts: {name: texts, values: textsOf(results)}},
      place.obsNames,
      source?.requireUnchanged
    );
    return {cells: places.length, without, columns: [...arrays.map((name) => `obsm/${name}`), `uns/${texts}`]};
  } finally {
    await source?.close();
  }
}

function hasVector(embeddings: Table, at: number): boolean {
  return embeddings.getChild("embedding")!.isValid(at);
}

function tell(
  file: string,
  {cells, unmatched, without, absent}: {cells: number; unmatched: number; without: number; absent: number},
  table: string,
  note: (text: string) => void
): void {
  if (without > 0) {
    const kinds = [
      unmatched > 0 && `${unmatched} not in ${table}`,
      without > unmatched && `${without - unmatched} without usable counts`
    ];
    const why = kinds.filter(Boolean).join(", ");
    note(`${file}: ${without} of ${cells} cells have no vector (${why}): NaN stands in their rows`);
  }
  if (absent > 0) note(`${table}: ${absent} of its cells are not in ${file} and are left out`);
}

/** The vectors at `places` of the table, NaN at -1 and where a cell has none. */
function vectorsOf(name: string, embeddings: Table, places: Int32Array): ArrayToAdd {
  const {width, at} = vectorRows(embeddings);
  return {name, width, rows: (from, to) => gather(places.subarray(from, to), width, at)};
}

function coordinatesOf(name: string, map: Table, places: Int32Array): ArrayToAdd {
  const {positions, index} = readUmap(map);
  const order = new Int32Array(map.numRows).fill(-1);
  index.forEach((row, i) => (order[row] = i));
  const at = (row: number) => (order[row] < 0 ? null : positions.subarray(2 * order[row], 2 * order[row] + 2));
  return {name, width: 2, rows: (from, to) => gather(places.subarray(from, to), 2, at)};
}

function gather(places: Int32Array, width: number, at: (place: number) => Float32Array | null): Float32Array {
  const values = new Float32Array(places.length * width).fill(NaN);
  places.forEach((place, i) => {
    const found = place < 0 ? null : at(place);
    if (found !== null) values.set(found, i * width);
  });
  return values;
}

/** What made the vectors, as texts: Python reads them with json.loads(adata.uns["uce"]["provenance"]). */
function textsOf({embeddings, map}: Results): Record<string, string> {
  const before = readProvenance(embeddings);
  const {metadata} = embeddings.schema;
  return {
    written_by: `${software.name} ${software.version}`,
    ...(before === null ? {} : {provenance: metadata.get(provenanceKey)!}),
    ...(before?.model === undefined ? {} : {model: before.model.name, model_hash: before.model.hash}),
    ...(before === null ? {} : {source: before.source.name, source_identity: before.source.identity}),
    ...(map === undefined || readProvenance(map) === null
      ? {}
      : {umap_provenance: map.schema.metadata.get(provenanceKey)!})
  };
}
