import type {KnownPace} from "../core/model/expected-cost.js";
import {expectedPace} from "../core/model/expected-cost.js";
import {fewestOwnCells} from "../core/model/fewest-own-cells.js";
import type {LoadParameters} from "../core/pipeline/prepare-cells.js";
import type {OpenFile} from "../core/stages/stage.js";
import type {KeptModel} from "../runtime/browser/kept-models.js";
import {measureModel} from "../runtime/browser/model-maker.js";
import {processorRate, rememberedPace} from "../runtime/browser/pace.js";
import {formatBytes, formatCount, formatRemaining} from "../views/format.js";
import {modelProgress} from "../views/model-progress.js";
import {variantsQuestion} from "../views/variants-question.js";
import {variantsResult} from "../views/variants-result.js";
import {blobOf} from "./browser.js";
import {smallerBytes} from "./variant-words.js";

/** Cells that variants are measured on. */
export interface MeasuringCells {
  file: OpenFile;
  /** Matrix and names of genes as they are chosen on the page. */
  load?: LoadParameters;
}

/** Where a measurement shows itself, and whom it tells. */
export interface MeasureHost {
  /** Shows an element in place of what was there, and takes the focus there. */
  show(element: HTMLElement): void;
  /** It is over: agreed to or not, canceled, failed or read. */
  end(): void;
  begin(stop: AbortController): void;
  /** The model that was made; null where none is near enough. */
  done(made: string | null): Promise<void>;
  fail(error: unknown, canceled: boolean): void;
}

/** Most cells that are taken of a file. */
const most = 600;

/** Asks whether smaller variants of a kept model shall be measured on some cells, measures them, and shows what was found. */
export function measureTask(
  model: KeptModel,
  {file, load}: MeasuringCells,
  known: readonly KnownPace[],
  host: MeasureHost
): void {
  const {name} = model.manifest;
  const cells = `${formatCount(Math.min(most, file.cellIds.length), "cell")} of ${file.name}`;
  const question = variantsQuestion({
    model: name,
    cells,
    what: whatItTakes(model, file, known),
    enough: file.cellIds.length >= fewestOwnCells
  });
  question.addEventListener("refuse", () => host.end());
  question.addEventListener("agree", () => void measure());
  host.show(question);

  async function measure(): Promise<void> {
    const stop = new AbortController();
    host.begin(stop);
    const progress = modelProgress(`variants of ${name}`, {work: "measure"});
    progress.addEventListener("cancel", () => stop.abort());
    host.show(progress);
    try {
      const order = {hash: model.hash, file: {blob: blobOf(file), name: file.name}, ...(load && {load})};
      const found = await measureModel(order, {signal: stop.signal, onProgress: (step) => progress.update(step)});
      await host.done(found.made);
      const result = variantsResult(name, found);
      result.addEventListener("close", () => host.end());
      host.show(result);
    } catch (error) {
      host.end();
      host.fail(error, stop.signal.aborted);
    }
  }
}

function whatItTakes({manifest, hash, bytes}: KeptModel, {cellIds}: OpenFile, known: readonly KnownPace[]): string[] {
  const eight = formatBytes(smallerBytes(manifest, "int8"));
  const cells = Math.min(most, cellIds.length);
  const shape = {...manifest.architecture, tableRows: manifest.tableRows};
  const ms = rememberedPace(hash) ?? expectedPace(shape, known, known.length === 0 ? processorRate() : null)?.ms;
  const sentences = 3 * cells + 4 * Math.min(96, cells);
  const time =
    ms === undefined
      ? "How long it takes is known after its first cells, and is shown then."
      : `That takes about ${formatRemaining(ms * sentences)} at most, by arithmetic from what this device did before; its first cells say it better.`;
  const few =
    cellIds.length < fewestOwnCells
      ? [
          `This file has ${formatCount(cellIds.length, "cell")}; it takes at least ${fewestOwnCells}. Open a larger one, or the demo.`
        ]
      : [];
  return [
    ...few,
    `It is kept in float32 (${formatBytes(bytes)}). Its weights are stored again in float16 and in 8 bit (about ${eight}), and cells are embedded with each and compared with float32.`,
    "The smallest variant that is near enough is kept as a model of its own, and chosen. Results that were made in float32 stay with the float32 model.",
    `${time} Cancel keeps what was measured. Nothing leaves this machine.`
  ];
}
