import {readFile} from "node:fs/promises";
import {fileURLToPath} from "node:url";
import {folderBundle, folderWorkspace, writeFolderAtomically} from "../adapters/node-files.js";
import {openNodeEncoder} from "../adapters/onnxruntime-node.js";
import {parseGenes} from "../core/cells/genes-csv.js";
import {convertCheckpoint} from "../core/convert/convert.js";
import type {ConversionProgress} from "../core/convert/convert.js";
import {parseManifest} from "../core/model/manifest.js";
import {memoryReader} from "../core/remote/range-reader.js";
import {sha256} from "../core/sha256.js";
import {demoRecipe, makeDemoCheckpoint} from "./demo-checkpoint.js";

/** Folder of the embedded model bundle. */
export const demoModelFolder = fileURLToPath(new URL("../../data/model", import.meta.url));

const humanGenes = fileURLToPath(new URL("../../data/human-genes.csv", import.meta.url));

/**
 * Makes the embedded demo model where it is missing or of another recipe, and returns its folder. Takes some seconds
 * when it does. It appears complete or not at all; several processes may call this at once.
 */
export async function ensureDemoModel({
  folder = demoModelFolder,
  signal,
  onProgress
}: {folder?: string; signal?: AbortSignal; onProgress?: (progress: ConversionProgress) => void} = {}): Promise<string> {
  if (!(await isCurrent(folder))) {
    await writeFolderAtomically(
      folder,
      (temporary) => writeDemoModel(temporary, {signal, onProgress}),
      () => isCurrent(folder)
    );
  }
  return folder;
}

async function isCurrent(folder: string): Promise<boolean> {
  try {
    const {source, untrained} = parseManifest(await folderBundle(folder).read("manifest.json"), folder);
    return !untrained || source.revision === demoRecipe;
  } catch {
    return false;
  }
}

async function writeDemoModel(
  folder: string,
  {signal, onProgress}: {signal?: AbortSignal; onProgress?: (progress: ConversionProgress) => void}
): Promise<void> {
  const {config, weights} = makeDemoCheckpoint();
  const checkpoint = {
    name: "UCE demo, untrained",
    config,
    weights: memoryReader("model.safetensors", weights),
    species: [{name: "human", genes: parseGenes(await readFile(humanGenes, "utf8"))}],
    source: {
      name: "scripts/make-demo-model.ts",
      revision: demoRecipe,
      sha256: await sha256(weights),
      note: "random weights: structure reflects composition and position only"
    },
    untrained: true
  };
  await convertCheckpoint(checkpoint, folderWorkspace(folder), {
    signal,
    onProgress,
    openEncoder: (bundle) => openNodeEncoder(bundle, {precision: "fp32"})
  });
}
