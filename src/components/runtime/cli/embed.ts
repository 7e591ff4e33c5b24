import type {Table} from "apache-arrow";
import {bestPrecision} from "../../core/model/best-precision.js";
import {type PipelineEvent, type TableName} from "../../core/pipeline/events.js";
import {defaultParameters} from "../../core/parameters.js";
import {runPipeline, type PipelineOptions} from "../../core/pipeline/run-pipeline.js";
import {runStored} from "../../core/pipeline/run-stored.js";
import {createResultStore} from "../../core/store/result-store.js";
import {folderStore} from "../../adapters/folder-store.js";
import {readProvenance, withProvenance} from "../../core/tables/provenance.js";
import type {CellStatus, Precision, Sampling, SeedRule} from "../../core/types.js";
import {openBackend} from "../node-backend.js";
import {modelForFile} from "../../core/pipeline/model-for-file.js";
import {parseRepairs} from "../../core/repair-kinds.js";
import {nodeAliases} from "../node-aliases.js";
import {openNodeModel} from "../node-model.js";
import {openCells} from "../open-cells.js";
import {createUmapEngine} from "../../core/space/umap-engine.js";
import {software} from "../software.js";
import {isAddress} from "../../core/remote/data-address.js";
import {integerOption, type Invocation} from "./arguments.js";
import {requireJoinable} from "./cells-places.js";
import {chosenRows} from "./chosen-rows.js";
import type {CommandContext} from "./context.js";
import {tellTraffic, trafficWords} from "./traffic.js";
import {outputsIn, requireStore, requireWritable, writeTable} from "./outputs.js";

/** `sentences FILE --out TABLE`: load, normalize, sample; writes the sentences table. */
export async function runSentences(invocation: Invocation, context: CommandContext): Promise<void> {
  await runStages(invocation, context, "sentences");
}

/** `embed FILE... --out TABLE`: load to embed; writes the embeddings table, of several files one each into the folder TABLE, or with --join one of all. */
export async function runEmbed(invocation: Invocation, context: CommandContext): Promise<void> {
  const {files, options} = invocation;
  requireJoinable(files, options);
  if (files.length === 1 || options["join"]) return runStages(invocation, context, "embeddings");
  const outs = await outputsIn(options, files);
  const facts: string[] = [];
  const print = options["json"] ? (text: string) => void facts.push(text) : context.print;
  for (const [i, file] of files.entries()) {
    // An error is told of the file that is at work.
    invocation.argument = file;
    await runStages(
      {...invocation, files: [file], options: {...options, out: outs[i]}},
      {...context, print},
      "embeddings"
    );
  }
  if (options["json"]) context.print(`[${facts.join(",")}]`);
}

/** What was told of the file and the run, on standard error and in --json. */
interface Notice {
  severity: "info" | "warning";
  code: string;
  message: string;
}

const labels = {load: "read", normalize: "normalize", sample: "sample", embed: "embed", umap: "map"};

async function runStages({files, options}: Invocation, context: CommandContext, wanted: TableName): Promise<void> {
  const {progress, signal, print, stdout} = context;
  const average = integerOption(options, "average", 1, 1, 64);
  const batch = options["batch"] === undefined ? undefined : integerOption(options, "batch", 1, 1, 256);
  const threads = options["threads"] === undefined ? undefined : integerOption(options, "threads", 1, 1, 256);
  const out = options["out"];
  const folder = options["store"];
  for (const file of files) await requireWritable(options, file, context);
  if (folder !== undefined) await requireStore(folder);
  const start = performance.now();
  const turned = (done: number, total: number) => progress.update("turn into rows, entries", done, total);
  const remote = files.find(isAddress);
  const onTraffic = remote === undefined ? undefined : tellTraffic(progress, remote);
  const data = await openCells(files.length === 1 ? files[0] : files, {
    store: folder,
    signal,
    onProgress: turned,
    onTraffic
  });
  const {anndata, bytes, source: file} = data;
  try {
    const choice = {species: options["species"], geneColumn: options["gene-column"]};
    const bundle = await modelForFile(await openNodeModel(options["model"], signal), anndata, choice, signal);
    const precision =
      wanted === "embeddings"
        ? bestPrecision(bundle, {wanted: options["precision"] as Precision | undefined})
        : undefined;
    const {rows, shard} = chosenRows(options, anndata.nObs, progress.note);
    const {identity} = file;
    let result: Table | undefined;
    let kept: string | undefined = folder;
    const notices: Notice[] = [];
    const onEvent = (event: PipelineEvent) => {
      if (event.type === "progress") progress.update(`${labels[event.stage]} cells`, event.done, event.total);
      else if (event.type === "table" && event.name === wanted) result = event.table;
      else if (event.type === "notice") {
        const {severity, code, message} = event;
        if (code === "not-stored") kept = undefined;
        notices.push({severity, code, message});
        progress.note(`${anndata.name}: ${message}`);
      }
    };
    const onFallback = ({code, message}: {code: string; message: string}) =>
      onEvent({type: "notice", stage: "embed", severity: "warning", code, message});
    const source = {anndata, provenance: {name: anndata.name, bytes, identity}};
    const deps = {
      bundle,
      software,
      layoutEngine: createUmapEngine(),
      aliases: nodeAliases,
      openEncoder: (cancel?: AbortSignal) =>
        openBackend(bundle, {backend: options["backend"], precision, threads, onFallback, signal: cancel})
    };
    const how: PipelineOptions = {
      parameters: {
        ...defaultParameters,
        matrix: options["matrix"] ?? null,
        species: options["species"] ?? null,
        geneColumn: options["gene-column"] ?? null,
        repair: parseRepairs(options["repair-genes"] ?? "certain"),
        ...(options["filter"] === "public" && {filter: "public" as const}),
        sampling: (options["sampling"] as Sampling | undefined) ?? defaultParameters.sampling,
        seeds: (options["seeds"] as SeedRule | undefined) ?? defaultParameters.seeds,
        average
      },
      rows,
      until: wanted === "sentences" ? "sample" : "embed",
      keep: {sentences: wanted === "sentences", obs: false},
      batch,
      tellStored: true,
      signal,
      onEvent
    };
    if (folder === undefined) await runPipeline(source, deps, how);
    else {
      const objects = folderStore(folder);
      const onProgress = (done: number, total: number) =>
        progress.update("check the file, MB", Math.round(done / 1e6), Math.round(total / 1e6));
      const content = await file.content(objects, {signal, onProgress});
      const store = createResultStore(file.guard(objects));
      await runStored(source, deps, {...how, store, content, precision: precision!});
    }
    await file.requireUnchanged();
    data.parts.forEach(({traffic}, i) => {
      if (traffic !== null) progress.note(`${anndata.name}: ${trafficWords(traffic(), files[i])}`);
    });
    if (shard !== undefined) result = withProvenance(result!, {...readProvenance(result!)!, shard});
    await writeTable(out, result!, {stdout, kept});
    report(
      result!,
      {out, file: anndata.name, notices, seconds: (performance.now() - start) / 1000},
      Boolean(options["json"]),
      print
    );
  } finally {
    await data.close();
  }
}

function report(
  table: Table,
  {out, file, notices, seconds}: {out: string; file: string; notices: Notice[]; seconds: number},
  json: boolean,
  print: (text: string) => void
): void {
  const count: Record<CellStatus, number> = {ok: 0, empty: 0, failed: 0};
  for (const status of table.getChild("status")!) count[status as CellStatus] += 1;
  if (json)
    return print(
      JSON.stringify({
        file,
        out,
        cells: table.numRows,
        ...count,
        seconds: Number(seconds.toFixed(3)),
        notices
      })
    );
  const others = [count.empty && `${count.empty} without counts`, count.failed && `${count.failed} unusable`].filter(
    Boolean
  );
  print(
    `${out}: ${table.numRows} cell${table.numRows === 1 ? "" : "s"}${others.length > 0 ? ` (${others.join(", ")})` : ""} in ${seconds.toFixed(1)} s`
  );
}
