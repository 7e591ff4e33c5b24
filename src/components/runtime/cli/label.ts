import {basename} from "node:path";
import {WorkbookError} from "../../core/errors.js";
import {calibrateLabels, type LabelCalibration} from "../../core/reference/calibrate-labels.js";
import type {Reference} from "../../core/reference/reference.js";
import {transferLabels} from "../../core/reference/transfer-labels.js";
import {readEmbeddings} from "../../core/tables/embeddings.js";
import {labelsTable} from "../../core/tables/labels.js";
import {derivedProvenance} from "../../core/tables/derived-provenance.js";
import {readProvenance, type Provenance} from "../../core/tables/provenance.js";
import {software} from "../software.js";
import {integerOption, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {requireWritable, writeTable} from "./outputs.js";
import {readReference} from "./read-reference.js";
import {readTable} from "./read-table.js";

/** `label TABLE --reference R --by NAME --out TABLE`: labels embedded cells by their nearest cells of a reference, or says that they are unknown. */
export async function runLabel({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {signal, progress, print} = context;
  const {reference: place, by, out} = options;
  const k = integerOption(options, "neighbors", 15, 1, 200);
  for (const input of [argument, place]) await requireWritable(options, input, context);
  const embeddings = await readTable(argument);
  const {vectors, width, index, ...cells} = readEmbeddings(embeddings);
  const {reference, calibration: kept} = await readReference(place, by, signal);
  requireSameModel(readProvenance(embeddings), basename(argument), reference);
  const tell = (label: string) => (share: number) =>
    void (Number.isNaN(share) || progress.update(label, Math.round(100 * share), 100));
  const calibration =
    kept?.k === k
      ? kept
      : await calibrateLabels(reference, {k, signal, onProgress: tell("what can be trusted, percent")});
  const work = {signal, onProgress: tell("label, percent")};
  const labels = await transferLabels(vectors, width, reference, calibration, work);
  const parameters = {reference: reference.name, by: by ?? null, labelNeighbors: k};
  const provenance = derivedProvenance("label", readProvenance(embeddings), {
    software,
    name: basename(argument),
    parameters
  });
  await writeTable(out, labelsTable({...cells, index, names: reference.names, ...labels}, provenance), context);
  const counts = reference.names.map((name, code) => ({
    name,
    cells: labels.codes.filter((one) => one === code).length
  }));
  const unknown = labels.codes.filter((code) => code < 0).length;
  if (options["json"]) {
    const facts = {file: basename(argument), out, cells: cells.rows.length, labeled: index.length - unknown, unknown};
    return print(JSON.stringify({...facts, labels: counts, reference: reference.name, heldOut: calibration.heldOut}));
  }
  const named = counts.filter(({cells}) => cells > 0).sort((a, b) => b.cells - a.cells);
  print(
    `${out}: ${named.map(({name, cells}) => `${cells} ${name}`).join(", ")}; ${unknown} of ${index.length} unknown`
  );
  print(trustText(reference, calibration));
  if (unknown > index.length / 2)
    print(
      "  more than half are unknown: the reference may lack their types, or they differ from it by batch or protocol"
    );
}

/** What the reference's held-out cells say of such labels. */
function trustText({name}: Reference, {heldOut}: LabelCalibration): string {
  const {cells, unknown, accuracy, macroRecall, calibrationError, labels} = heldOut;
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const missed = labels.filter(({unknownIfMissing}) => unknownIfMissing < 0.5).map((label) => label.name);
  const lines = [
    `  on ${cells} held-out cells of ${name}: ${percent(unknown)} unknown, of the others ${percent(accuracy)} correct (macro recall ${macroRecall.toFixed(2)}, calibration error ${calibrationError.toFixed(3)})`
  ];
  if (missed.length > 0)
    lines.push(`  if the reference lacked them, most cells of these would not be noticed: ${missed.join(", ")}`);
  return lines.join("\n");
}

function requireSameModel(provenance: Provenance | null, name: string, reference: Reference): void {
  const mine = provenance?.model;
  const theirs = reference.model;
  if (mine === undefined || theirs === null || mine.hash === theirs.hash) return;
  throw new WorkbookError({
    domain: "table",
    code: "other-model",
    fault: `${name} was made by the model ${mine.name}, ${reference.name} by ${theirs.name} (${mine.hash.slice(0, 12)}, ${theirs.hash.slice(0, 12)}): their vectors cannot be compared`,
    remedy: "embed the cells with the reference's model, or use a reference of this model"
  });
}
