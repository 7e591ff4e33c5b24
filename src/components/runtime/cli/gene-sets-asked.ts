import {readFile} from "node:fs/promises";
import {basename} from "node:path";
import {WorkbookError} from "../../core/errors.js";
import {parseGmt, type NamedGeneSet} from "../../core/genesets/parse-gmt.js";
import {systemWords} from "../../core/system-words.js";
import {usage} from "./arguments.js";

/**
 * Sets of genes as a command is given them: `genes`, with commas, as one set ("together") or a set each, or `sets`, a GMT file. Throws a usage error unless one of the two is there, and
 * a WorkbookError for a file that cannot be read or is no GMT.
 */
export async function geneSetsAsked(
  {genes, sets}: {genes?: string; sets?: string},
  how: "together" | "each"
): Promise<NamedGeneSet[]> {
  if ((genes === undefined) === (sets === undefined))
    throw usage("missing-option", "either --genes or --sets is needed", "name genes, or a GMT file");
  if (genes !== undefined) {
    const list = [...new Set(genes.split(",").map((gene) => gene.trim()))].filter((gene) => gene !== "");
    return how === "each"
      ? list.map((gene) => ({name: gene, genes: [gene]}))
      : [{name: list.slice(0, 3).join("+"), genes: list}];
  }
  const text = await readFile(sets!, "utf8").catch((cause: unknown) => {
    const fault = `${sets} cannot be read: ${systemWords(cause)}`;
    throw new WorkbookError({domain: "file", code: "unreadable", fault, remedy: "check the path and its permissions"});
  });
  return parseGmt(text, basename(sets!));
}
