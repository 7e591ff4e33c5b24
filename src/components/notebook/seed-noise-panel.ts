import {isAbort} from "../core/errors.js";
import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {rememberedPace} from "../runtime/browser/pace.js";
import {extend, h, setText} from "../views/dom.js";
import {formatCount, formatInteger, formatRemaining} from "../views/format.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {seedNoiseFigures} from "../views/seed-noise-figures.js";
import {ask, model} from "./browser.js";

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
  const measure = h("button", {type: "button", class: "wb-button wb-button-main", disabled: true}, "Measure");
  const cancel = h("button", {type: "button", class: "wb-button", disabled: true}, "Cancel");
  const bar = h("progress", {class: "wb-progress", max: 1, value: 0, "aria-label": "Embedding under other seeds"});
  const words = h("p", {class: "wb-small wb-trust-words", role: "status"});
  const result = h("div", {class: "wb-trust-result"});
  const field = (label: string, input: HTMLElement) => h("label", {class: "wb-field"}, label, input);
  const root = h(
    "section",
    {class: "wb-card wb-trust-seeds", "aria-label": "Noise of the sampling seed"},
    h("div", {class: "wb-fields"}, field("Cells", cells), field("Seeds a cell", seeds), measure, cancel),
    bar,
    words,
    result
  );
  let of: {embeddings: Stage; labels: string | null; signal?: AbortSignal} | null = null;
  let stop: AbortController | null = null;

  const wanted = () => Math.min(most, Math.max(fewest, Math.round(Number(cells.value) || 60)));
  const sentences = () => 2 * wanted() * Number(seeds.value);

  async function estimate(): Promise<void> {
    if (stop !== null) return;
    if (of === null) return setText(words, "The cells must be embedded first.");
    const {hash} = await model(of.embeddings.chain.model);
    const pace = rememberedPace(hash);
    const time = pace === null ? "" : `, ${formatRemaining(pace * sentences())} on this device`;
    const what = `${formatInteger(sentences())} sentences: each cell under ${seeds.value} seeds, with both ways of sampling`;
    if (stop === null) setText(words, `${what}${time}.`);
  }

  async function run(): Promise<void> {
    if (of === null) return;
    const {embeddings, labels, signal} = of;
    const mine = (stop = new AbortController());
    cells.value = String(wanted());
    measure.disabled = true;
    cancel.disabled = false;
    setText(words, "Opening the model …");
    try {
      const answer = await ask(
        embeddings,
        "trustSeeds",
        {cells: wanted(), seeds: Number(seeds.value), choice: 0, labels},
        {
          signal: signal === undefined ? mine.signal : AbortSignal.any([mine.signal, signal]),
          onProgress: progress(bar, (text) => stop === mine && setText(words, text))
        }
      );
      result.replaceChildren(...seedNoiseFigures(answer));
      const notices = answer.notices.map(({message}) => sentence(message)).join(" ");
      const cellsMeasured = formatCount(answer.rows.length, "cell");
      setText(words, `Measured on ${cellsMeasured}, chosen at random, with ${answer.device}. ${notices}`);
    } catch (error) {
      stop = null;
      // The worker may have to begin anew before it can say how long it takes; the button does not wait for that.
      if (isAbort(error)) void estimate();
      else setText(words, sentence(noticeOf(error).message));
    } finally {
      if (stop === mine) stop = null;
      bar.value = 0;
      measure.disabled = of === null;
      cancel.disabled = true;
    }
  }

  measure.addEventListener("click", () => void run());
  cancel.addEventListener("click", () => stop?.abort());
  cells.addEventListener("input", () => void estimate());
  seeds.addEventListener("change", () => void estimate());
  void estimate();
  return extend(root, {
    follow(embeddings: Stage, labels: string | null, wish: Wish = {}) {
      stop?.abort();
      if (of?.embeddings.address !== embeddings.address || of.labels !== labels) result.replaceChildren();
      of = {embeddings, labels, signal: wishSignal(wish)};
      measure.disabled = false;
      void estimate();
    }
  });
}

/** Moves the bar with every batch; words that are read aloud change ten times. */
function progress(bar: HTMLProgressElement, say: (text: string) => void): (done: number, total: number) => void {
  let begun = 0;
  let told = -1;
  return (done, total) => {
    begun ||= performance.now() - 1;
    bar.value = done / total;
    if (Math.floor((10 * done) / total) === told) return;
    told = Math.floor((10 * done) / total);
    const left = ((performance.now() - begun) / done) * (total - done);
    const remaining = done < total ? `, ${formatRemaining(left)} left` : "";
    say(`${formatInteger(done)} of ${formatInteger(total)} sentences embedded${remaining}`);
  };
}
