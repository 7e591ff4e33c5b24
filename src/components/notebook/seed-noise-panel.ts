import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {extend, h} from "../views/dom.js";
import {formatCount, formatInteger} from "../views/format.js";
import {sentence} from "../views/notice-list.js";
import {seedNoiseFigures} from "../views/seed-noise-figures.js";
import {ask} from "./browser.js";
import {sentencesTime} from "./sentences-time.js";
import {taskPanel} from "./task-panel.js";

/** The measurement of seed noise: a form, its progress, and what came of it. Made once. */
export type SeedNoisePanel = HTMLElement & {
  /** Cells of which stage are embedded again, and the obs column of their types (null: none); what was measured of another goes. */
  follow(embeddings: Stage, labels: string | null, wish?: Wish): void;
};

/** With fewer, a cell's 15 nearest would be most of the others whatever the seed. */
const fewest = 30;
const most = 200;

/** The panel, which cannot measure before it follows a stage whose vectors are there. */
export function seedNoisePanel(): SeedNoisePanel {
  const cells = h("input", {
    type: "number",
    min: fewest,
    max: most,
    step: 1,
    value: 60,
    "aria-label": `cells to embed again, ${fewest} to ${most}`
  });
  const options = [2, 4, 8].map((n) => h("option", {value: n, selected: n === 4}, String(n)));
  const seeds = h("select", {"aria-label": "seeds a cell"}, options);
  const field = (label: string, input: HTMLElement) => h("label", {class: "wb-field"}, label, input);
  const panel = taskPanel({
    label: "Noise of the sampling seed",
    progress: "Embedding under other seeds",
    fields: [field("Cells", cells), field("Seeds a cell", seeds)],
    waiting: "The cells must be embedded first.",
    done: (done, total) => `${formatInteger(done)} of ${formatInteger(total)} sentences embedded`
  });
  panel.classList.add("wb-trust-seeds");
  const wanted = () => Math.min(most, Math.max(fewest, Math.round(Number(cells.value) || 60)));
  const sentences = () => 2 * wanted() * Number(seeds.value);
  for (const event of ["input", "change"]) panel.addEventListener(event, () => panel.estimate());
  const show = panel.follow;
  let shown: {address: string; labels: string | null} | null = null;

  return extend(panel, {
    follow(embeddings: Stage, labels: string | null, wish: Wish = {}) {
      const {address} = embeddings;
      const keep = shown?.address === address && shown.labels === labels;
      shown = {address, labels};
      const task = {
        async estimate() {
          const what = `${formatInteger(sentences())} sentences: each cell under ${seeds.value} seeds, with both ways of sampling`;
          return `${what}${await sentencesTime(embeddings, sentences())}.`;
        },
        async run(options: {signal: AbortSignal; onProgress(done: number, total: number): void}) {
          cells.value = String(wanted());
          const order = {cells: wanted(), seeds: Number(seeds.value), choice: 0, labels};
          const answer = await ask(embeddings, "trustSeeds", order, options);
          const notices = answer.notices.map(({message}) => sentence(message)).join(" ");
          const cellsMeasured = formatCount(answer.rows.length, "cell");
          const words = `Measured on ${cellsMeasured}, chosen at random, with ${answer.device}. ${notices}`;
          return {figures: seedNoiseFigures(answer), words};
        }
      };
      show(task, {signal: wishSignal(wish), keep});
    }
  });
}
