import {readdir, stat, writeFile} from "node:fs/promises";
import {basename, join} from "node:path";
import {writeFolderAtomically} from "../../adapters/node-files.js";
import {columnAsText} from "../../core/anndata/column.js";
import {cellsOfTable} from "../../core/pipeline/cells-of-table.js";
import {makeReference} from "../../core/pipeline/make-reference.js";
import {parseReferenceManifest, referencePaths} from "../../core/reference/reference-manifest.js";
import {readEmbeddings, type Embeddings} from "../../core/tables/embeddings.js";
import {matchCells} from "../../core/tables/match-cells.js";
import {requireSameCells} from "../../core/tables/require-same-cells.js";
import {readUmap} from "../../core/tables/umap.js";
import {usage, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {withCellsFile} from "./counts-file.js";
import {requireRoomFor} from "./outputs.js";
import {readTable} from "./read-table.js";
import {wholePercent} from "../../views/format.js";

/** `reference TABLE --labels NAMES --cells FILE --out DIR`: makes a reference bundle, with what its held-out cells say of it. */
export async function runReference({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {signal, progress, print} = context;
  const {out, umap, name, license, citation, note} = options;
  await requireReferenceFolder(out);
  const table = await readTable(argument);
  const cells = readEmbeddings(table);
  const columns = options["labels"].split(",").map((column) => column.trim());
  const stated = {name: name ?? basename(out), license: license ?? "", citation: citation ?? "", note: note ?? ""};
  const map =
    umap === undefined ? null : await mapOf(umap, {table, name: basename(argument), cells: cells.rows.length});
  const files = await withColumns(options["cells"], {name: basename(argument), cells}, signal, async (texts) => {
    const labeled = {...cellsOfTable(table, basename(argument)), map, columns, texts};
    const onProgress = (share: number) => void progress.update("percent", Math.round(100 * share), 100);
    return makeReference(labeled, columns, stated, {signal, onProgress});
  });
  await writeFolderAtomically(out, async (folder) => {
    for (const [path, bytes] of Object.entries(files)) await writeFile(join(folder, path), bytes);
  });
  const size = Object.values(files).reduce((sum, {length}) => sum + length, 0);
  const {labels} = parseReferenceManifest(files[referencePaths.manifest], out);
  const heldOut = Object.fromEntries(labels.map(({column, calibration}) => [column, calibration.heldOut]));
  const facts = {file: basename(argument), out, cells: cells.index.length, bytes: size, heldOut};
  if (options["json"]) return print(JSON.stringify(facts));
  print(`${out}: reference of ${cells.index.length} cells, ${(size / 1000).toFixed(0)} kB`);
  for (const {column, calibration} of labels) {
    const {accuracy, unknown, calibrationError} = calibration.heldOut;
    print(
      `  ${column}, held-out cells: ${wholePercent(accuracy)} correct, ${wholePercent(unknown)} unknown, calibration error ${calibrationError.toFixed(3)}`
    );
  }
}

/** Has `work` done with the columns of a file for the embedded cells, matched by name. */
async function withColumns<Result>(
  path: string,
  {name, cells}: {name: string; cells: Embeddings},
  signal: AbortSignal,
  work: (texts: (column: string) => (string | null)[]) => Promise<Result>
): Promise<Result> {
  return withCellsFile(path, signal, async ({anndata}) => {
    const {cellIds} = cells;
    const places = matchCells({name, cellIds}, {name: anndata.name, cellIds: anndata.obsNames()});
    return work((column) => {
      const texts = columnAsText(anndata.column("obs", column));
      return Array.from(places, (place) => (place < 0 ? null : texts[place]));
    });
  });
}

async function mapOf(
  path: string,
  {table, name, cells}: {table: Awaited<ReturnType<typeof readTable>>; name: string; cells: number}
): Promise<Float32Array> {
  const map = await readTable(path);
  requireSameCells(table, map, [name, basename(path)]);
  const {positions, index} = readUmap(map);
  const all = new Float32Array(2 * cells).fill(NaN);
  index.forEach((place, i) => all.set(positions.subarray(2 * i, 2 * i + 2), 2 * place));
  return all;
}

async function requireReferenceFolder(folder: string): Promise<void> {
  await requireRoomFor("out", folder);
  const entry = await stat(folder).catch(() => null);
  if (entry === null) return;
  const names = entry.isDirectory() ? await readdir(folder) : ["a file"];
  if (names.length === 0 || (entry.isDirectory() && names.includes(referencePaths.manifest))) return;
  const fault = `--out ${folder} ${entry.isDirectory() ? `holds other files (${names.slice(0, 3).join(", ")})` : "is a file"}`;
  throw usage("bad-output", fault, "name a folder that is new, empty, or an earlier reference");
}
