import {parsePasted} from "../core/genesets/parse-pasted.js";
import {presetNames, presetSets} from "../core/genesets/preset-sets.js";
import type {AskedChange} from "../core/explain/explain-cells.js";
import type {ExplainQuestion} from "../core/questions/explain.js";
import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {extend, h} from "../views/dom.js";
import {explainFigure} from "../views/explain-figure.js";
import {explainTable, explainWords} from "../views/explain-table.js";
import {formatCount, formatInteger} from "../views/format.js";
import {sentence} from "../views/notice-list.js";
import {ask} from "./browser.js";
import type {ExplainedChoice} from "./explained-input.js";
import {sentencesTime} from "./sentences-time.js";
import {taskPanel} from "./task-panel.js";

/** Which genes decide cells: a form, its progress, and what came of it. Made once. */
export type ExplainPanel = HTMLElement & {
  /** Which cells of which stage are explained, and by which labels (null: none); what was found of others goes. */
  follow(embeddings: Stage, cells: ExplainedChoice, labels: ExplainQuestion["labels"], wish?: Wish): void;
};

/** The panel, which cannot begin before it follows a stage whose vectors are there. */
export function explainPanel(): ExplainPanel {
  const form = explainForm();
  const panel = taskPanel({
    label: "Which genes decide",
    progress: "Embedding sentences with other genes",
    action: "Find out",
    fields: form.fields,
    waiting: "The cells must be embedded first.",
    done: (done) => `${done} % of the sentences are embedded`
  });
  for (const event of ["input", "change"]) panel.addEventListener(event, () => panel.estimate());
  const show = panel.follow;
  return extend(panel, {
    follow(embeddings: Stage, {rows}: ExplainedChoice, labels: ExplainQuestion["labels"], wish: Wish = {}) {
      const task = {
        async estimate() {
          const {top, most, draws} = form;
          const cells = Math.min(most, rows.length);
          const changes = top + Number(top > 1) + form.presets.length + parsePasted(form.pasted).length;
          // Each change, and twice as many other genes; the cell itself under two sets of seeds.
          const sentences = cells * draws * (2 + 3 * changes);
          const of = rows.length > cells ? ` of ${formatInteger(rows.length)}, chosen at random` : "";
          return `${formatCount(cells, "cell")}${of}, up to ${formatCount(changes, "change")}: about ${formatInteger(sentences)} sentences${await sentencesTime(embeddings, sentences)}.`;
        },
        async run(how: {signal: AbortSignal; onProgress(done: number, total: number): void}) {
          const {names} = await ask(embeddings, "geneNames", {}, {signal: how.signal});
          const {top, most, draws, presets, pasted, isAdded} = form;
          const sets = presetSets(names).filter(({name}) => presets.includes(name));
          const changes: AskedChange[] = [
            ...sets.map((set): AskedChange => ({...set, how: "leave out"})),
            ...parsePasted(pasted).map((set): AskedChange => ({...set, how: isAdded ? "add" : "leave out"}))
          ];
          const found = await ask(embeddings, "explain", {rows, most, top, draws, changes, labels}, how);
          const unknown =
            found.missing.length === 0 ? "" : ` Not known to the model in this file: ${found.missing.join(", ")}.`;
          const notices = found.notices.map(({message}) => ` ${sentence(message)}`).join("");
          return {
            figures: [
              h("p", {class: "wb-trust-reading"}, explainWords(found)),
              explainFigure(found),
              explainTable(found)
            ],
            words: `${formatCount(found.rows.length, "cell")} explained with ${found.device}; neighbors among ${formatCount(found.compared, "cell")}.${unknown}${notices}`
          };
        }
      };
      show(task, {signal: wishSignal(wish)});
    }
  });
}

function explainForm() {
  const number = (value: number, min: number, max: number, label: string) =>
    h("input", {type: "number", value, min, max, step: 1, "aria-label": label});
  const within = ({value, min, max}: HTMLInputElement) =>
    Math.min(Number(max), Math.max(Number(min), Math.round(Number(value) || 0)));
  const top = number(8, 0, 50, "how many of the most probable genes, 0 to 50");
  const most = number(4, 1, 50, "cells of a selection, at most, 1 to 50");
  const draws = h(
    "select",
    {"aria-label": "sentences of each kind"},
    [2, 4, 8, 16].map((n) => h("option", {value: n, selected: n === 4}, String(n)))
  );
  const boxes = presetNames.map((name) => h("input", {type: "checkbox", value: name, checked: true}));
  const presets = h(
    "fieldset",
    {class: "wb-explain-sets"},
    h("legend", {}, "Without these sets, each together"),
    boxes.map((box, i) => h("label", {}, box, ` ${presetNames[i]}`))
  );
  const pasted = h("textarea", {
    rows: 2,
    spellcheck: "false",
    placeholder: "MS4A1, CD79A   or   B cells: MS4A1, CD79A   or lines of a GMT file",
    "aria-label": "Genes or sets of your own"
  });
  const how = h(
    "select",
    {"aria-label": "What to do with your own genes"},
    h("option", {value: "leave out"}, "leave them out"),
    h("option", {value: "add"}, "add them")
  );
  const field = (label: string, input: HTMLElement) => h("label", {class: "wb-field"}, label, input);
  return {
    fields: [
      field("Most probable genes", top),
      field("Cells of a selection", most),
      field("Sentences of each kind", draws),
      presets,
      h("div", {class: "wb-explain-own"}, field("Your own genes or sets", pasted), how)
    ],
    get top() {
      return within(top);
    },
    get most() {
      return within(most);
    },
    get draws() {
      return Number(draws.value);
    },
    get presets() {
      return boxes.filter(({checked}) => checked).map(({value}) => value);
    },
    get pasted() {
      return pasted.value;
    },
    get isAdded() {
      return how.value === "add";
    }
  };
}
