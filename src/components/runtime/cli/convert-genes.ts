import {readFile} from "node:fs/promises";
import {parseGeneDictionary} from "../../core/cells/gene-dictionary.js";
import {parseGenes} from "../../core/cells/genes-csv.js";
import {isWorkbookError, WorkbookError} from "../../core/errors.js";
import type {ModelGene} from "../../core/types.js";
import {usage} from "./arguments.js";

const humanGenes = new URL("../../../data/human-genes.csv", import.meta.url);

/**
 * The genes of a conversion and their species: of `--genes` (the dictionary of the checkpoint, or a table of genes) and
 * `--species`; our human table without. Throws a WorkbookError of domain "usage", "checkpoint" or "genes".
 */
export async function readConvertGenes(
  options: Record<string, string>
): Promise<{genes: ModelGene[]; species: string}> {
  const {genes: path, species} = options;
  if (path === undefined) {
    if (species !== undefined && species !== "human")
      throw usage("missing-option", `--species ${species} needs a gene dictionary`, "add --genes DICT.json");
    return {genes: parseGenes(await readFile(humanGenes, "utf8")), species: "human"};
  }
  const content = await text(path);
  try {
    if (path.endsWith(".csv")) return {genes: parseGenes(content), species: species ?? "human"};
    const genes = parseGeneDictionary(content, species);
    return {genes, species: species ?? Object.keys(JSON.parse(content) as object)[0]};
  } catch (cause) {
    if (!isWorkbookError(cause)) throw cause;
    throw new WorkbookError({...cause.details, fault: `${path}: ${cause.details.fault}`}, {cause});
  }
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "is not there" : "cannot be read";
    const remedy = "give a gene dictionary (.json) or a table of genes (.csv)";
    throw new WorkbookError({domain: "checkpoint", code: "missing", fault: `${path} ${why}`, remedy}, {cause});
  }
}
