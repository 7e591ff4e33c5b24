import {basename} from "node:path";
import {findClusters, type Clusters} from "../../core/clusters/find-clusters.js";
import {clustersTable} from "../../core/tables/clusters.js";
import {readEmbeddings} from "../../core/tables/embeddings.js";
import {nearestNeighbors} from "../../core/vectors/neighbors.js";
import {louvain} from "../louvain.js";
import {integerOption, numberOption, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {derivedProvenance} from "./derived-provenance.js";
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
  const {vectors, width, index, ...cells} = readEmbeddings(embeddings);
  const k = Math.max(1, Math.min(neighbors - 1, index.length - 1));
  const tell = (label: string) => (share: number) =>
    void (Number.isNaN(share) || progress.update(label, Math.round(100 * share), 100));
  const near = await nearestNeighbors(vectors, width, k, {signal, onProgress: tell("neighbors, percent")});
  const found = await findClusters(near, louvain, {resolution, seed, signal, onProgress: tell("clusters, percent")});
  const parameters = {clustering: louvain.name, resolution: found.resolution, neighbors, seed};
  const provenance = derivedProvenance("cluster", embeddings, basename(argument), parameters);
  await writeTable(options["out"], clustersTable({...cells, index, codes: found.codes}, provenance), context);
  const {codes: _, sizes, ...facts} = found;
  const counted = {file: basename(argument), out: options["out"], cells: cells.rows.length, clustered: index.length};
  if (options["json"]) return print(JSON.stringify({...counted, clusters: sizes.length, sizes: [...sizes], ...facts}));
  print(clusterText(options["out"], index.length, cells.rows.length, found));
}

function clusterText(out: string, clustered: number, cells: number, found: Clusters): string {
  const {sizes, resolution, loweredFrom, stability} = found;
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
