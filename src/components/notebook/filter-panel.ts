import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {extend, h} from "../views/dom.js";
import {filterFigures} from "../views/filter-figures.js";
import {formatCount, formatInteger} from "../views/format.js";
import {sentence} from "../views/notice-list.js";
import {ask} from "./browser.js";
import {sentencesTime} from "./sentences-time.js";
import {taskPanel} from "./task-panel.js";

/** The measurement of what filtering genes does: a form, its progress, and what came of it. Made once. */
export type FilterPanel = HTMLElement & {
  /** Cells of which stage are embedded again, and the obs column of their types (null: none); what was measured of another goes. */
  follow(embeddings: Stage, labels: string | null, wish?: Wish): void;
};

const seeds = 2;

/** The panel, which cannot measure before it follows a stage whose vectors are there. */
export function filterPanel(): FilterPanel {
  const choice = (label: string, values: readonly number[], first: number) =>
    h(
      "select",
      {"aria-label": label},
      values.map((n) => h("option", {value: n, selected: n === first}, formatInteger(n)))
    );
  const cells = choice("cells to embed with fewer genes", [30, 60, 120, 200], 60);
  const genes = choice("most variable genes that are kept", [500, 1000, 2000, 4000], 2000);
  const field = (label: string, input: HTMLElement) => h("label", {class: "wb-field"}, label, input);
  const panel = taskPanel({
    label: "Filtering genes before embedding",
    progress: "Embedding with all genes and with the most variable ones",
    fields: [field("Cells", cells), field("Genes kept", genes)],
    waiting: "The cells must be embedded first.",
    opening: "Reading which genes vary …",
    done: (done, total) => `${formatInteger(done)} of ${formatInteger(total)} sentences embedded`
  });
  panel.addEventListener("change", () => panel.estimate());
  const show = panel.follow;
  let shown = "";
  return extend(panel, {
    follow(embeddings: Stage, labels: string | null, wish: Wish = {}) {
      const of = JSON.stringify([embeddings.address, labels]);
      const keep = of === shown;
      shown = of;
      const task = {
        async estimate() {
          const sentences = 2 * seeds * Number(cells.value);
          return `${formatInteger(sentences)} sentences: each cell under ${seeds} seeds, with all genes and with the most variable ${formatInteger(Number(genes.value))}${await sentencesTime(embeddings, sentences)}.`;
        },
        async run(options: {signal: AbortSignal; onProgress(done: number, total: number): void}) {
          const order = {cells: Number(cells.value), seeds, choice: 0, genes: Number(genes.value), labels};
          const answer = await ask(embeddings, "trustFilter", order, options);
          const notices = answer.notices.map(({message}) => ` ${sentence(message)}`).join("");
          const words = `Measured on ${formatCount(answer.rows.length, "cell")}, chosen at random, with ${answer.device}.${notices}`;
          return {figures: filterFigures(answer), words};
        }
      };
      show(task, {signal: wishSignal(wish), keep});
    }
  });
}
