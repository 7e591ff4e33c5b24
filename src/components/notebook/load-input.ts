import {isAbort} from "../core/errors.js";
import {publicFilterLimits} from "../core/cells/public-filter-limits.js";
import type {CellSelection} from "../core/cells/select-rows.js";
import type {QualityThresholds} from "../core/cells/quality-filter.js";
import {certainRepairs, formatRepairs} from "../core/repair-kinds.js";
import {hasThresholds} from "../core/stages/cell-choice.js";
import {load, type LoadOptions, type OpenFile} from "../core/stages/stage.js";
import {rememberedPace} from "../runtime/browser/pace.js";
import {bound} from "../views/address-input.js";
import {cellChoice} from "../views/cell-choice.js";
import {extend, h, setText} from "../views/dom.js";
import {formatCount, formatInteger, formatShare} from "../views/format.js";
import {matrixPicker} from "../views/matrix-picker.js";
import {noticeOf} from "../views/notice-list.js";
import {repairInput} from "../views/repair-input.js";
import {noThresholds, qualityView} from "../views/quality-view.js";
import {ask, model as modelFacts} from "./browser.js";
import {repairsFromText} from "./repairs-text.js";
import {cellsFromText, cellsToText, thresholdsFromText, thresholdsToText} from "./cells-text.js";
import {chooseOfFile, type InspectChoice} from "./file-choice.js";
import {geneColumnInput} from "./gene-column-input.js";
import {modelInAddress} from "./model-in-address.js";
import {matrixRows, stratifiable} from "./opened-file.js";
import {speciesInput} from "./species-input.js";

/** The choices of the load stage, as an input: its value is what `load` takes. */
export type LoadInput = HTMLElement & {readonly value: LoadOptions};

/** Problems of gene names that want a look at the choices. */
const oddNames = ["no-gene-in-common", "better-gene-column", "two-species", "species-unclear"];

/** Files of no more cells are run as they are, so their choices are folded up. */
const fewCells = 300;

/** How the form of the load stage is made. */
export interface LoadInputOptions {
  /** Shows the matrices though they need no look (false). */
  open?: boolean;
  /** The model whose genes are looked for in the file, and whose pace tells times (null: the site's own). */
  model?: string | null;
}

/**
 * Matrix, species, gene names, quality thresholds and cells of a file. Bound to the address ("matrix", "species", "genes", "repair", "quality",
 * "filter", "cells"). What needs no look is folded up; with `open` the matrices are shown all the same.
 */
export function loadInput(file: OpenFile, {open = false, model = null}: LoadInputOptions = {}): LoadInput {
  const {inspection} = file;
  const picker = matrixPicker(matrixRows(inspection), inspection.matrix.name, {
    reason: inspection.matrix.reason,
    anyMatrix: true
  });
  const matrix = bound(picker, {name: "matrix", parse: (text) => text});
  const genes = geneColumnInput(file);
  const species = speciesInput(file);
  const repair = bound(repairInput(inspection.genes.repair), {
    name: "repair",
    parse: repairsFromText,
    format: formatRepairs
  });
  repair.hidden = inspection.genes.repair.kinds.length + inspection.genes.repair.unclear.examples.length === 0;
  const quality = bound(qualityView("not measured yet"), {
    name: "quality",
    default: noThresholds,
    parse: thresholdsFromText,
    format: thresholdsToText
  });
  const filter = filterBox();
  const choice = cellChoice({nCells: file.cellIds.length, obsColumns: stratifiable(file), msPerCell: null});
  const cells = bound(choice, {name: "cells", parse: cellsFromText, format: cellsToText});
  const fold = (open: boolean, words: string, ...content: (HTMLElement | null)[]) => {
    const summary = h("summary", {}, words);
    return {summary, element: h("details", {open}, summary, content)};
  };
  const isOdd =
    !inspection.matrix.isCounts ||
    inspection.problems.some(({code}) => oddNames.includes(code)) ||
    inspection.genes.repair.kinds.length > 0;
  const ofMatrix = fold(isOdd || open, "", matrix, species, genes, repair);
  const ofQuality = fold(hasThresholds(quality.value) || filter.box.checked, "", quality, filter.field);
  const ofCells = fold(file.cellIds.length > fewCells, "", cells);
  const root = h("div", {class: "wb-settings"}, ofMatrix.element, ofQuality.element, ofCells.element);

  const name = (): void => {
    setText(
      ofMatrix.summary,
      `Matrix: ${matrix.value ?? "none"}; gene names: ${genes.value ?? inspection.genes.source}`
    );
    setText(ofQuality.summary, thresholdWords(quality.value, filter.box.checked));
    setText(ofCells.summary, cellWords(cells.value, file.cellIds.length));
  };
  measureWhenOpen(ofQuality.element, file, root, quality, model);
  void tellPace(file, choice, model);
  root.addEventListener("input", name);
  name();
  tellChanges(file, root, () => ({
    model,
    matrix: matrix.value === inspection.matrix.name ? null : matrix.value,
    geneColumn: genes.value,
    species: species.value,
    repair: formatRepairs(repair.value) === formatRepairs(certainRepairs) ? undefined : repair.value
  }));
  return extend(root, {
    get value(): LoadOptions {
      return {
        matrix: matrix.value,
        species: species.value,
        geneColumn: genes.value,
        repair: repair.value,
        filter: filter.box.checked ? "public" : "none",
        cells: cells.value,
        thresholds: quality.value
      };
    }
  });
}

const toldModels = new WeakMap<OpenFile, string | null | undefined>();

/** What is said of the file follows the choice; it was opened with the one that the address had. */
function tellChanges(file: OpenFile, form: HTMLElement, choice: () => InspectChoice): void {
  let told = JSON.stringify(choice());
  const {model} = choice();
  if (toldModels.get(file) !== model) {
    // A file is opened with the model of the address; another is told of once the page has it.
    if (toldModels.has(file) || model !== modelInAddress()) chooseOfFile(file, choice());
    toldModels.set(file, model);
  }
  form.addEventListener("input", () => {
    if (told === (told = JSON.stringify(choice()))) return;
    chooseOfFile(file, choice());
  });
}

/** Every cell is read for the histograms, so not before somebody looks. */
function measureWhenOpen(
  fold: HTMLDetailsElement,
  file: OpenFile,
  form: HTMLElement,
  quality: ReturnType<typeof qualityView>,
  model: string | null
): void {
  let asked = "";
  let stop = new AbortController();
  const measure = async (): Promise<void> => {
    const {matrix, species, geneColumn, repair} = (form as LoadInput).value;
    const wanted = JSON.stringify([matrix, species, geneColumn, repair]);
    if (!fold.open || asked === wanted) return;
    asked = wanted;
    stop.abort();
    const {signal} = (stop = new AbortController());
    const told = (share: number) => `Reading the counts of every cell: ${formatShare(share)}`;
    quality.update("Reading the counts of every cell …");
    try {
      const counts = load(file, {matrix, species, geneColumn, repair, model});
      const onProgress = (done: number, total: number) => signal.aborted || quality.update(told(done / total));
      quality.update(await ask(counts, "quality", {}, {signal, onProgress}));
    } catch (error) {
      if (signal.aborted) return;
      asked = "";
      if (!isAbort(error)) quality.update(noticeOf(error).message);
    }
  };
  fold.addEventListener("toggle", () => void measure());
  form.addEventListener("input", () => void measure());
  if (fold.open) setTimeout(() => void measure(), 0);
}

/** The times beside the choices, once the model's pace on this device is known. */
async function tellPace(file: OpenFile, choice: ReturnType<typeof cellChoice>, chosen: string | null): Promise<void> {
  const msPerCell = await modelFacts(chosen).then(
    ({hash}) => rememberedPace(hash),
    () => null
  );
  choice.update({nCells: file.cellIds.length, obsColumns: stratifiable(file), msPerCell});
}

/** The public script's filter, off unless the address says so. */
function filterBox(): {box: HTMLInputElement; field: HTMLElement} {
  const box = bound(h("input", {type: "checkbox"}), {
    name: "filter",
    parse: (text) => text === "public",
    format: (isOn: boolean) => (isOn ? "public" : null)
  });
  const {cells, genes} = publicFilterLimits;
  const words = `Leave out genes in fewer than ${cells} cells, then cells with fewer than ${genes} genes, as the script of the original UCE does. They get no vector.`;
  return {box, field: h("label", {class: "wb-field"}, box, words)};
}

function thresholdWords(thresholds: QualityThresholds, isFiltered: boolean): string {
  const n = Object.values(thresholds).filter((threshold) => threshold !== null).length;
  return `Quality control: ${n === 0 ? "no thresholds" : formatCount(n, "threshold")}${isFiltered ? ", filter of the original UCE" : ""}`;
}

function cellWords(cells: CellSelection, all: number): string {
  if (cells.mode === "all" || cells.n >= all) return `Cells: all ${formatCount(all, "cell")}`;
  const how = cells.mode === "random" ? "at random" : `spread over ${cells.column}`;
  return `Cells: ${formatInteger(cells.n)} of ${formatCount(all, "cell")}, ${how}`;
}
