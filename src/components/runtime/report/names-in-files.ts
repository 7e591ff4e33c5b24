import {WorkbookError} from "../../core/errors.js";
import {ask, load, openFile} from "../../notebook/node.js";
import type {ReportChoices} from "./report-data.js";

/** What a file has of the columns and genes that a report was asked for. */
export interface NamesOfFile {
  columns: string[];
  genes: string[];
}

/**
 * What each file has of the wanted columns and genes, before anything is computed; what one of several files lacks is told by `note`.
 * Throws a WorkbookError of domain "usage" ("no-such-column", "no-such-gene") if no file has one of them, and what opening a file throws;
 * `begin` is told of the file that is at work.
 */
export async function namesInFiles(
  files: readonly string[],
  wanted: NamesOfFile,
  {model, load: how, signal, note}: Pick<ReportChoices, "model" | "load" | "signal" | "note">,
  begin: (path: string) => void
): Promise<NamesOfFile[]> {
  if (wanted.columns.length + wanted.genes.length === 0) return files.map(() => wanted);
  const known: {name: string; columns: string[]; genes: string[]}[] = [];
  for (const path of files) {
    begin(path);
    const file = await openFile(path, {model, signal});
    const genes =
      wanted.genes.length === 0
        ? []
        : (await ask(load(file, {model, ...how}), "geneAlignment", {counts: false}, {signal})).names;
    known.push({name: file.name, columns: file.obs.map(({name}) => name), genes});
  }
  const where = files.length === 1 ? known[0].name : "none of the files";
  const columns = known.map((file) => new Set(file.columns));
  const genes = known.map((file) => new Set(file.genes));
  requireSome(wanted.columns, columns, (name) => ({
    code: "no-such-column",
    fault: `${where} has ${files.length === 1 ? "no" : "a"} column "${name}" in obs that can be read`,
    remedy: choice([...new Set(known.flatMap((file) => file.columns))])
  }));
  requireSome(wanted.genes, genes, (name) => ({
    code: "no-such-gene",
    fault: `${where} has ${files.length === 1 ? "no" : "a"} gene called ${name}`,
    remedy: likeOf(name, genes) ?? "use names as the file has them; capitals and small letters differ"
  }));
  return known.map(({name}, i) => ({
    columns: kept(wanted.columns, columns[i], (what) =>
      note(`${name} has no column "${what}": its report is made without`)
    ),
    genes: kept(wanted.genes, genes[i], (what) =>
      note(`${name} has no gene called ${what}: its report is made without`)
    )
  }));
}

function requireSome(
  wanted: readonly string[],
  known: readonly Set<string>[],
  error: (name: string) => {code: string; fault: string; remedy: string}
): void {
  const missing = wanted.find((name) => !known.some((names) => names.has(name)));
  if (missing !== undefined) throw new WorkbookError({domain: "usage", ...error(missing)});
}

function kept(wanted: readonly string[], known: Set<string>, missing: (name: string) => void): string[] {
  return wanted.filter((name) => known.has(name) || (missing(name), false));
}

function choice(names: readonly string[]): string {
  return names.length === 0 ? "leave --color out: there are no columns" : `choose from ${names.join(", ")}`;
}

/** The same name in other letters, if a file has it. */
function likeOf(name: string, known: readonly Set<string>[]): string | null {
  for (const names of known)
    for (const other of names) if (other.toUpperCase() === name.toUpperCase()) return `it is called ${other} there`;
  return null;
}
