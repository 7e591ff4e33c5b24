import {readdir, stat, writeFile} from "node:fs/promises";
import {basename, join} from "node:path";
import {writeFolderAtomically} from "../../adapters/node-files.js";
import {columnAsText} from "../../core/anndata/column.js";
import {labelClasses} from "../../core/pipeline/label-classes.js";
import {calibrateLabels} from "../../core/reference/calibrate-labels.js";
import {encodeReference} from "../../core/reference/encode-reference.js";
import {referencePaths} from "../../core/reference/reference-manifest.js";
import type {Reference} from "../../core/reference/reference.js";
import {readEmbeddings, type Embeddings} from "../../core/tables/embeddings.js";
import {matchCells} from "../../core/tables/match-cells.js";
import {readProvenance} from "../../core/tables/provenance.js";
import {requireSameCells} from "../../core/tables/require-same-cells.js";
import {readUmap} from "../../core/tables/umap.js";
import {usage, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {withCellsFile} from "./counts-file.js";
import {requireRoomFor} from "./outputs.js";
import {readTable} from "./read-table.js";

const mostLabels = 500;

/** `reference TABLE --labels NAMES --cells FILE --out DIR`: makes a reference bundle, with what its held-out cells say of it. */
export async function runReference({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {signal, progress, print} = context;
  const {out, umap, name, license, citation, note} = options;
  await requireReferenceFolder(out);
  const table = await readTable(argument);
  const cells = readEmbeddings(table);
  const model = readProvenance(table)?.model;
  const columns = options["labels"].split(",").map((column) => column.trim());
  const labeled = [];
  for (const {column, reference} of await references(options["cells"], columns, basename(argument), cells, signal)) {
    const whole = {...reference, model: model === undefined ? null : {name: model.name, hash: model.hash}};
    const onProgress = (share: number) =>
      void (Number.isNaN(share) || progress.update(`${column}, percent`, Math.round(100 * share), 100));
    const calibration = await calibrateLabels(whole, {signal, onProgress});
    labeled.push({column, reference: whole, calibration});
  }
  const files = await encodeReference({
    labeled,
    map: umap === undefined ? null : await mapOf(umap, {table, name: basename(argument), cells}),
    provenance: readProvenance(table),
    stated: {
      name: name ?? basename(out),
      license: license ?? "",
      citation: citation ?? "",
      note: note ?? ""
    }
  });
  await writeFolderAtomically(out, async (folder) => {
    for (const [path, bytes] of files) await writeFile(join(folder, path), bytes);
  });
  const size = [...files.values()].reduce((sum, {length}) => sum + length, 0);
  const heldOut = Object.fromEntries(labeled.map(({column, calibration}) => [column, calibration.heldOut]));
  const facts = {file: basename(argument), out, cells: cells.index.length, bytes: size, heldOut};
  if (options["json"]) return print(JSON.stringify(facts));
  print(`${out}: reference of ${cells.index.length} cells, ${(size / 1000).toFixed(0)} kB`);
  for (const {column, calibration} of labeled) {
    const {accuracy, unknown, calibrationError} = calibration.heldOut;
    const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
    print(
      `  ${column}, held-out cells: ${percent(accuracy)} correct, ${percent(unknown)} unknown, calibration error ${calibrationError.toFixed(3)}`
    );
  }
}

/** The embedded cells with each column of the file, matched by name. */
async function references(
  path: string,
  columns: readonly string[],
  table: string,
  {vectors, width, index, cellIds}: Embeddings,
  signal: AbortSignal
): Promise<{column: string; reference: Reference}[]> {
  return withCellsFile(path, signal, async ({anndata}) => {
    const places = matchCells({name: table, cellIds}, {name: anndata.name, cellIds: anndata.obsNames()});
    return columns.map((column) => {
      const texts = columnAsText(anndata.column("obs", column));
      const values = Array.from(index, (cell) => (places[cell] < 0 ? null : texts[places[cell]]));
      const {names, codes} = labelClasses(column, values, mostLabels);
      return {column, reference: {name: table, vectors, width, names, codes, model: null}};
    });
  });
}

async function mapOf(
  path: string,
  {table, name, cells}: {table: Awaited<ReturnType<typeof readTable>>; name: string; cells: Embeddings}
): Promise<Float32Array> {
  const map = await readTable(path);
  requireSameCells(table, map, [name, basename(path)]);
  const {positions, index} = readUmap(map);
  const all = new Float32Array(2 * cells.rows.length).fill(NaN);
  index.forEach((place, i) => all.set(positions.subarray(2 * i, 2 * i + 2), 2 * place));
  return Float32Array.from({length: 2 * cells.index.length}, (_, i) => all[2 * cells.index[i >> 1] + (i & 1)]);
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
