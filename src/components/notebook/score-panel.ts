import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {extend, h} from "../views/dom.js";
import {formatInteger} from "../views/format.js";
import {integrationFigure, whatWasScored} from "../views/integration-figure.js";
import {ask} from "./browser.js";
import {taskPanel} from "./task-panel.js";

/** What is scored: columns of obs by their names (null: none). */
export interface ScoredColumns {
  labels: string | null;
  batches: string | null;
}

/** scIB's scores of embedded cells: a button, progress, and what came of it. Made once. */
export type ScorePanel = HTMLElement & {
  /** Which stage's cells are scored, `cells` of them embedded; few are scored at once, more when the button is pressed. What was scored of others goes. */
  follow(embeddings: Stage, columns: ScoredColumns, options: Wish & {cells: number}): void;
};

/** Cells that are scored unasked: seconds on two cores. */
const unasked = 1000;

/** The panel, which cannot score before it follows a stage whose vectors are there. */
export function scorePanel(): ScorePanel {
  const options = [2000, 5000, 10_000].map((n) => h("option", {value: n, selected: n === 5000}, formatInteger(n)));
  const most = h("select", {"aria-label": "Most cells that are scored"}, options);
  const panel = taskPanel({
    label: "Scores of integration",
    progress: "Scoring",
    action: "Score",
    fields: [h("label", {class: "wb-field"}, "At most", most, "cells")],
    waiting: "The cells must be embedded first.",
    opening: "Reading the counts …",
    done: (done) => `${done} % of the scores are computed`
  });
  most.addEventListener("change", () => panel.estimate());
  const show = panel.follow;
  return extend(panel, {
    follow(embeddings: Stage, {labels, batches}: ScoredColumns, {cells, ...wish}: Wish & {cells: number}) {
      if (labels === null)
        return show("No obs column of this file has 2 to 50 groups, so there are no labels to score.");
      const task = {
        estimate: async () => {
          const scored = Math.min(cells, Number(most.value));
          const sampled = scored < cells ? `, a random choice of ${formatInteger(cells)}` : "";
          return `${formatInteger(scored)} cells${sampled} will be scored in three spaces: neighbors, clusters at 20 resolutions, and all that follows.`;
        },
        run: async (how: {signal: AbortSignal; onProgress(done: number, total: number): void}) => {
          const answer = await ask(embeddings, "integrationScores", {labels, batches, most: Number(most.value)}, how);
          return {figures: integrationFigure(answer), words: whatWasScored(answer)};
        }
      };
      show(task, {signal: wishSignal(wish)});
      if (cells <= unasked) panel.start();
    }
  });
}
