// node --import tsx scripts/add-training-sets.ts MODEL_FOLDER LIST DATA_FOLDER: writes into a bundle's manifest.json which data sets the
// model was trained on, so that their cells are recognized (docs/formats.md). LIST is JSON: the name of each h5ad file in
// DATA_FOLDER, and what the set is called. `convert --trained-on` does the same for a model that is being converted.
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {Manifest} from "../src/components/core/model/bundle.js";
import {parseManifest} from "../src/components/core/model/manifest.js";
import {readTrainingSets} from "../src/components/runtime/training-sets.js";

const [folder, list, data] = process.argv.slice(2);
if (folder === undefined || list === undefined || data === undefined)
  throw new Error("name the model's folder, the list of its training sets and the folder with their files");

const trainedOn = await readTrainingSets(list, data);
const place = join(folder, "manifest.json");
const manifest = {...(JSON.parse(await readFile(place, "utf8")) as Manifest), trainedOn};
const bytes = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
parseManifest(bytes, folder);
await writeFile(place, bytes);
for (const {name, cells, keys} of trainedOn) process.stdout.write(`${name}: ${cells} cells, ${keys.length} keys\n`);
