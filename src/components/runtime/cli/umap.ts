import {basename} from "node:path";
import type {Table} from "apache-arrow";
import {defaultParameters} from "../../core/parameters.js";
import {mapEmbeddings} from "../../core/pipeline/map-embeddings.js";
import {trustworthiness} from "../../core/space/trustworthiness.js";
import {readEmbeddings} from "../../core/tables/embeddings.js";
import {readProvenance, type Provenance} from "../../core/tables/provenance.js";
import {readUmap} from "../../core/tables/umap.js";
import {createUmapEngine} from "../../core/space/umap-engine.js";
import {software} from "../software.js";
import {integerOption, numberOption, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {requireWritable, writeTable} from "./outputs.js";
import {readTable} from "./read-table.js";

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
  const embeddings = await readTable(argument);
  const cells = readEmbeddings(embeddings);
  const before = readProvenance(embeddings);
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
    k
  };
  if (options["json"]) return print(JSON.stringify(facts));
  const score =
    trust === null
      ? "too few cells for a score"
      : `trustworthiness ${trust.value.toFixed(3)} ± ${trust.error.toFixed(3)} (standard error over ${trust.asked} cells; of ${k} neighbors; 1 is perfect)`;
  print(`${out}: ${index.length} of ${cells.rows.length} cells mapped, ${score}`);
}
