import {labeledColumns, type LabeledColumns} from "../core/away/labeled-columns.js";
import type {ReferenceFiles} from "../core/reference/reference-files.js";
import {referencePaths} from "../core/reference/reference-manifest.js";
import type {Answer} from "../core/stages/answer.js";
import {mostChosen} from "../core/stages/cell-choice.js";
import type {Wish} from "../core/stages/stage.js";
import {extend, h, send} from "../views/dom.js";
import {labelScale} from "../views/label-scale.js";
import {labelsView} from "../views/labels-view.js";
import {answerRun} from "./answer-run.js";
import type {ColorInput} from "./color-input.js";

/** Labels of a file's cells as an input: its value is columns of all cells of the file and what made them, null before they are found. */
export type LabelPanel = HTMLElement & {
  readonly value: LabeledColumns | null;
  /** Labels the cells, unasked where that is quick, and offers labels and confidence as colors; null: there is no reference, and it says so. */
  follow(labels: Answer | null, how?: Wish & {colors?: ColorInput}): void;
  /** Tells of these rows of the file; null: of all cells. */
  select(rows: Int32Array | null): void;
};

/** Names of labels and of their confidence among the colors. */
const colorNames = ["label", "label confidence"] as const;
/** Products a second of the search on one core, as measured for 10,000 x 10,000 cells of width 512. */
const productsASecond = 2e9;
/** Seconds of comparing that begin unasked. */
const patience = 20;

/** Seconds, about, that comparing `cells` with a reference takes whose vectors have so many numbers in all. */
function secondsToCompare(cells: number, numbers: number): number {
  return (cells * numbers) / productsASecond;
}

/** The panel: what the selected cells are, how sure that is, and a button that colors the map by it. */
export function labelPanel(): LabelPanel {
  const run = answerRun({verb: "Label the cells"});
  const view = labelsView();
  const [byLabel, byConfidence] = colorNames.map((name) =>
    h("button", {type: "button", class: "wb-link"}, `Color the map by ${name}`)
  );
  const buttons = h("p", {class: "wb-label-colors", hidden: true}, byLabel, byConfidence);
  const root = h("section", {class: "wb-card", "aria-label": "Labels"}, run, view, buttons);
  let value: LabeledColumns | null = null;
  let address: string | null = null;

  function take(next: LabeledColumns | null, colors: ColorInput | undefined): void {
    buttons.hidden = next === null;
    view.update(next);
    colors?.offer(colorNames[0], next === null ? null : labelScale(next.label));
    colors?.offer(colorNames[1], next === null ? null : {...next.confidence, name: colorNames[1]});
    if (next === value) return;
    value = next;
    send(root, "input");
  }

  // What happens in it is its own affair, but for other labels.
  root.addEventListener("input", (event) => event.target !== root && event.stopPropagation());
  return extend(root, {
    get value() {
      return value;
    },
    follow(labels: Answer | null, {colors, ...wish}: Wish & {colors?: ColorInput} = {}) {
      if (address !== labels?.address) take(null, colors);
      address = labels?.address ?? null;
      byLabel.onclick = () => colors?.choose(`made:${colorNames[0]}`);
      byConfidence.onclick = () => colors?.choose(`made:${colorNames[1]}`);
      byLabel.hidden = byConfidence.hidden = colors === undefined;
      if (labels === null) return run.rest("No reference of this model is here: add one above.");
      const {file, chain} = labels.parent;
      const {files} = labels.beside as {files: ReferenceFiles};
      const cells = mostChosen(chain.choice, file.inspection.nObs);
      const unasked = secondsToCompare(cells, files[referencePaths.vectors].length) <= patience;
      void run.ask(labels, {...wish, unasked, doing: "Comparing with the reference"}).then((table) => {
        if (table !== null && address === labels.address) take(labeledColumns(table, file.cellIds.length), colors);
      });
    },
    select: (rows: Int32Array | null) => view.select(rows)
  });
}
