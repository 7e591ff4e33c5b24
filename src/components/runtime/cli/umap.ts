import {basename} from "node:path";
import type {Table} from "apache-arrow";
import {defaultParameters} from "../../core/parameters.js";
import {mapEmbeddings} from "../../core/pipeline/map-embeddings.js";
import {trustworthiness, type Trust} from "../../core/space/trustworthiness.js";
import {readEmbeddingParts} from "../../core/tables/embeddings.js";
import {readProvenance, type Provenance} from "../../core/tables/provenance.js";
import {readUmap} from "../../core/tables/umap.js";
import {createUmapEngine} from "../../core/space/umap-engine.js";
import {software} from "../software.js";
import {integerOption, numberOption, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {requireWritable, writeTable} from "./outputs.js";
import {withParts} from "./read-table.js";

/** Measured (docs/scale.md): seconds for a pair of cells (each counted twice), in all and for each number of a vector; bytes of a cell beside its vector. */
const secondsOfPair = 2.9e-9;
const secondsOfNumber = 1.7e-11;
const bytesOfCell = 1500;

const foreignSource = {name: "", bytes: 0, identity: ""};

/** `umap TABLE --out TABLE`: lays embeddings out, writes the umap table, tells its trustworthiness. */
export async function runUmap({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {progress, signal, print} = context;
  const neighbors = integerOption(options, "neighbors", defaultParameters.neighbors, 2, 200);
  const minDist = options["min-dist"] === undefined ? null : numberOption(options, "min-dist", 0, 0, 1);
  const seed = integerOption(options, "seed", defaultParameters.seed, 0, Number.MAX_SAFE_INTEGER);
  const epochs = options["epochs"] === undefined ? null : integerOption(options, "epochs", 1, 1, 100_000);
  const {out} = options;
  await requireWritable(options, argument, context);
  const name = basename(argument);
  const begin = performance.now();
  const {cells, before} = await withParts(argument, async ({schema, bytes, parts}) => ({
    cells: await readEmbeddingParts(parts, Math.floor(bytes / 4)),
    before: readProvenance({schema})
  }));
  const words = costOf(cells.index.length, cells.width);
  if (words !== null) progress.note(words);
  const provenance: Provenance = {
    ...(before ?? {format: 1, source: {...foreignSource, name}}),
    stage: "umap",
    software,
    parameters: {...before?.parameters, neighbors, minDist, seed, epochs}
  } as Provenance;
  let map: Table | undefined;
  await mapEmbeddings(cells, {
    engine: createUmapEngine(),
    neighbors,
    minDist,
    seed,
    epochs,
    provenance,
    signal,
    onSearch: (share) => progress.update("neighbors, %", Math.round(100 * share), 100),
    onEvent(event) {
      if (event.type === "progress") progress.update("map, epoch", event.done, event.total);
      if (event.type === "table") map = event.table;
    }
  });
  const {positions, index} = readUmap(map!);
  const k = Math.max(0, Math.min(15, Math.floor((index.length - 1) / 2)));
  const trust = k < 1 ? null : await trustworthiness(cells.vectors, cells.width, positions, k, {signal});
  await writeTable(out, map!, context);
  const facts = {
    file: name,
    out,
    cells: cells.rows.length,
    mapped: index.length,
    trustworthiness: trust?.value ?? null,
    trustworthinessError: trust?.error ?? null,
    asked: trust?.asked ?? 0,
    k,
    seconds: Number(((performance.now() - begin) / 1000).toFixed(1)),
    peakMB: Math.round(process.resourceUsage().maxRSS / 1000)
  };
  if (options["json"]) return print(JSON.stringify(facts));
  const score =
    trust === null
      ? "too few cells for a score"
      : `trustworthiness ${trust.value.toFixed(3)} ± ${trust.error.toFixed(3)} (standard error over ${askedWords(trust)}; of ${k} neighbors; 1 is perfect)`;
  print(
    `${out}: ${index.length} of ${cells.rows.length} cells mapped, ${score}; ${facts.seconds} s, ${facts.peakMB} MB`
  );
}

function askedWords({asked, count}: Trust): string {
  return asked === count ? `${asked} cells` : `a sample of ${asked} of ${count} cells`;
}

/** What the map of many cells costs, in words, before it begins; null where it is a minute or less. Rates and sizes are those of docs/scale.md. */
function costOf(cells: number, width: number): string | null {
  const seconds = cells * cells * (secondsOfPair + secondsOfNumber * width);
  if (seconds < 60) return null;
  const bytes = 2 * 4 * cells * width + bytesOfCell * cells + 1.5e8;
  const time = seconds < 5400 ? `${Math.round(seconds / 60)} minutes` : `${(seconds / 3600).toFixed(1)} hours`;
  return `${cells} cells: all pairs are compared, which takes about ${time} on one core, and ${(bytes / 1e9).toFixed(1)} GB of memory`;
}
