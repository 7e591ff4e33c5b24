import {streamRows} from "../../core/anndata/stream-rows.js";
import {normalize, type CellProbabilities} from "../../core/cells/normalize.js";
import {samplingSeeds} from "../../core/cells/sampling-seeds.js";
import {WorkbookError} from "../../core/errors.js";
import type {NamedGeneSet} from "../../core/genesets/parse-gmt.js";
import {explainCell, type CellExplanation, type LeftOutGenes} from "../../core/pipeline/explain-cell.js";
import {modelForFile} from "../../core/pipeline/model-for-file.js";
import {prepareCells, type PreparedCells} from "../../core/pipeline/prepare-cells.js";
import {neighborVotes} from "../../core/reference/neighbor-votes.js";
import type {Reference} from "../../core/reference/reference.js";
import {parseRepairs} from "../../core/repair-kinds.js";
import type {Sampling} from "../../core/types.js";
import {nearestInOther} from "../../core/vectors/nearest-in-other.js";
import {nodeAliases} from "../node-aliases.js";
import {openBackend} from "../node-backend.js";
import {openNodeModel} from "../node-model.js";
import {integerOption, usage, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {withCellsFile, type CellsFile} from "./counts-file.js";
import {readReference} from "./read-reference.js";
import {geneSetsAsked} from "./gene-sets-asked.js";

/** `explain FILE --cell NAME`: which genes a cell's vector depends on, by leaving them out of its sentences. */
export async function runExplain({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {signal, progress} = context;
  const draws = integerOption(options, "draws", 4, 2, 64);
  const top = integerOption(options, "top", 10, 1, 200);
  const sampling = (options["sampling"] as Sampling | undefined) ?? "reference";
  const {genes, sets, reference: place, by} = options;
  const asked = genes === undefined && sets === undefined ? null : await geneSetsAsked({genes, sets}, "each");
  await withCellsFile(argument, signal, async (file) => {
    const choice = {species: options["species"], geneColumn: options["gene-column"]};
    const model = await modelForFile(await openNodeModel(options["model"], signal), file.anndata, choice, signal);
    const known = place === undefined ? null : (await readReference(place, by, signal)).reference;
    if (known !== null && known.model !== null && known.model.hash !== model.hash) throw otherModel(known);
    const row = rowOf(options["cell"], file);
    const load = {
      matrix: options["matrix"] ?? null,
      geneColumn: choice.geneColumn ?? null,
      species: choice.species ?? null,
      repair: parseRepairs(options["repair-genes"] ?? "certain")
    };
    const how = {model, aliases: nodeAliases, signal};
    const prepared = await prepareCells(file.anndata, model.genes, load, Int32Array.of(row), how);
    const cell = await cellOf(prepared, row, signal);
    const candidates = asked === null ? mostProbable(cell, prepared, top) : named(asked, prepared);
    const {anndata} = file;
    const seedOf = await samplingSeeds("row", prepared.rows, {nCells: anndata.nObs, names: () => anndata.obsNames()});
    const encoder = await openBackend(model, {signal});
    try {
      const found = await explainCell(cell, prepared.alignment, encoder, candidates, {
        constants: model.manifest.sentence,
        sampling,
        seedOf: (k) => seedOf(row, k),
        draws,
        signal,
        onProgress: (done, total) => progress.update("embed sentences", done, total)
      });
      const labels = known === null ? null : await labelsOf(found, known);
      const facts = {file: anndata.name, cell: anndata.obsNames()[row], row, draws, noise: found.noise};
      const parts = found.parts.map(({name, shown, share, move, control}, i) => {
        return {name, shown, share, move, control, ...(labels === null ? {} : {label: labels[i + 1]})};
      });
      const label = labels === null ? {} : {label: labels[0]};
      if (options["json"]) return context.print(JSON.stringify({...facts, ...label, parts}));
      context.print(explainText({...facts, ...label, parts}));
    } finally {
      await encoder.close();
    }
  });
}

function rowOf(name: string, {anndata}: CellsFile): number {
  const row = anndata.obsNames().indexOf(name);
  if (row >= 0) return row;
  if (/^\d+$/.test(name) && Number(name) < anndata.nObs) return Number(name);
  throw usage("bad-option", `${anndata.name} has no cell "${name}"`, "give a cell's name, or its row counted from 0");
}

async function cellOf({anndata, matrix, alignment}: PreparedCells, row: number, signal: AbortSignal) {
  for await (const block of streamRows(anndata, matrix, {rows: Int32Array.of(row), signal})) {
    const [cell] = normalize(block, alignment);
    if (cell.status === "ok") return cell;
  }
  throw new WorkbookError({
    domain: "cells",
    code: "no-sentence",
    fault: `the cell in row ${row} of ${anndata.name} has no counts that can be sampled`,
    remedy: "choose a cell with status ok (embed tells)"
  });
}

/** Each of the cell's most probable genes by itself, and all of them together. */
function mostProbable(
  {genes, probabilities}: CellProbabilities,
  {alignment}: PreparedCells,
  top: number
): LeftOutGenes[] {
  const order = [...genes.keys()].sort((a, b) => probabilities[b] - probabilities[a] || a - b).slice(0, top);
  const each = order.map((place) => ({name: alignment.symbols[genes[place]], genes: [genes[place]]}));
  const all = {name: `all ${each.length} together`, genes: each.flatMap((one) => one.genes)};
  return each.length > 1 && each.length < genes.length ? [...each, all] : each;
}

function named(sets: readonly NamedGeneSet[], {alignment, anndata}: PreparedCells): LeftOutGenes[] {
  return sets.map(({name, genes}) => {
    const wanted = new Set(genes);
    const found = [...alignment.symbols.keys()].filter((gene) => wanted.has(alignment.symbols[gene]));
    if (found.length > 0) return {name, genes: found};
    throw new WorkbookError({
      domain: "genes",
      code: "no-gene",
      fault: `the model knows none of the genes of ${name} in ${anndata.name} (${genes.slice(0, 5).join(", ")})`,
      remedy: "write them as the file does; capitals and small letters differ"
    });
  });
}

interface VotedLabel {
  name: string;
  share: number;
}

/** What 15 neighbors of the reference vote for: of the mean vector, then without each part. */
async function labelsOf({vector, parts}: CellExplanation, reference: Reference): Promise<VotedLabel[]> {
  const all = [vector, ...parts.map((part) => part.vector)];
  const {width, codes, names, vectors} = reference;
  const labeled = Int32Array.from(codes.keys()).filter((cell) => codes[cell] >= 0);
  const stacked = Float32Array.from(all.flatMap((one) => [...one]));
  const among = Float32Array.from(
    [...labeled].flatMap((cell) => [...vectors.subarray(cell * width, (cell + 1) * width)])
  );
  const neighbors = await nearestInOther(stacked, among, width, 15);
  const votes = neighborVotes(
    neighbors,
    labeled.map((cell) => codes[cell])
  );
  return all.map((_, i) => ({name: names[votes.codes[i]], share: votes.shares[i]}));
}

interface Explained {
  cell: string;
  draws: number;
  noise: number;
  label?: VotedLabel;
  parts: {name: string; shown: number; share: number; move: number; control: number; label?: VotedLabel}[];
}

function explainText({cell, draws, noise, label, parts}: Explained): string {
  const voted = (of: VotedLabel | undefined) =>
    of === undefined ? "" : `, ${of.name} (${(100 * of.share).toFixed(0)} %)`;
  const beyond = parts.filter(({move, control}) => move > noise && move > 1.5 * control);
  return [
    `${cell}: mean of ${draws} sentences${voted(label)}; other seeds move it by ${noise.toFixed(4)}`,
    ...parts.map(
      ({name, shown, share, move, control, label: after}) =>
        `  without ${name} (${shown === 1 ? "1 gene" : `${shown} genes`}, ${(100 * share).toFixed(1)} %): ${move.toFixed(4)}, other genes ${control.toFixed(4)}${voted(after)}`
    ),
    beyond.length === 0
      ? "  none moves it beyond the seed and beyond other genes: no one of these decides"
      : `  beyond the seed and beyond other genes: ${beyond.map(({name}) => name).join(", ")}`
  ].join("\n");
}

function otherModel({name, model}: Reference): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "other-model",
    fault: `${name} was made by another model (${model?.name})`,
    remedy: "use a reference of this model, or name its model with --model"
  });
}
