import {readFile, stat} from "node:fs/promises";
import {basename, dirname, join, resolve} from "node:path";
import {folderSink, followLinks, hashFile, openFileReader, writeFolderAtomically} from "../../adapters/node-files.js";
import {openNodeEncoder} from "../../adapters/onnxruntime-node.js";
import {parseGeneDictionary} from "../../core/cells/gene-dictionary.js";
import {parseGenes} from "../../core/cells/genes-csv.js";
import {isWorkbookError, WorkbookError} from "../../core/errors.js";
import type {Manifest} from "../../core/model/bundle.js";
import {readCheckpointConfig} from "../../core/convert/checkpoint-config.js";
import {convertCheckpoint, uceBrainSentence} from "../../core/convert/convert.js";
import type {Calibration} from "../../core/convert/measure-variants.js";
import {fewestCells} from "../../core/convert/require-faithful.js";
import type {ModelGene, Precision} from "../../core/types.js";
import {calibrationCells} from "../calibration-cells.js";
import {usage, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {requireRoomFor} from "./outputs.js";

/** Cells that 15 neighbors and a mean over cells can be computed of at all. */
const fewestToCompare = 24;
const humanGenes = new URL("../../../data/human-genes.csv", import.meta.url);
const precisions: readonly Precision[] = ["fp32", "fp16", "int8"];
const steps = {
  fold: "fold rows",
  weights: "write tensors",
  "self-test": "self-test sentences",
  measure: "measure cells"
};

/** `convert CHECKPOINT_DIR --out DIR`: writes a model bundle (docs/formats.md) from a published checkpoint. */
export async function runConvert(
  {argument, options}: Invocation,
  {progress, signal, print}: CommandContext
): Promise<void> {
  const out = resolve(options["out"]);
  const variants = variantsOption(options);
  const allowInexact = options["allow-inexact"] !== undefined;
  const cells = options["calibrate"]?.split(",");
  const judged = !allowInexact && variants.some((precision) => precision !== "fp32");
  if (cells === undefined && judged) {
    throw usage(
      "missing-option",
      `--variants ${variants.join(",")} needs real cells to measure on`,
      "add --calibrate CELLS.h5ad, or --allow-inexact"
    );
  }
  await requireFresh(out);
  const config = await readJson(join(argument, "config.json"));
  const genes = await readGenes(options["genes"]);
  const path = join(argument, "model.safetensors");
  const weights = await openFileReader(path);
  try {
    const sentence = {...uceBrainSentence, pad: readCheckpointConfig(config).padding};
    const calibration = cells === undefined ? undefined : await calibrationCells(cells, {genes, sentence, signal});
    if (calibration !== undefined) requireCells(calibration, judged ? fewestCells : fewestToCompare);
    progress.update("hash of the checkpoint", 0, 1);
    const name = options["name"] ?? basename(resolve(argument));
    const source = {
      name: basename(resolve(argument)),
      revision: options["revision"] ?? "",
      sha256: await hashFile(path, signal),
      ...(options["note"] && {note: options["note"]})
    };
    const checkpoint = {name, config, weights, genes, species: "human", source, untrained: false};
    let manifest: Manifest | undefined;
    await writeFolderAtomically(out, async (temporary) => {
      manifest = await convertCheckpoint(checkpoint, folderSink(temporary), {
        signal,
        onProgress: ({step, done, total}) => progress.update(steps[step], done, total),
        openEncoder: (bundle, precision, cancel) => openNodeEncoder(bundle, {precision, signal: cancel}),
        variants,
        calibration,
        allowInexact
      });
    });
    progress.clear();
    report(manifest!, options, print);
  } finally {
    await weights.close();
  }
}

/** Before a large checkpoint is converted, not after. */
function requireCells({origin, sentences}: Calibration, fewest: number): void {
  if (sentences.length >= fewest) return;
  throw new WorkbookError({
    domain: "cells",
    code: "too-few-cells",
    fault: `--calibrate gives ${sentences.length} cells to measure on (${origin}), it takes at least ${fewest}`,
    remedy: "add files with more cells"
  });
}

function variantsOption(options: Record<string, string>): Precision[] {
  const names = (options["variants"] ?? "fp32").split(",").map((name) => name.trim());
  const odd = names.find((name) => !precisions.includes(name as Precision));
  if (odd !== undefined)
    throw usage("bad-option", `--variants cannot be "${odd}"`, `use one or more of ${precisions.join(",")}`);
  return Array.from(new Set(names)) as Precision[];
}

function report(manifest: Manifest, options: Record<string, string>, print: (text: string) => void): void {
  const {name, tableRows, species, measured} = manifest;
  const genes = species[0].genes;
  const variants = manifest.variants.map(({precision, relativeError, recall15, selfTestError, files}) => {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return {precision, bytes, relativeError, recall15, selfTestError};
  });
  if (options["json"]) return print(JSON.stringify({out: options["out"], name, tableRows, genes, variants, measured}));
  print(`${options["out"]}: ${name}, ${tableRows} table rows, ${genes} genes`);
  for (const {precision, bytes, relativeError, recall15} of variants) {
    const figures =
      precision === "fp32"
        ? "the reference"
        : relativeError === null || recall15 === null
          ? "not measured"
          : `relative error ${relativeError.toPrecision(3)}, 15-neighbor recall ${recall15.toFixed(3)}`;
    print(`  ${precision}: ${(bytes / 1e6).toFixed(2)} MB, ${figures}`);
  }
  if (measured === undefined) return;
  const controls = Object.entries(measured.controls).map(([control, error]) => `${control} ${error.toPrecision(3)}`);
  print(`  measured on ${measured.origin}; wrong on purpose: ${controls.join(", ")}`);
}

/** Checks, before anything is converted, that the folder `out` can be made, or replaced if it is a bundle. */
async function requireFresh(out: string): Promise<void> {
  if (basename(out) === "-")
    throw usage("bad-output", "--out - cannot take a bundle, which is a folder", "name a folder");
  const entry = await stat(out).catch(() => null);
  const bundle = entry?.isDirectory() && (await stat(join(out, "manifest.json")).catch(() => null)) !== null;
  if (entry !== null && !bundle)
    throw usage("bad-output", `--out ${out} is there and is no model bundle`, "name a folder that does not exist yet");
  await requireRoomFor("out", dirname(await followLinks(out)));
}

async function readGenes(path: string | undefined): Promise<ModelGene[]> {
  if (path === undefined) return parseGenes(await readFile(humanGenes, "utf8"));
  const content = await text(path, "give a gene dictionary (.json) or a table of genes (.csv)");
  try {
    return path.endsWith(".csv") ? parseGenes(content) : parseGeneDictionary(content);
  } catch (cause) {
    if (!isWorkbookError(cause)) throw cause;
    throw new WorkbookError({...cause.details, fault: `${path}: ${cause.details.fault}`}, {cause});
  }
}

async function text(path: string, remedy = "give the folder with config.json and model.safetensors"): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "is not there" : "cannot be read";
    throw new WorkbookError({domain: "checkpoint", code: "missing", fault: `${path} ${why}`, remedy}, {cause});
  }
}

async function readJson(path: string): Promise<unknown> {
  const content = await text(path);
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new WorkbookError(
      {domain: "checkpoint", code: "not-json", fault: `${path} is not JSON`, remedy: "download it again"},
      {cause}
    );
  }
}
