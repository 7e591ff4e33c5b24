import {readFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {openAnnData} from "../core/anndata/anndata.js";
import {isTrainingSet} from "../core/cells/is-training-set.js";
import {trainingSet, type TrainingSet} from "../core/cells/seen-cells.js";
import {WorkbookError} from "../core/errors.js";
import {isRecord} from "../core/is-record.js";
import {openH5File} from "./node-h5.js";

/**
 * The data sets that a model was trained on, from a JSON file: either entries as a manifest's `trainedOn` has them, or an object of h5ad
 * files (in `folder`, by default the JSON's own) and what each set is called, with or without its tissue, whose cells are then read. Throws a WorkbookError of
 * domain "usage" ("bad-training-sets") for a file that is neither, and what opening an h5ad file throws.
 */
export async function readTrainingSets(path: string, folder = dirname(path)): Promise<TrainingSet[]> {
  const list = await readJson(path);
  if (Array.isArray(list) && list.length > 0 && list.every(isTrainingSet))
    return list.map(({name, cells, keys, tissue}) => ({name, cells, keys, ...(tissue !== undefined && {tissue})}));
  const files = isRecord(list) ? Object.entries(list).map(([file, said]) => ({file, ...namedSet(said)})) : [];
  if (files.length === 0 || files.some(({name}) => name === undefined))
    throw notASet(path, "is no list of training sets");
  const found: TrainingSet[] = [];
  for (const {file, name, tissue} of files) {
    const reader = await openH5File(join(folder, file));
    try {
      const anndata = openAnnData(reader);
      const set = trainingSet(name!, anndata.obsNames(), anndata.varNames());
      found.push({...set, ...(tissue !== undefined && {tissue})});
    } finally {
      reader.close();
    }
  }
  return found;
}

/** What is said of a file: its name, or its name and its tissue. */
function namedSet(said: unknown): {name?: string; tissue?: string} {
  if (typeof said === "string") return {name: said};
  const isFit = isRecord(said) && typeof said.name === "string" && ["string", "undefined"].includes(typeof said.tissue);
  return isFit ? (said as {name: string; tissue?: string}) : {};
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch (cause) {
    throw notASet(path, cause instanceof SyntaxError ? "is not JSON" : "cannot be read", cause);
  }
}

function notASet(path: string, what: string, cause?: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "usage",
      code: "bad-training-sets",
      fault: `${path} ${what}`,
      remedy:
        'give JSON like {"cells.h5ad": "name of the data set"}, with files beside it, or a list of name, cells and keys'
    },
    {cause}
  );
}
