import {presetSets} from "../../core/genesets/preset-sets.js";
import {modelForFile} from "../../core/pipeline/model-for-file.js";
import {explainCells, type AskedChange} from "../../core/explain/explain-cells.js";
import type {ExplainedCells, ExplainedPart} from "../../core/explain/gather-explained.js";
import {prepareCells} from "../../core/pipeline/prepare-cells.js";
import {requireSameModel} from "../../core/reference/require-same-model.js";
import type {VotedLabel} from "../../core/reference/vote-labels.js";
import {parseRepairs} from "../../core/repair-kinds.js";
import type {Sampling} from "../../core/types.js";
import {nodeAliases} from "../node-aliases.js";
import {openBackend} from "../node-backend.js";
import {openNodeModel} from "../node-model.js";
import {integerOption, usage, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {withCellsFile, type CellsFile} from "./counts-file.js";
import {geneSetsAsked} from "./gene-sets-asked.js";
import {readReference} from "./read-reference.js";

/** `explain FILE --cell NAME`: which genes a cell's vector depends on, by leaving them out of its sentences or adding them. */
export async function runExplain({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {signal, progress} = context;
  const draws = integerOption(options, "draws", 4, 2, 64);
  const sampling = (options["sampling"] as Sampling | undefined) ?? "reference";
  const {reference: place, by} = options;
  const changes = await changesAsked(options);
  const isAsked = changes.length > 0 || options["kinds"] !== undefined;
  const top = isAsked ? 0 : integerOption(options, "top", 10, 1, 200);
  await withCellsFile(argument, signal, async (file) => {
    const {anndata} = file;
    const choice = {species: options["species"], geneColumn: options["gene-column"]};
    const model = await modelForFile(await openNodeModel(options["model"], signal), anndata, choice, signal);
    const reference = place === undefined ? null : (await readReference(place, by, signal)).reference;
    if (reference !== null) requireSameModel(anndata.name, {name: model.manifest.name, hash: model.hash}, reference);
    const row = rowOf(options["cell"], file);
    const load = {
      matrix: options["matrix"] ?? null,
      geneColumn: choice.geneColumn ?? null,
      species: choice.species ?? null,
      repair: parseRepairs(options["repair-genes"] ?? "certain")
    };
    const how = {model, aliases: nodeAliases, signal};
    const prepared = await prepareCells(anndata, model.genes, load, Int32Array.of(row), how);
    const kinds = options["kinds"] === undefined ? [] : presetSets(prepared.names.names);
    const encoder = await openBackend(model, {signal});
    try {
      const found = await explainCells(
        prepared,
        encoder,
        {changes: [...changes, ...kinds.map((set): AskedChange => ({...set, how: "leave out"}))], top, draws},
        {
          constants: model.manifest.sentence,
          sampling,
          seeds: "row",
          labeled: reference === null ? null : {reference, rows: null},
          signal,
          onProgress: (share) => progress.update("embed sentences, percent", Math.round(100 * share), 100)
        }
      );
      const told = facts(anndata.name, anndata.obsNames()[row], found);
      context.print(options["json"] ? JSON.stringify(told) : explainText(told));
    } finally {
      await encoder.close();
    }
  });
}

/** Genes and sets to leave out, and genes to add, each by itself; none where neither was asked for. */
async function changesAsked({genes, sets, add}: Record<string, string | undefined>): Promise<AskedChange[]> {
  const out = genes === undefined && sets === undefined ? [] : await geneSetsAsked({genes, sets}, "each");
  const added = add === undefined ? [] : await geneSetsAsked({genes: add}, "each");
  return [
    ...out.map((set): AskedChange => ({...set, how: "leave out"})),
    ...added.map((set): AskedChange => ({...set, how: "add"}))
  ];
}

function rowOf(name: string, {anndata}: CellsFile): number {
  const row = anndata.obsNames().indexOf(name);
  if (row >= 0) return row;
  if (/^\d+$/.test(name) && Number(name) < anndata.nObs) return Number(name);
  throw usage("bad-option", `${anndata.name} has no cell "${name}"`, "give a cell's name, or its row counted from 0");
}

interface Explained {
  file: string;
  cell: string;
  row: number;
  draws: number;
  noise: number;
  reach: number;
  label?: VotedLabel;
  missing: string[];
  parts: (Pick<ExplainedPart, "name" | "how" | "shown" | "share" | "move" | "control" | "decides"> & {
    label?: VotedLabel;
  })[];
}

/** What is said of a cell: the label only where a reference was given. */
function facts(
  file: string,
  cell: string,
  {rows, draws, noise, reach, labels, missing, parts}: ExplainedCells
): Explained {
  const label = (of: readonly VotedLabel[] | null) => (of === null ? {} : {label: of[0]});
  return {
    file,
    cell,
    row: rows[0],
    draws,
    noise,
    reach,
    ...label(labels),
    missing,
    parts: parts.map(({name, how, shown, share, move, control, decides, labels: after}) => {
      return {name, how, shown, share, move, control, decides, ...label(after)};
    })
  };
}

function explainText({cell, draws, noise, reach, label, missing, parts}: Explained): string {
  const voted = (of: VotedLabel | undefined) =>
    of === undefined ? "" : `, ${of.name} (${(100 * of.share).toFixed(0)} %)`;
  const deciding = parts.filter(({decides}) => decides);
  return [
    `${cell}: mean of ${draws} sentences${voted(label)}; other seeds move it by ${noise.toFixed(4)}, 95 % of them by no more than ${reach.toFixed(4)}`,
    ...parts.map(({name, how, shown, share, move, control, label: after}) => {
      const genes = shown === 1 ? "1 gene" : `${shown} genes`;
      return `  ${how === "add" ? "with" : "without"} ${name} (${genes}, ${(100 * share).toFixed(1)} %): ${move.toFixed(4)}, other genes ${control.toFixed(4)}${voted(after)}`;
    }),
    ...(missing.length === 0 ? [] : [`  not known to the model in this file: ${missing.join(", ")}`]),
    deciding.length === 0
      ? "  none moves it beyond the seed and beyond other genes: no one of these decides"
      : `  beyond the seed and beyond other genes: ${deciding.map(({name}) => name).join(", ")}`
  ].join("\n");
}
