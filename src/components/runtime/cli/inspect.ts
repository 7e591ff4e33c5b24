import {openAnnData} from "../../core/anndata/anndata.js";
import {inspectAnnData, type Inspection} from "../../core/anndata/inspect.js";
import {modelForFile} from "../../core/pipeline/model-for-file.js";
import {parseRepairs} from "../../core/repair-kinds.js";
import {nodeAliases} from "../node-aliases.js";
import {openNodeModel} from "../node-model.js";
import {openData} from "../open-data.js";
import type {Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {tellTraffic, trafficWords} from "./traffic.js";

/** `inspect FILE`: prints what is in the file, as text or (--json) as one JSON object (docs/command-line.md). */
export async function runInspect({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {signal, print, progress} = context;
  const onProgress = (done: number, total: number) => progress.update("turn into rows, entries", done, total);
  const data = await openData(argument, {signal, onProgress, onTraffic: tellTraffic(progress, argument)});
  try {
    const anndata = openAnnData(data.reader);
    const choice = {species: options["species"], geneColumn: options["gene-column"]};
    const model = await modelForFile(await openNodeModel(options["model"], signal), anndata, choice, signal);
    const {genes, manifest} = model;
    const inspection = await inspectAnnData(anndata, {
      genes: new Set(genes.map(({symbol}) => symbol)),
      model,
      asked: options["species"] !== undefined,
      matrix: options["matrix"],
      geneColumn: options["gene-column"],
      repair: parseRepairs(options["repair-genes"] ?? "certain"),
      aliases: nodeAliases,
      trainedOn: manifest.trainedOn,
      signal
    });
    print(options["json"] ? JSON.stringify(inspection, null, 2) : inspectionText(inspection, manifest.name));
    if (data.traffic !== null) progress.note(`${anndata.name}: ${trafficWords(data.traffic(), argument)}`);
  } finally {
    await data.close();
  }
}

/** An inspection as text: a block for the file, its matrices, its genes, its columns, its problems. */
function inspectionText(inspection: Inspection, model: string): string {
  const {file, layout, nObs, nVar, matrices, matrix, genes, obs, obsm, problems} = inspection;
  const lines = [
    `${file.name}: ${nObs.toLocaleString("en")} cells, ${nVar.toLocaleString("en")} genes (${layout}, ${size(file.bytes)})`,
    "",
    "Matrices",
    ...matrices.map(({name, encoding, dtype, nRows, nCols, fault, evidence}) => {
      const what = fault ?? (evidence === null ? "not looked at" : `${evidence.verdict}: ${evidence.why}`);
      return `  ${name === matrix.name ? "*" : " "} ${name}  ${encoding} ${dtype} ${nRows} x ${nCols}  ${what}`;
    }),
    `  ${matrix.name === null ? "none can be used" : `${matrix.name} is used`}: ${matrix.reason}`
  ];
  if (genes !== null) {
    const lost = genes.countShare === null ? "" : `; they hold ${percent(genes.countShare)} of the counts looked at`;
    lines.push(
      "",
      `Genes (names from ${genes.source})`,
      `  ${genes.aligned} of ${genes.nGenes} are known to ${model}${lost}`,
      ...speciesLines(genes.species)
    );
  }
  if (genes !== null) lines.push(...repairLines(genes.repair));
  if (obs.length > 0)
    lines.push(
      "",
      "Columns of obs",
      ...obs.map(
        ({name, kind, categories, fault}) =>
          `    ${name}  ${fault === undefined ? kind : "unreadable"}${categories === undefined ? "" : ` (${categories})`}`
      )
    );
  if (obsm.length > 0)
    lines.push("", "Arrays of obsm", ...obsm.map(({name, nRows, nCols}) => `    ${name}  ${nRows} x ${nCols}`));
  lines.push("", problems.length === 0 ? "No problems." : "Problems");
  lines.push(
    ...problems.map(
      ({severity, message, place, remedy}) => `  ${severity}: ${message}${place ? ` (at ${place})` : ""}: ${remedy}`
    )
  );
  return lines.join("\n");
}

const evidence = {
  ids: "beginnings of ids",
  genome: "the genome before the names",
  symbols: "the model's symbols",
  case: "symbols in other letters"
};

/** Which species the genes show, by what, and the one that they are read as. */
function speciesLines({verdict, found, used, asked}: Inspection["genes"]["species"]): string[] {
  const each = found.map(({species, inModel, genes, by, countShare}) => {
    const counts = countShare === null ? "" : `, ${percent(countShare)} of the counts`;
    return `${species}${inModel ? "" : " (not in the model)"}: ${genes} names by ${evidence[by]}${counts}`;
  });
  const words = verdict === "unclear" ? ["not told by the names", ...each] : each;
  return [`  species ${words.join("; ")}; read as ${used}${asked ? ", as asked" : ""}`];
}

/** Names that were or could be repaired, the first of each kind, and those that are not guessed. */
function repairLines({kinds, settled, unclear, clashes}: Inspection["genes"]["repair"]): string[] {
  const list = (what: string, {names, examples}: {names: number; examples: string[]}) =>
    names === 0 ? [] : [`  ${what} (${names}): ${examples.slice(0, 12).join(", ")}${names > 12 ? ", ..." : ""}`];
  const pair = ({from, to}: {from: string; to: string}) => `${from} -> ${to}`;
  const lines = [
    ...kinds.flatMap(({kind, taken, names, examples}) =>
      list(`${taken ? "repaired" : "could be repaired"}, ${kind}`, {names, examples: examples.map(pair)})
    ),
    ...list("settled", {...settled, examples: settled.examples.map(pair)}),
    ...list("not guessed", {
      ...unclear,
      examples: unclear.examples.map(({name, symbols}) => `${name} -> ${symbols.join(" or ")}`)
    }),
    ...list("not repaired, since two names would be one symbol", {
      ...clashes,
      examples: clashes.examples.map(({name, symbol, other}) => `${name} -> ${symbol} (${other})`)
    })
  ];
  return lines.length === 0 ? [] : ["", "Repairs of gene names (--repair-genes)", ...lines];
}

function size(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
