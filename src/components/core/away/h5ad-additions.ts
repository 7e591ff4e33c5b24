import type {Table} from "apache-arrow";
import {matchCells} from "../tables/match-cells.js";
import {provenanceKey, readProvenance} from "../tables/provenance.js";
import {readFullText, readInt32} from "../tables/read-columns.js";
import {readUmap} from "../tables/umap.js";
import {vectorRows} from "../tables/vector-rows.js";
import type {Additions, ArrayToAdd} from "./additions.js";
import {columnsToAdd} from "./columns-to-add.js";
import {oldLayout, type AddedNames, type H5adPlace} from "./h5ad-place.js";
import type {Results} from "./results.js";

/** Results as they are added to an h5ad. */
export interface MatchedResults {
  additions: Additions;
  /** Cells of the file without a vector: NaN stands in their rows. */
  without: number;
  /** What a person should know of how cells were matched, a sentence each. */
  notes: string[];
}

/**
 * The vectors and, where there is one, the map of some results as arrays for obsm of the file `name` whose cells `place` names, matched by
 * name, NaN where a cell has none; columns that were made of them for obs; and what made them as texts. Throws a WorkbookError of domain "table" as `matchCells` does, and "old-obsm" (domain "anndata") where
 * obs is one table of records and there are columns to add.
 */
export function h5adAdditions(
  {name: table, embeddings, map, made}: Results,
  {name, root, obsNames, obsColumns}: H5adPlace & {name: string},
  {arrays: [key, mapKey], texts}: AddedNames,
  software: {name: string; version: string}
): MatchedResults {
  const cellIds = readFullText(embeddings, "cell_id");
  const places = matchCells({name, cellIds: obsNames}, {name: table, cellIds});
  const hasVector = (at: number): boolean => at >= 0 && embeddings.getChild("embedding")!.isValid(at);
  const unmatched = places.filter((at) => at < 0).length;
  const without = places.filter((at) => !hasVector(at)).length;
  const absent = cellIds.length - places.length + unmatched;
  const notes: string[] = [];
  if (without > 0) {
    const kinds = [
      unmatched > 0 && `${unmatched} not in ${table}`,
      without > unmatched && `${without - unmatched} without usable counts`
    ];
    const why = kinds.filter(Boolean).join(", ");
    notes.push(`${name}: ${without} of ${places.length} cells have no vector (${why}): NaN stands in their rows`);
  }
  if (absent > 0) notes.push(`${table}: ${absent} of its cells are not in ${name} and are left out`);
  const added = [
    vectorsOf(key, embeddings, places),
    ...(map === undefined ? [] : [coordinatesOf(mapKey, map, places)])
  ];
  const values = {...textsOf({name: table, embeddings, map}, software), ...made?.texts};
  const rows = readInt32(embeddings, "row");
  const inFile = places.map((at) => (at < 0 ? -1 : rows[at]));
  const wanted = made?.columns ?? [];
  if (wanted.length > 0 && obsColumns === null) throw oldLayout(name, `${root}/obs`);
  const columns = columnsToAdd(wanted, inFile, obsColumns ?? []);
  return {additions: {root, nObs: places.length, arrays: added, columns, texts: {name: texts, values}}, without, notes};
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
function textsOf({embeddings, map}: Results, {name, version}: {name: string; version: string}): Record<string, string> {
  const before = readProvenance(embeddings);
  const {metadata} = embeddings.schema;
  return {
    written_by: `${name} ${version}`,
    ...(before === null ? {} : {provenance: metadata.get(provenanceKey)}),
    ...(before?.model === undefined ? {} : {model: before.model.name, model_hash: before.model.hash}),
    ...(before === null ? {} : {source: before.source.name, source_identity: before.source.identity}),
    ...(map === undefined || readProvenance(map) === null
      ? {}
      : {umap_provenance: map.schema.metadata.get(provenanceKey)})
  };
}
