import {readFile} from "node:fs/promises";
import {parseGeneDictionary} from "../../core/cells/gene-dictionary.js";
import {parseGenes} from "../../core/cells/genes-csv.js";
import {isWorkbookError, WorkbookError} from "../../core/errors.js";
import type {SpeciesGenes} from "../../core/types.js";
import {usage} from "./arguments.js";

const humanGenes = new URL("../../../data/human-genes.csv", import.meta.url);

/**
 * The genes of a conversion, by species: of `--genes` (the dictionary of the checkpoint, or a table of genes) and
 * `--species`; our human table without. Throws a WorkbookError of domain "usage", "checkpoint" or "genes".
 */
export async function readConvertGenes(options: Record<string, string>): Promise<SpeciesGenes[]> {
  const {genes: path, species} = options;
  if (path === undefined) {
    if (species !== undefined && species !== "human")
      throw usage("missing-option", `--species ${species} needs a gene dictionary`, "add --genes DICT.json");
    return [{name: "human", genes: parseGenes(await readFile(humanGenes, "utf8"))}];
  }
  const names = species?.split(",").map((name) => name.trim());
  if (names?.includes("") === true)
    throw usage(
      "bad-option",
      `--species "${species}" names none`,
      "name species of the dictionary, with commas, or all"
    );
  const content = await text(path);
  try {
    if (path.endsWith(".csv")) return [{name: oneName(path, names), genes: parseGenes(content)}];
    return parseGeneDictionary(content, species === "all" ? "all" : names);
  } catch (cause) {
    if (!isWorkbookError(cause)) throw cause;
    throw new WorkbookError({...cause.details, fault: `${path}: ${cause.details.fault}`}, {cause});
  }
}

function oneName(path: string, names: readonly string[] = ["human"]): string {
  if (names.length === 1) return names[0];
  throw usage("bad-option", `${path} is a table of one species`, "name one species, or give a gene dictionary (.json)");
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
