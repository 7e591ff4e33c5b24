import {basename} from "node:path";
import {clusterEmbeddings, type ClusterFacts} from "../../core/pipeline/cluster-embeddings.js";
import {readEmbeddings} from "../../core/tables/embeddings.js";
import {readProvenance} from "../../core/tables/provenance.js";
import {nearestNeighbors} from "../../core/vectors/neighbors.js";
import {louvain} from "../louvain.js";
import {software} from "../software.js";
import {integerOption, numberOption, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {requireWritable, writeTable} from "./outputs.js";
import {readTable} from "./read-table.js";

/** `cluster TABLE --out TABLE`: clusters of embedded cells, with how far they hold under other seeds and resolutions. */
export async function runCluster({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {signal, progress, print} = context;
  const resolution = options["resolution"] === undefined ? null : numberOption(options, "resolution", 1, 0.001, 1000);
  const seed = integerOption(options, "seed", 42, 0, Number.MAX_SAFE_INTEGER - 10);
  const neighbors = integerOption(options, "neighbors", 15, 2, 200);
  await requireWritable(options, argument, context);
  const embeddings = await readTable(argument);
  const {table, facts} = await clusterEmbeddings(
    readEmbeddings(embeddings),
    {neighbors, resolution, seed, stability: true},
    {finder: louvain, search: nearestNeighbors, software, origin: readProvenance(embeddings), name: basename(argument)},
    {signal, onProgress: (share) => progress.update("clusters, percent", Math.round(100 * share), 100)}
  );
  await writeTable(options["out"], table, context);
  const {sizes, clustered} = facts;
  const counted = {file: basename(argument), out: options["out"], cells: table.numRows, clustered};
  if (options["json"]) return print(JSON.stringify({...counted, clusters: sizes.length, ...facts}));
  print(clusterText(options["out"], table.numRows, facts));
}

function clusterText(out: string, cells: number, facts: ClusterFacts): string {
  const {sizes, clustered, resolution, loweredFrom, stability} = facts;
  const lowered =
    loweredFrom === null
      ? ""
      : `; ${loweredFrom} would make more than 50 clusters (--resolution ${loweredFrom} does so)`;
  const lines = stability.map(({resolution, clusters, betweenSeeds, withChosen}) => {
    const [least, most] = [Math.min(...clusters), Math.max(...clusters)];
    const range = least === most ? `${least}` : `${least} to ${most}`;
    const rand = `adjusted Rand index ${betweenSeeds.toFixed(2)} between seeds, ${withChosen.toFixed(2)} with these clusters`;
    return `  resolution ${resolution}: ${range} clusters, ${rand}`;
  });
  return [
    `${out}: ${sizes.length} clusters of ${clustered} of ${cells} cells at resolution ${resolution}${lowered}; sizes ${[...sizes].join(", ")}`,
    ...lines
  ].join("\n");
}
