import type {EmbeddingRows} from "../core/questions/embedding-rows.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {obsText} from "./cell-descriptions.js";
import {extend, h} from "./dom.js";
import {heatMap, type HeatMapData} from "./heat-map.js";

/** Some vectors, and how their cells are named and grouped. */
export interface EmbeddingHeatData extends EmbeddingRows {
  /** Names of all cells of the file, by row. */
  cellIds: readonly string[];
  /** Column that groups the cells; null for one group. */
  column: ObsColumn | null;
}

/** The figure; null shows `waiting`. */
export type EmbeddingHeat = HTMLElement & {
  update(data: EmbeddingHeatData | null, waiting?: string): void;
  dispose(): void;
};

/** Vectors as a heat map, ordered by group, with a box for whether the mean of each dimension over the run is taken away. */
export function embeddingHeat(): EmbeddingHeat {
  const heat = heatMap({
    title: "The embeddings",
    unit: "value of a dimension, no unit",
    caption:
      "A row is a cell, a column is a dimension of its vector. Cells are ordered by group, the largest first. Orange is above 0, blue below. The ends of the colors hold 98 % of all values."
  });
  const centered = h("input", {type: "checkbox", checked: true});
  const choice = h("label", {class: "wb-field"}, centered, "minus the mean of each dimension");
  let shown: EmbeddingHeatData | null = null;
  centered.addEventListener("input", (event) => event.stopPropagation());
  centered.addEventListener("change", () => {
    if (shown !== null) heat.update(heatData(shown, centered.checked));
  });
  return extend(h("div", {}, h("p", {class: "wb-fields"}, choice), heat), {
    update(data: EmbeddingHeatData | null, waiting = "") {
      shown = data;
      heat.update(data === null ? null : heatData(data, centered.checked), waiting);
    },
    dispose: () => heat.dispose()
  });
}

/** The vectors ordered by group, the largest first, each minus the run's mean if `centered`. */
function heatData({rows, vectors, width, means, cellIds, column}: EmbeddingHeatData, centered: boolean): HeatMapData {
  const label = (i: number): string => (column === null ? "all cells" : obsText(column, rows[i]));
  const members = new Map<string, number[]>();
  for (let i = 0; i < rows.length; ++i) {
    if (!members.has(label(i))) members.set(label(i), []);
    members.get(label(i))!.push(i);
  }
  const groups = [...members].sort(([a, some], [b, others]) => others.length - some.length || (a < b ? -1 : 1));
  const order = groups.flatMap(([, cells]) => cells);
  const values = new Float32Array(vectors.length);
  order.forEach((from, to) => {
    for (let j = 0; j < width; ++j) values[to * width + j] = vectors[from * width + j] - (centered ? means[j] : 0);
  });
  return {
    values,
    width,
    column: "dimension",
    row: "cell",
    groups: groups.map(([name, cells]) => ({label: name, size: cells.length})),
    name: (row) => `${cellIds[rows[order[row]]]} (${label(order[row])})`
  };
}
