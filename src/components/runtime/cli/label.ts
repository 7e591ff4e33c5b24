import {basename} from "node:path";
import {labelEmbeddings, type LabelFacts} from "../../core/pipeline/label-embeddings.js";
import {readEmbeddings} from "../../core/tables/embeddings.js";
import {readProvenance} from "../../core/tables/provenance.js";
import {software} from "../software.js";
import {integerOption, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {requireWritable, writeTable} from "./outputs.js";
import {readReference} from "./read-reference.js";
import {readTable} from "./read-table.js";
import {wholePercent} from "../../views/format.js";

/** `label TABLE --reference R --by NAME --out TABLE`: labels embedded cells by their nearest cells of a reference, or says that they are unknown. */
export async function runLabel({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {signal, progress, print} = context;
  const {reference: place, by, out} = options;
  const k = integerOption(options, "neighbors", 15, 1, 200);
  for (const input of [argument, place]) await requireWritable(options, input, context);
  const embeddings = await readTable(argument);
  const name = basename(argument);
  const {reference, calibration} = await readReference(place, by, signal);
  const {table, facts} = await labelEmbeddings(
    readEmbeddings(embeddings),
    {reference, calibration, by: by ?? null, neighbors: k, hash: null},
    {software, origin: readProvenance(embeddings), name},
    {
      signal,
      onProgress: (share) =>
        void (Number.isNaN(share) || progress.update("label, percent", Math.round(100 * share), 100))
    }
  );
  await writeTable(out, table, context);
  const {labels, unknown, compared, heldOut} = facts;
  if (options["json"]) {
    const counted = {file: name, out, cells: table.numRows, labeled: compared - unknown, unknown};
    return print(JSON.stringify({...counted, labels, reference: reference.name, heldOut}));
  }
  const named = labels.filter(({cells}) => cells > 0).sort((a, b) => b.cells - a.cells);
  const listed = named.map(({name, cells}) => `${cells} ${name}`).join(", ");
  print(`${out}: ${listed === "" ? "" : `${listed}; `}${unknown} of ${compared} unknown`);
  print(trustText(reference.name, heldOut));
  if (unknown > compared / 2)
    print(
      "  more than half are unknown: the reference may lack their types, or they differ from it by batch or protocol"
    );
}

/** What the reference's held-out cells say of such labels. */
function trustText(name: string, heldOut: LabelFacts["heldOut"]): string {
  const {cells, unknown, accuracy, macroRecall, calibrationError, labels} = heldOut;
  const missed = labels.filter(({unknownIfMissing}) => unknownIfMissing < 0.5).map((label) => label.name);
  const lines = [
    `  on ${cells} held-out cells of ${name}: ${wholePercent(unknown)} unknown, of the others ${wholePercent(accuracy)} correct (macro recall ${macroRecall.toFixed(2)}, calibration error ${calibrationError.toFixed(3)})`
  ];
  if (missed.length > 0)
    lines.push(`  if the reference lacked them, most cells of these would not be noticed: ${missed.join(", ")}`);
  return lines.join("\n");
}
