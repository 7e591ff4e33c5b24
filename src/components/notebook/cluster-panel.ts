import type {Table} from "apache-arrow";
import type {MadeColumns} from "../core/away/made-columns.js";
import type {ClusterFacts} from "../core/pipeline/cluster-embeddings.js";
import type {Answer} from "../core/stages/answer.js";
import type {Wish} from "../core/stages/stage.js";
import {answerFacts} from "../core/tables/answer-facts.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {readProvenance} from "../core/tables/provenance.js";
import {readInt32, readValidity} from "../core/tables/read-columns.js";
import {extend, h, send, setText} from "../views/dom.js";
import {formatCount, formatNumber} from "../views/format.js";
import {stabilityFigure} from "../views/stability-figure.js";
import {answerRun} from "./answer-run.js";
import type {ColorInput} from "./color-input.js";

/** Clusters of a file's cells as an input: its value is a column of all cells of the file and what made it, null before they are found. */
export type ClusterPanel = HTMLElement & {
  readonly value: MadeColumns | null;
  /** Finds clusters, unasked where there are few cells, and offers them as colors; what was found of another answer goes. */
  follow(clusters: Answer, how?: Wish & {colors?: ColorInput}): void;
};

/** Name of the clusters among the colors, and of their column where they are taken away. */
const clustersName = "cluster";
/** Clusters of no more cells than this are found unasked: seconds on two cores. */
const fewCells = 5000;

/** The panel: how many clusters, how they hold under other seeds and resolutions, and a button that colors the map by them. */
export function clusterPanel(): ClusterPanel {
  const run = answerRun({verb: "Find clusters"});
  const words = h("p", {class: "wb-small", role: "status"});
  const color = h("button", {type: "button", class: "wb-link", hidden: true}, "Color the map by cluster");
  const figure = stabilityFigure(null, "How far clusters hold under other seeds and resolutions is shown here.");
  const root = h("section", {class: "wb-card wb-clusters", "aria-label": "Clusters"}, run, words, color, figure);
  let value: MadeColumns | null = null;
  let address: string | null = null;

  function take(next: MadeColumns | null): void {
    if (next === value) return;
    value = next;
    color.hidden = value === null;
    send(root, "input");
  }

  function show(table: Table, cells: number): void {
    const facts = answerFacts<ClusterFacts>(table)!;
    setText(words, wordsOf(facts));
    figure.update(facts.stability);
    take({columns: [clusterColumn(table, cells)], texts: {cluster: madeBy(table)}});
  }

  // What happens in it is its own affair, but for other clusters.
  root.addEventListener("input", (event) => event.target !== root && event.stopPropagation());
  return extend(root, {
    get value() {
      return value;
    },
    follow(clusters: Answer, {colors, ...wish}: Wish & {colors?: ColorInput} = {}) {
      const {file} = clusters.parent;
      const cells = file.cellIds.length;
      if (address !== clusters.address) {
        colors?.offer(clustersName, null);
        take(null);
        setText(words, "");
        figure.update(null, "How far clusters hold under other seeds and resolutions is shown here.");
      }
      address = clusters.address;
      color.onclick = () => colors?.choose(`made:${clustersName}`);
      const how = {...wish, unasked: cells <= fewCells, doing: "Looking for clusters"};
      void run.ask(clusters, how).then((table) => {
        if (table === null || address !== clusters.address) return;
        show(table, cells);
        colors?.offer(clustersName, value?.columns[0] ?? null);
      });
    }
  });
}

/** A clusters table as a column of all `cells` of the file; cells without a cluster have no value. */
function clusterColumn(table: Table, cells: number): ObsColumn {
  const rows = readInt32(table, "row");
  const clusters = readInt32(table, "cluster");
  const valid = readValidity(table, "cluster");
  const codes = new Int32Array(cells).fill(-1);
  let most = -1;
  rows.forEach((row, i) => {
    if (valid?.[i] === 0) return;
    codes[row] = clusters[i];
    most = Math.max(most, clusters[i]);
  });
  const categories = Array.from({length: most + 1}, (_, cluster) => String(cluster));
  return {name: clustersName, kind: "categorical", codes, categories};
}

/** What made clusters, for where they are taken away: the method and its parameters as JSON. */
function madeBy(table: Table): string {
  const {clustering, resolution, neighbors, seed} = readProvenance(table)!.parameters;
  return JSON.stringify({clustering, resolution, neighbors, seed});
}

function wordsOf({sizes, clustered, resolution, loweredFrom}: ClusterFacts): string {
  const lowered =
    loweredFrom === null
      ? ""
      : ` ${formatNumber(loweredFrom)} would make more than 50: name it as the resolution if you want them.`;
  return `${formatCount(sizes.length, "cluster")} of ${formatCount(clustered, "cell")} at resolution ${formatNumber(resolution)}, of ${formatCount(sizes.at(-1)!, "cell")} to ${formatCount(sizes[0], "cell")}.${lowered}`;
}
