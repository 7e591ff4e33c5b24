import {readFile, stat} from "node:fs/promises";
import {basename, join, resolve} from "node:path";
import {folderSink, hashFile, openFileReader, writeFolderAtomically} from "../../adapters/node-files.js";
import {openNodeEncoder} from "../../adapters/onnxruntime-node.js";
import {parseGeneDictionary} from "../../core/cells/gene-dictionary.js";
import {parseGenes} from "../../core/cells/gene-table.js";
import {WorkbookError} from "../../core/errors.js";
import {convertCheckpoint} from "../../core/model/convert.js";
import type {ModelGene} from "../../core/types.js";
import {usage, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";

const humanGenes = new URL("../../../data/human-genes.csv", import.meta.url);
const steps = {fold: "fold rows", weights: "write tensors", "self-test": "self-test sentences"};

/** `convert CHECKPOINT_DIR --out DIR`: writes a model bundle (docs/formats.md) from a published checkpoint. */
export async function runConvert({argument, options}: Invocation, {progress, signal, print}: CommandContext): Promise<void> {
  const out = resolve(options["out"]);
  await requireFresh(out);
  const config = await readJson(join(argument, "config.json"));
  const genes = await readGenes(options["genes"]);
  const path = join(argument, "model.safetensors");
  const weights = await openFileReader(path);
  try {
    progress.update("hash of the checkpoint", 0, 1);
    const name = options["name"] ?? basename(resolve(argument));
    const source = {name: basename(resolve(argument)), revision: "", sha256: await hashFile(path, signal)};
    const checkpoint = {name, config, weights, genes, species: "human", source, untrained: false};
    let cells = 0;
    await writeFolderAtomically(out, async (temporary) => {
      const {tableRows} = await convertCheckpoint(checkpoint, folderSink(temporary), {
        signal,
        onProgress: ({step, done, total}) => progress.update(steps[step], done, total),
        openEncoder: (bundle, cancel) => openNodeEncoder(bundle, {precision: "fp32", signal: cancel})
      });
      cells = tableRows;
    });
    progress.clear();
    print(options["json"] ? JSON.stringify({out: options["out"], name, tableRows: cells, genes: genes.length}) : `${options["out"]}: ${name}, ${cells} table rows, ${genes.length} genes`);
  } finally {
    await weights.close();
  }
}

async function requireFresh(out: string): Promise<void> {
  const entry = await stat(out).catch(() => null);
  if (entry === null) return;
  if (entry.isDirectory() && (await stat(join(out, "manifest.json")).catch(() => null)) !== null) return;
  throw usage("bad-output", `--out ${out} is there and is no model bundle`, "name a folder that does not exist yet");
}

async function readGenes(path: string | undefined): Promise<ModelGene[]> {
  if (path === undefined) return parseGenes(await readFile(humanGenes, "utf8"));
  const content = await text(path);
  return path.endsWith(".csv") ? parseGenes(content) : parseGeneDictionary(content);
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "is not there" : "cannot be read";
    throw new WorkbookError({domain: "checkpoint", code: "missing", fault: `${path} ${why}`, remedy: "give the folder with config.json and model.safetensors"}, {cause});
  }
}

async function readJson(path: string): Promise<unknown> {
  const content = await text(path);
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new WorkbookError({domain: "checkpoint", code: "not-json", fault: `${path} is not JSON`, remedy: "download it again"}, {cause});
  }
}
