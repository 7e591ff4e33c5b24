import {basename} from "node:path";
import {selectRows} from "../../core/cells/select-rows.js";
import {WorkbookError} from "../../core/errors.js";
import {integrationScores, type IntegrationScores} from "../../core/integration/integration-scores.js";
import {perfectSpace} from "../../core/integration/perfect-space.js";
import {publishedScores, publishedSource} from "../../core/integration/published-scores.js";
import {cellComponents} from "../../core/pipeline/cell-components.js";
import {readEmbeddings, type Embeddings} from "../../core/tables/embeddings.js";
import {matchCells} from "../../core/tables/match-cells.js";
import {pickVectors} from "../../core/vectors/pick-vectors.js";
import {louvain} from "../louvain.js";
import {integerOption, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {countsOf, withCellsFile, type CellsFile} from "./counts-file.js";
import {columnGroups} from "./groups-of.js";
import {readTable} from "./read-table.js";

/** What was scored: the same cells in three spaces. */
interface Scored {
  cells: number;
  /** Cells with a vector that were left out: without label or batch, or beyond the sample. */
  leftOut: number;
  labels: number;
  batches: number | null;
  matrix: string;
  spaces: Record<"embeddings" | "components" | "labels", IntegrationScores>;
  /** Share of the batches' variance in the components that the embeddings lack: scIB's PCR, 0 to 1; null without batches. */
  pcr: number | null;
}

/** `score TABLE --labels NAME --cells FILE`: scIB's metrics of embeddings, of components of the same counts, and of the labels themselves. */
export async function runScore({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const most = integerOption(options, "sample", 10_000, 100, 1_000_000);
  const cells = readEmbeddings(await readTable(argument));
  const scored = await withCellsFile(options["cells"], context.signal, (file) =>
    scoreFile(file, {name: basename(argument), cells, most}, options, context)
  );
  if (options["json"]) {
    const published = {source: publishedSource, means: publishedScores};
    return context.print(JSON.stringify({file: basename(argument), ...scored, silhouettes: misleading, published}));
  }
  context.print(scoreText(basename(argument), scored));
}

async function scoreFile(
  file: CellsFile,
  {name, cells, most}: {name: string; cells: Embeddings; most: number},
  options: Record<string, string>,
  {signal, progress}: CommandContext
): Promise<Scored> {
  const {anndata} = file;
  const labels = columnGroups(anndata, options["labels"]);
  const batches = options["batches"] === undefined ? null : columnGroups(anndata, options["batches"]);
  const rowOf = matchCells({name, cellIds: cells.cellIds}, {name: anndata.name, cellIds: anndata.obsNames()});
  const usable = [...cells.index.keys()]
    .map((place) => ({place, row: rowOf[cells.index[place]]}))
    .filter(({row}) => row >= 0 && labels.codes[row] >= 0 && (batches === null || batches.codes[row] >= 0))
    .sort((a, b) => a.row - b.row);
  if (usable.length < 20) throw tooFew(usable.length, anndata.name);
  const chosen = selectRows({mode: "random", n: most, seed: 0}, usable.length);
  const taken = chosen === null ? usable : Array.from(chosen, (i) => usable[i]);
  const rows = Int32Array.from(taken, ({row}) => row);
  const codes = {
    labels: fromZero(rows, labels.codes),
    batches: batches === null ? undefined : fromZero(rows, batches.codes)
  };
  const {matrix} = await countsOf(anndata, options, signal);
  const components = await cellComponents(anndata, matrix.name, rows, {signal});
  const spaces = {
    embeddings: {
      vectors: pickVectors(
        cells.vectors,
        cells.width,
        taken.map(({place}) => place)
      ),
      width: cells.width
    },
    components: {vectors: components.scores, width: components.components},
    labels: perfectSpace(codes.labels)
  };
  const found = {} as Scored["spaces"];
  for (const [i, key] of (["embeddings", "components", "labels"] as const).entries()) {
    const onProgress = (share: number) => progress.update("score, percent", Math.round((100 * (i + share)) / 3), 100);
    found[key] = (await integrationScores({...spaces[key], ...codes}, louvain, {signal, onProgress})).scores;
  }
  const [after, before] = [found.embeddings.batchVariance, found.components.batchVariance];
  const groups = (of: Int32Array | undefined) => (of === undefined ? null : new Set(of).size);
  return {
    cells: rows.length,
    leftOut: cells.index.length - rows.length,
    labels: groups(codes.labels)!,
    batches: groups(codes.batches),
    matrix: matrix.name,
    spaces: found,
    pcr: after === null || before === null ? null : Math.max(0, Math.min(1, (before - after) / before))
  };
}

/** Codes of these rows, numbered anew so that every one has cells. */
function fromZero(rows: Int32Array, codes: Int32Array): Int32Array {
  const present = [...new Set(rows.map((row) => codes[row]))].sort((a, b) => a - b);
  const place = new Map(present.map((code, i) => [code, i]));
  return rows.map((row) => place.get(codes[row])!);
}

const misleading =
  "silhouettes mislead where batches or types have unlike shapes (Rautenstrauch and Ohler 2025, Nat. Biotechnol.): do not rank by them";

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
    `  * ${misleading}`,
    `Published (${publishedSource}):`,
    ...usual
  ].join("\n");
}

function tooFew(cells: number, file: string): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "too-few-cells",
    fault: `only ${cells} embedded cells have a label and a batch in ${file}`,
    remedy: "choose columns that say more, or embed more cells: 20 are needed"
  });
}
