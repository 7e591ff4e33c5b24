import {basename, extname, resolve} from "node:path";
import {writeFileAtomically} from "../../adapters/node-files.js";
import {openAnnData} from "../../core/anndata/anndata.js";
import {columnsForCells} from "../../core/away/columns-for-cells.js";
import {requireThisFile} from "../../core/away/require-this-file.js";
import type {Exported, Results} from "../../core/away/results.js";
import type {ObsColumn} from "../../core/tables/cells.js";
import {joinedTable} from "../../core/tables/joined.js";
import {requireSameCells} from "../../core/tables/require-same-cells.js";
import {vectorRows} from "../../core/tables/vector-rows.js";
import {openCounts} from "../node-counts.js";
import {openNodeSource} from "../node-source.js";
import {tablePieces, type TableFormat} from "../table-pieces.js";
import {usage, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {exportH5ad} from "./export-h5ad.js";
import {requireWritable} from "./outputs.js";
import {readTable} from "./read-table.js";

const formats = [".h5ad", ".parquet", ".csv", ".arrow"];

/** `export TABLE --out FILE`: writes vectors, and what belongs to them, as the ending of FILE says. */
export async function runExport({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {out, umap, into, obs} = options;
  const format = extname(out).toLowerCase();
  requireFormat(format, options);
  for (const input of [argument, umap, into, obs])
    if (input !== undefined) await requireWritable(options, input, context);
  const start = performance.now();
  const embeddings = await readTable(argument);
  const vectors = vectorRows(embeddings);
  const map = umap === undefined ? undefined : await readTable(umap);
  if (map !== undefined) requireSameCells(embeddings, map, [basename(argument), basename(umap)]);
  const results: Results = {name: basename(argument), embeddings, map};
  const done =
    format === ".h5ad"
      ? await exportH5ad(results, options, context)
      : await exportTable(results, options, format, context);
  const facts = {file: results.name, out, width: vectors.width, ...done};
  const seconds = (performance.now() - start) / 1000;
  if (options["json"]) return context.print(JSON.stringify({...facts, seconds: Number(seconds.toFixed(3))}));
  const lacking = done.without === 0 ? "" : `, ${done.without} of them without a vector`;
  context.print(`${out}: ${done.cells} cells${lacking}; ${done.columns.join(", ")}`);
}

function requireFormat(format: string, options: Record<string, string>): void {
  const {out} = options;
  if (!formats.includes(format)) {
    const fault = out === "-" ? "--out - has no ending that names a format" : `--out ${out} ends in no known format`;
    throw usage("bad-output", fault, `name a file that ends in ${formats.join(", ").replace(/, (?=\.arrow)/, " or ")}`);
  }
  const misplaced = (format === ".h5ad" ? ["obs", "columns"] : ["into", "key"]).find((name) => name in options);
  if (misplaced === undefined) return;
  const remedy = {
    obs: "give the file with --into, whose copy has all its columns",
    columns: "leave it out, or write .parquet, .csv or .arrow",
    into: "give the file with --obs, which adds its columns",
    key: "leave it out, or write .h5ad"
  }[misplaced]!;
  throw usage("bad-option", `--${misplaced} does not go with an output of ${format}`, remedy);
}

async function exportTable(
  {name, embeddings, map}: Results,
  {out, obs, columns, "other-file": other}: Record<string, string>,
  format: string,
  {progress}: CommandContext
): Promise<Exported> {
  const joined = joinedTable({
    embeddings,
    map,
    obs: obs === undefined ? [] : await columnsOf(obs, {name, embeddings}, other !== undefined, progress.note),
    columns: columns?.split(",").map((column) => column.trim())
  });
  await writeFileAtomically(out, tablePieces(joined, format.slice(1) as TableFormat));
  const without = embeddings.getChild("embedding")!.nullCount;
  return {cells: joined.numRows, without, columns: joined.schema.fields.map((field) => String(field.name))};
}

/** The file's columns for the cells of the table, matched by name. Every cell must be there. */
async function columnsOf(
  path: string,
  results: Results,
  other: boolean,
  note: (text: string) => void
): Promise<ObsColumn[]> {
  const source = await openNodeSource(path);
  const reader = await openCounts(path).catch(async (error: unknown) => {
    await source.close();
    throw error;
  });
  try {
    if (!other) requireThisFile(results, {name: basename(path), path: resolve(path), identity: source.identity});
    const anndata = openAnnData(reader);
    const {columns, skipped} = columnsForCells(anndata, results);
    for (const {name: column, why} of skipped) note(`${anndata.name}: column ${column} is left out: ${why}`);
    await source.requireUnchanged();
    return columns;
  } finally {
    reader.close();
    await source.close();
  }
}
