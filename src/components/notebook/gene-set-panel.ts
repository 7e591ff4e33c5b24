import type {Table} from "apache-arrow";
import {parseGmt, type NamedGeneSet} from "../core/genesets/parse-gmt.js";
import type {GeneSetFacts} from "../core/pipeline/gene-set-scores.js";
import {scoreGenes} from "../core/stages/score-genes.js";
import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {answerFacts} from "../core/tables/answer-facts.js";
import {readFloat64} from "../core/tables/read-columns.js";
import {extend, h, setText} from "../views/dom.js";
import {formatCount} from "../views/format.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {answerRun} from "./answer-run.js";
import type {ColorInput} from "./color-input.js";

/** Scores of a set of genes on the map: a field for a list, or a GMT file whose sets are chosen from. */
export type GeneSetPanel = HTMLElement & {follow(counts: Stage, how?: Wish & {colors?: ColorInput}): void};

/** The panel, for no cells. */
export function geneSetPanel(): GeneSetPanel {
  const list = h("textarea", {
    rows: 2,
    spellcheck: "false",
    placeholder: "CD3D, CD3E, CD3G",
    "aria-label": "Genes of the set"
  });
  const file = h("input", {type: "file", accept: ".gmt,.txt", "aria-label": "GMT file"});
  const sets = h("select", {hidden: true, "aria-label": "Set of the GMT file"});
  const score = h("button", {type: "submit", class: "wb-button wb-button-main"}, "Score cells");
  const run = answerRun({verb: "Try again"});
  const words = h("p", {class: "wb-small", role: "status"});
  const field = (label: string, input: HTMLElement) => h("label", {class: "wb-field"}, label, input);
  const form = h("form", {class: "wb-gene-set"}, field("Genes", list), field("or a .gmt file", file), sets, score);
  const root = h("section", {class: "wb-card", "aria-label": "Score of a set of genes"}, form, run, words);
  let known: NamedGeneSet[] = [];
  let now: {counts: Stage; colors?: ColorInput; signal?: AbortSignal} | null = null;

  async function take(): Promise<void> {
    const [picked] = file.files ?? [];
    known = [];
    try {
      if (picked !== undefined) known = parseGmt(await picked.text(), picked.name);
      setText(words, picked === undefined ? "" : `${formatCount(known.length, "set")} in ${picked.name}.`);
    } catch (error) {
      const {message, remedy = ""} = noticeOf(error);
      setText(words, `${sentence(message)} ${sentence(remedy)}`);
    }
    sets.replaceChildren(...known.map(({name}, i) => h("option", {value: i}, name)));
    sets.hidden = known.length === 0;
    if (known.length > 0) choose();
  }
  const choose = (): void => void (list.value = known[Number(sets.value)]?.genes.join(", ") ?? "");

  async function ask(): Promise<void> {
    if (now === null) return;
    const {counts, colors, signal} = now;
    const set = setOf(list.value, known[Number(sets.value)]);
    if (set === null) return setText(words, "Give one gene or more, with commas or spaces between.");
    setText(words, "");
    const answer = scoreGenes(counts, [set]);
    const table = await run.ask(answer, {signal, unasked: true, doing: "Scoring cells"});
    if (table === null) return;
    const name = `score ${set.name}`;
    colors?.offer(name, {name, kind: "number", values: scoresOf(table, set.name, counts.file.cellIds.length)});
    colors?.choose(`made:${name}`);
    setText(words, wordsOf(answerFacts<GeneSetFacts>(table)!));
  }

  file.addEventListener("change", () => void take());
  sets.addEventListener("change", choose);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask();
  });
  return extend(root, {
    follow(counts: Stage, {colors, ...wish}: Wish & {colors?: ColorInput} = {}) {
      now = {counts, colors, signal: wishSignal(wish)};
    }
  });
}

/** The set that a list names: that of the file where it was not changed, else one called by its first genes; null for an empty one. */
export function setOf(text: string, chosen: NamedGeneSet | undefined): NamedGeneSet | null {
  const genes = [...new Set(text.split(/[\s,;]+/).filter((gene) => gene !== ""))];
  if (genes.length === 0) return null;
  if (chosen !== undefined && chosen.genes.join(" ") === genes.join(" ")) return chosen;
  return {name: genes.length > 3 ? `${genes.slice(0, 3).join("+")}+${genes.length - 3}` : genes.join("+"), genes};
}

function scoresOf(table: Table, name: string, cells: number): Float64Array {
  const scores = readFloat64(table, `set:${name}`);
  return Float64Array.from({length: cells}, (_, row) => scores[row] ?? NaN);
}

function wordsOf({sets: [{name, genes, missing}]}: GeneSetFacts): string {
  const lacking =
    missing.length === 0
      ? ""
      : ` Not in this file: ${missing.slice(0, 8).join(", ")}${missing.length > 8 ? ` and ${missing.length - 8} more` : ""}.`;
  return `The map is colored by the score of ${name} (${formatCount(genes, "gene")}): 1 if they are a cell's highest genes, 0 if it shows none (UCell).${lacking}`;
}
