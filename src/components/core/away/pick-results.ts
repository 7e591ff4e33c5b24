import {embeddingsTable} from "../tables/embeddings.js";
import type {Provenance} from "../tables/provenance.js";
import {readProvenance} from "../tables/provenance.js";
import {readFullText, readInt32, readStatus} from "../tables/read-columns.js";
import {readUmap, umapTable} from "../tables/umap.js";
import {vectorRows} from "../tables/vector-rows.js";
import type {Results} from "./results.js";

/**
 * The same results for the cells that stand in the rows `wanted` of the file, in the results' order; wanted rows that the results lack are left
 * out. Throws a WorkbookError of domain "table" if a table is not what it should be.
 */
export function pickResults({name, embeddings, map, made}: Results, wanted: Int32Array): Results {
  const all = readInt32(embeddings, "row");
  const isWanted = new Set(wanted);
  const places = Int32Array.from(all.keys()).filter((place) => isWanted.has(all[place]));
  const [cellIds, status, nTokens] = [
    readFullText(embeddings, "cell_id"),
    readStatus(embeddings),
    readInt32(embeddings, "n_tokens")
  ];
  const {width, at} = vectorRows(embeddings);
  const vectors = new Float32Array(places.length * width);
  places.forEach((place, i) => {
    const vector = at(place);
    if (vector !== null) vectors.set(vector, i * width);
  });
  const own = {
    rows: places.map((place) => all[place]),
    cellIds: Array.from(places, (place) => cellIds[place]),
    status: Array.from(places, (place) => status[place]),
    nTokens: places.map((place) => nTokens[place]),
    vectors,
    width
  };
  const picked: Results = {name, embeddings: embeddingsTable(own, provenanceOf(embeddings)), ...(made && {made})};
  if (map !== undefined) picked.map = pickMap(map, places, own);
  return picked;
}

/** The map of an embeddings table has its cells in its order, so the same places are taken. */
function pickMap(
  map: NonNullable<Results["map"]>,
  places: Int32Array,
  {rows, cellIds}: {rows: Int32Array; cellIds: string[]}
): NonNullable<Results["map"]> {
  const {positions, index} = readUmap(map);
  const order = new Int32Array(map.numRows).fill(-1);
  index.forEach((place, i) => (order[place] = i));
  const placed = Int32Array.from(places.keys()).filter((i) => order[places[i]] >= 0);
  const picked = new Float32Array(2 * placed.length);
  placed.forEach((i, k) => {
    const at = 2 * order[places[i]];
    picked.set(positions.subarray(at, at + 2), 2 * k);
  });
  return umapTable({rows, cellIds, positions: picked, index: placed}, provenanceOf(map));
}

function provenanceOf(table: Results["embeddings"]): Provenance {
  return readProvenance(table)!;
}
