import {basename} from "node:path";
import type {IntegrationScores} from "../../core/integration/integration-scores.js";
import {misleadingSilhouettes, publishedScores, publishedSource} from "../../core/integration/published-scores.js";
import {scoreCells, type ScoredCellSpaces} from "../../core/pipeline/score-cells.js";
import {readEmbeddings, type Embeddings} from "../../core/tables/embeddings.js";
import {matchCells} from "../../core/tables/match-cells.js";
import {louvain} from "../louvain.js";
import {integerOption, type Invocation} from "./arguments.js";
import {cellsPlaces} from "./cells-places.js";
import type {CommandContext} from "./context.js";
import {countsOf, withCellsFile, type CellsFile} from "./counts-file.js";
import {columnGroups} from "./groups-of.js";
import {readTable} from "./read-table.js";

/** What was scored: the same cells in three spaces, and the matrix that components are of. */
interface Scored extends ScoredCellSpaces {
  matrix: string;
}

/** `score TABLE --labels NAME --cells FILE`, with --join of several files, with commas: scIB's metrics of embeddings, of components of the same counts, and of the labels themselves. */
export async function runScore(invocation: Invocation, context: CommandContext): Promise<void> {
  const {command, argument, options} = invocation;
  const files = options["join"] ? options["cells"].split(",") : [options["cells"]];
  const place = cellsPlaces({command, files, options});
  const most = integerOption(options, "sample", 10_000, 100, 1_000_000);
  const cells = readEmbeddings(await readTable(argument));
  const scored = await withCellsFile(place, context.signal, (file) =>
    scoreFile(file, {name: basename(argument), cells, most}, options, context)
  );
  if (options["json"]) {
    const published = {source: publishedSource, means: publishedScores};
    return context.print(
      JSON.stringify({file: basename(argument), ...scored, silhouettes: misleadingSilhouettes, published})
    );
  }
  context.print(scoreText(basename(argument), scored));
}

async function scoreFile(
  {anndata}: CellsFile,
  {name, cells, most}: {name: string; cells: Embeddings; most: number},
  options: Record<string, string>,
  {signal, progress}: CommandContext
): Promise<Scored> {
  const labels = columnGroups(anndata, options["labels"]).codes;
  const batches = options["batches"] === undefined ? null : columnGroups(anndata, options["batches"]).codes;
  const rowOf = matchCells({name, cellIds: cells.cellIds}, {name: anndata.name, cellIds: anndata.obsNames()});
  const {matrix} = await countsOf(anndata, options, signal);
  const {vectors, width} = cells;
  const rows = cells.index.map((place) => rowOf[place]);
  const scored = await scoreCells(
    {anndata, matrix: matrix.name, rows, vectors, width, labels, batches},
    {
      most,
      finder: louvain,
      signal,
      onProgress: (share) => progress.update("score, percent", Math.round(100 * share), 100)
    }
  );
  return {...scored, matrix: matrix.name};
}

const lines: [key: keyof IntegrationScores, words: string][] = [
  ["nmi", "NMI of the best clusters"],
  ["ari", "ARI of the best clusters"],
  ["graphConnectivity", "graph connectivity"],
  ["clisi", "cLISI (labels pure)"],
  ["ilisi", "iLISI (batches mixed)"],
  ["cilisi", "CiLISI, within labels"],
  ["kbet", "kBET acceptance"],
  ["batchVariance", "variance by batch (low is good)"],
  ["silhouetteLabel", "silhouette of labels *"],
  ["silhouetteBatch", "silhouette of batches *"]
];

function scoreText(name: string, {cells, leftOut, labels, batches, spaces, pcr}: Scored): string {
  const three = [spaces.embeddings, spaces.components, spaces.labels];
  const row = (words: string, values: readonly (number | null)[]) =>
    `  ${words.padEnd(33)}${values.map((value) => (value === null ? "" : value.toFixed(3)).padStart(14)).join("")}`;
  const known = lines.filter(([key]) => spaces.embeddings[key] !== null);
  const usual = publishedScores.map(
    ({method, nmi, ari, ilisi, kbet}) => `  ${method}: NMI ${nmi}, ARI ${ari}, iLISI ${ilisi}, kBET ${kbet}`
  );
  return [
    `${name}: ${cells} cells, ${labels} labels${batches === null ? "" : `, ${batches} batches`}${leftOut === 0 ? "" : `; ${leftOut} left out`}`,
    `  ${"".padEnd(33)}${["embeddings", "components", "labels alone"].map((word) => word.padStart(14)).join("")}`,
    ...known.map(([key, words]) =>
      row(
        words,
        three.map((scores) => scores[key])
      )
    ),
    ...(pcr === null ? [] : [`  PCR, against components: ${pcr.toFixed(3)}`]),
    `  The best clusters are those of 20 resolutions that fit the labels best, as in scIB: optimistic.`,
    `  * ${misleadingSilhouettes}`,
    `Published (${publishedSource}):`,
    ...usual
  ].join("\n");
}
