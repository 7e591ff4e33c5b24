import {stat} from "node:fs/promises";
import {basename, resolve, sep} from "node:path";
import {parseDescription} from "../../core/report/description.js";
import {parseRepairs} from "../../core/repair-kinds.js";
import {ensureDemoModel} from "../demo-model.js";
import {requireLiveWorkbook, type LiveWorkbook} from "../report/live-site.js";
import {reportData, type ReportData} from "../report/report-data.js";
import {namesInFiles} from "../report/names-in-files.js";
import {readDescription, requireReportFolder, writeSingleFile, writeSite} from "../report/report-site.js";
import {requireSourceFolder, writeReportSource} from "../report/source-project.js";
import {software} from "../software.js";
import {rowsOption, usage, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {requireRoomFor, requireStore, requireWritable} from "./outputs.js";

/** `report FILE... --out SITE`: computes the chain of each file and writes a static site, or one page that stands alone. */
export async function runReport(invocation: Invocation, context: CommandContext): Promise<void> {
  const {files, options} = invocation;
  const {progress, signal, print} = context;
  const {out, model, store, meta, title} = options;
  const single = options["single-file"] !== undefined;
  if (out === "-")
    throw usage("bad-output", "--out - cannot take a site", "name a folder, or a file with --single-file");
  if (single && files.length > 1)
    throw usage("arguments", `--single-file takes one file, got ${files.length}`, "leave --single-file out");
  if (single) for (const file of files) await requireWritable(options, file, context);
  else {
    await requireReportFolder(out);
    await requireRoomFor("out", out);
  }
  const source = options["keep-source"];
  if (source !== undefined) {
    requireApart(source, out);
    await requireSourceFolder(source);
    await requireRoomFor("keep-source", source);
  }
  const live = options["live"] === undefined ? null : await liveOption(options["live"], {single, model, context});
  if (store !== undefined) await requireStore(store);
  const description = meta === undefined ? {} : parseDescription(await readDescription(meta), basename(meta));
  const rows = rowsOption(options);
  const png = pngOption(options["png"]);
  const cellNames = options["cell-names"] !== undefined;
  const common = {
    model: model ?? null,
    load: {
      matrix: options["matrix"] ?? null,
      geneColumn: options["gene-column"] ?? null,
      repair: parseRepairs(options["repair-genes"] ?? "certain")
    },
    note: progress.note,
    signal
  };
  const wanted = {columns: listOption(options["color"]), genes: listOption(options["genes"])};
  // An error is told of the file that is at work.
  const begin = (file: string) => (invocation.argument = file);
  const names = await namesInFiles(files, wanted, common, begin);
  const reports: ReportData[] = [];
  for (const [i, file] of files.entries()) {
    begin(file);
    const what = files.length === 1 ? "" : `${basename(file)}: `;
    const onProgress = (stage: string, done: number, total: number) => progress.update(`${what}${stage}`, done, total);
    const kept = store === undefined ? {} : {store};
    reports.push(await reportData(file, {...common, ...kept, ...names[i], rows, cellNames, onProgress}));
  }
  const site = {
    title: title ?? null,
    description,
    png,
    live: live === null ? null : {workbook: live, paths: files, signal},
    software
  };
  if (single) await writeSingleFile(out, reports[0], site);
  else await writeSite(out, reports, site);
  if (source !== undefined) await writeReportSource(source, reports, site);
  const cells = reports.reduce((sum, {cells: {rows: own}}) => sum + own.length, 0);
  const {columns} = wanted;
  if (options["json"])
    return print(JSON.stringify({out, files: reports.map(({file}) => file), cells, columns, cellNames}));
  const size = single ? ` (${((await stat(out)).size / 1e6).toFixed(1)} MB)` : "";
  const published = columns.length === 0 ? "no column of obs" : columns.join(", ");
  print(
    `${out}${size}: ${files.length === 1 ? "report" : `${files.length} reports`} of ${cells} cells; published of obs: ${published}${source === undefined ? "" : `; source in ${source}`}`
  );
}

/** One folder within the other would be lost when that one is replaced. */
function requireApart(source: string, out: string): void {
  const within = (folder: string, other: string) => `${resolve(folder)}${sep}`.startsWith(`${resolve(other)}${sep}`);
  if (!within(source, out) && !within(out, source)) return;
  const fault = `--keep-source ${source} and --out ${out} lie one within the other`;
  throw usage("bad-output", fault, "name two folders beside each other");
}

/** The workbook of --live; its size is told before anything is computed. */
async function liveOption(
  folder: string,
  {single, model, context}: {single: boolean; model: string | undefined; context: CommandContext}
): Promise<LiveWorkbook> {
  if (single) throw usage("arguments", "--single-file holds no workbook", "leave --live or --single-file out");
  const found = await requireLiveWorkbook(folder, model ?? (await ensureDemoModel()));
  context.progress.note(
    `--live adds ${(found.bytes / 1e6).toFixed(0)} MB of workbook to the site, and the counts of all cells, which anyone can fetch there`
  );
  return found;
}

/** Width of PNG figures in pixels: 1,600 (170 mm at 240 dots an inch) unless told. */
function pngOption(text: string | undefined): number {
  if (text === undefined) return 1600;
  const width = Number(text);
  if (Number.isInteger(width) && (width === 0 || (width >= 200 && width <= 8000))) return width;
  throw usage("bad-option", `--png ${text} is no width`, "give 200 to 8000 pixels, or 0 for no PNG figures");
}

function listOption(text: string | undefined): string[] {
  const names = (text ?? "").split(",").map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ""))];
}
