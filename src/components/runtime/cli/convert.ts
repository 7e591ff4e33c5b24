import {isAddress} from "../../core/remote/data-address.js";
import {rm, stat} from "node:fs/promises";
import {basename, dirname, join, resolve} from "node:path";
import {folderStore} from "../../adapters/folder-store.js";
import {folderWorkspace, followLinks, writeFolderAtomically} from "../../adapters/node-files.js";
import {openNodeEncoder} from "../../adapters/onnxruntime-node.js";
import {isWorkbookError, WorkbookError} from "../../core/errors.js";
import type {Manifest} from "../../core/model/bundle.js";
import type {CheckpointSource} from "../../core/convert/checkpoint-source.js";
import {convertSource} from "../../core/convert/convert-source.js";
import type {Calibration} from "../../core/convert/measurement.js";
import {planConversion} from "../../core/convert/plan-conversion.js";
import {fewestCells} from "../../core/convert/require-faithful.js";
import type {Precision, SpeciesGenes} from "../../core/types.js";
import {calibrationCells} from "../calibration-cells.js";
import {addressSource, localSource} from "../node-checkpoint.js";
import {readTrainingSets} from "../training-sets.js";
import {usage, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {readConvertGenes} from "./convert-genes.js";
import {reportConversion, type LeftOut} from "./convert-report.js";
import {requireRoomFor} from "./outputs.js";
import {duration} from "./progress.js";

/** Cells that 15 neighbors and a mean over cells can be computed of at all. */
const fewestToCompare = 24;
const precisions: readonly Precision[] = ["fp32", "fp16", "int8", "int4"];
const steps = {
  weights: "read tensors",
  fold: "read and fold rows",
  write: "write files",
  "self-test": "self-test sentences",
  measure: "measure cells"
};

/**
 * `convert SOURCE --out DIR`: writes a model bundle (docs/formats.md) from a published checkpoint in a folder or at an address.
 * What was fetched and folded is kept beside DIR until the bundle is whole, also when the program is ended.
 */
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
  const source = await sourceOf(argument, options);
  await requireFresh(out);
  const species = await readConvertGenes(options);
  const calibration = cells && (await sentencesOf(cells, source, species, signal));
  for (const each of calibration ?? []) requireCells(each, judged ? fewestCells : fewestToCompare);
  const sets = options["trained-on"];
  const trainedOn = sets === undefined ? undefined : await readTrainingSets(sets);
  const kept = unfinishedFolder(out);
  let manifest: Manifest | undefined;
  const leftOut: LeftOut[] = [];
  try {
    await writeFolderAtomically(out, async (temporary) => {
      manifest = await convertSource(source, folderWorkspace(temporary), {
        species,
        name: options["name"],
        note: options["note"],
        license: options["license"],
        citation: options["citation"],
        trainedOn,
        revision: options["revision"],
        unfinished: folderStore(kept),
        signal,
        onProgress: ({step, done, total}) => progress.update(steps[step], done, total),
        onEstimate: (seconds) => progress.note(`measuring the variants takes up to ${duration(seconds)}`),
        onLeftOut: (precision, why, name) => void leftOut.push({species: name, precision, why: why.details.fault}),
        openEncoder: (bundle, precision, cancel) => openNodeEncoder(bundle, {precision, signal: cancel}),
        variants,
        calibration,
        allowInexact
      });
    });
    await rm(kept, {recursive: true, force: true});
  } catch (error) {
    throw await sayingWhatIsKept(error, kept);
  }
  progress.clear();
  reportConversion(manifest!, leftOut, options, print);
}

/** Where an unfinished conversion keeps what it has: beside the bundle that it will be. */
export function unfinishedFolder(out: string): string {
  return join(dirname(resolve(out)), `.${basename(resolve(out))}.unfinished`);
}

async function sourceOf(argument: string, options: Record<string, string>): Promise<CheckpointSource> {
  const hosts = options["allow-host"]?.split(",").map((host) => host.trim());
  if (isAddress(argument)) return addressSource(argument, {revision: options["revision"], hosts});
  if (hosts !== undefined)
    throw usage("bad-option", `--allow-host is of no use for a folder`, "leave it out, or give an address");
  return localSource(argument);
}

/** Sentences of real cells, spelled as the checkpoint's family spells them. */
async function sentencesOf(
  cells: readonly string[],
  source: CheckpointSource,
  species: readonly SpeciesGenes[],
  signal: AbortSignal
): Promise<Calibration[]> {
  const {sentence} = await planConversion(source, species, signal);
  return calibrationCells(cells, {species, sentence, signal});
}

/** The same error, with a word about what the next run need not do again; an empty folder is removed. */
async function sayingWhatIsKept(error: unknown, folder: string): Promise<unknown> {
  const pieces = await folderStore(folder).list("");
  if (pieces.length === 0) await rm(folder, {recursive: true, force: true});
  if (pieces.length === 0 || !isWorkbookError(error)) return error;
  const remedy = `${error.details.remedy}; what was read so far is kept in ${folder}`;
  return new WorkbookError({...error.details, remedy}, {cause: error});
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
