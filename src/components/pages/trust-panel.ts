import {isAbort, isWorkbookError} from "../core/errors.js";
import type {TrustLabels} from "../runtime/browser/services/trust-labels.js";
import {h, setText} from "../views/dom.js";
import {labelOrigin} from "../views/label-origin.js";
import {noticeOf} from "../views/notice-list.js";
import {chapter} from "./chapter.js";
import {seedRuleChoice} from "./seed-rule.js";
import type {Session} from "./session.js";
import {chosenLabels, fillColumns, trustColumns} from "./trust-columns.js";
import {batchFigures, labelFigures} from "./trust-scores.js";
import {seedPanel} from "./trust-seeds.js";

/** The parts of the page, to be put between its words. */
export interface TrustPanel {
  /** The file, its embeddings, and the run if there are none. */
  readonly data: HTMLElement;
  /** Column and origin of the labels, and how well neighbors tell them. */
  readonly labels: HTMLElement;
  /** The batch column, and the same across batches. */
  readonly batches: HTMLElement;
  /** Where sampling seeds come from, and how much another seed changes. */
  readonly seeds: HTMLElement;
  dispose(): void;
}

/** Wires the page "Can I trust this map?" to a session: scores what its view has embedded, and again when a column changes. */
export function trustPanel(session: Session): TrustPanel {
  const labelColumn = h("select", {"aria-label": "Column of labels", disabled: true, onchange: nameLabels});
  const batchColumn = h("select", {
    "aria-label": "Column of batches",
    disabled: true,
    onchange: () => session.change({batches: batchColumn.value || null})
  });
  const origin = labelOrigin();
  const seeds = seedPanel(session);
  const rule = seedRuleChoice(session);
  const place = () => ({
    words: h("p", {class: "wb-small wb-trust-words", role: "status"}),
    figures: h("div", {class: "wb-trust-result"})
  });
  const [ofLabels, ofBatches] = [place(), place()];
  let asked = {what: "", stop: new AbortController()};

  /** A column cannot be both: the batches that were named go. */
  function nameLabels(): void {
    const labels = labelColumn.value;
    session.change({labels, ...(session.view.batches === labels && {batches: null})});
  }

  /** The columns of the file, and of these the view's. */
  function offer(): void {
    const {file, view} = session;
    origin.value = view.origin;
    if (file === null) return;
    const {labels, batches} = trustColumns(file);
    const chosen = chosenLabels(labels, view);
    fillColumns(labelColumn, labels, labels.length === 0 ? "no column has 2 to 50 groups" : null, chosen);
    const others = batches.filter(({name}) => name !== chosen);
    fillColumns(
      batchColumn,
      others,
      "none named",
      others.some(({name}) => name === view.batches) ? view.batches : null
    );
  }

  /** Takes away what was scored and says what is missing. */
  function wait(words: string): void {
    for (const {words: text, figures} of [ofLabels, ofBatches]) {
      figures.replaceChildren();
      setText(text, words);
    }
  }

  /** Scores the vectors that are at hand, unless they have been or are being scored by the same columns. */
  async function score(): Promise<void> {
    const {file, running, results} = session;
    const table = running ? undefined : results.get("embeddings");
    const [labels, batches] = [labelColumn.value, batchColumn.value || null];
    const what =
      table === undefined ? "" : JSON.stringify([file?.identity, [...table.schema.metadata], labels, batches]);
    if (what !== "" && what === asked.what) return;
    asked.stop.abort();
    const mine = (asked = {what, stop: new AbortController()});
    seeds.reset(what !== "", labels || null);
    if (file === null || table === undefined) return wait(running ? "The cells are being embedded." : "");
    if (labels === "") return wait("No obs column of this file groups its cells, so there are no labels to score.");
    setText(ofLabels.words, `Comparing every cell's neighbors with ${labels} …`);
    setText(
      ofBatches.words,
      batches === null
        ? "Name a batch column to see whether batches decide who is whose neighbor."
        : `Comparing neighbors from other groups of ${batches} …`
    );
    for (const {figures} of [ofLabels, ofBatches]) figures.setAttribute("aria-busy", "true");
    try {
      const answer = await ask(labels, batches, mine.stop.signal);
      if (asked !== mine) return;
      ofLabels.figures.replaceChildren(...labelFigures(answer));
      ofBatches.figures.replaceChildren(...(batchFigures(answer) ?? []));
      setText(ofLabels.words, "");
      if (batches !== null) setText(ofBatches.words, "");
    } catch (error) {
      if (asked !== mine || isAbort(error)) return;
      mine.what = "";
      wait("");
      const {message, remedy} = noticeOf(error);
      setText(ofLabels.words, remedy === undefined ? message : `${message}: ${remedy}.`);
    } finally {
      if (asked === mine) for (const {figures} of [ofLabels, ofBatches]) figures.removeAttribute("aria-busy");
    }
  }

  /** A worker that was started again has lost the vectors; the store has them. */
  async function ask(labels: string, batches: string | null, signal: AbortSignal): Promise<TrustLabels> {
    const scores = () =>
      session.client.ask(
        "trustLabels",
        {labels, batches},
        {
          signal,
          onProgress(share) {
            if (!signal.aborted && asked.stop.signal === signal && ofLabels.figures.hasAttribute("aria-busy")) {
              setText(
                ofLabels.words,
                `Comparing every cell's neighbors with ${labels}: ${10 * Math.floor(10 * share)} %`
              );
            }
          }
        }
      );
    try {
      return await scores();
    } catch (error) {
      if (!isWorkbookError(error) || error.code !== "no-vectors") throw error;
      await session.restore();
      return scores();
    }
  }

  const end = session.on({
    file(file) {
      if (file === null) asked.stop.abort();
      offer();
      void score();
    },
    view(_, keys) {
      rule.update();
      if (!(["labels", "batches", "origin", "color"] as const).some((key) => keys.has(key))) return;
      offer();
      void score();
    },
    results: () => void score(),
    running: () => void score()
  });
  origin.addEventListener("input", () => session.change({origin: origin.value}));
  const frame = chapter(session, {until: "embed"});
  offer();

  const field = (label: string, control: HTMLElement) =>
    h("div", {class: "wb-fields"}, h("label", {class: "wb-field"}, label, control));
  return {
    data: frame.element,
    labels: frame.instead(
      h("div", {class: "wb-trust"}, field("Labels", labelColumn), origin, ofLabels.words, ofLabels.figures)
    ),
    batches: frame.instead(
      h("div", {class: "wb-trust"}, field("Batches", batchColumn), ofBatches.words, ofBatches.figures)
    ),
    seeds: h(
      "div",
      {class: "wb-trust"},
      h(
        "div",
        {class: "wb-fields"},
        rule,
        h("span", {class: "wb-small"}, "Another rule makes another run; what was computed under this one stays stored.")
      ),
      frame.instead(seeds.element)
    ),
    dispose() {
      asked.stop.abort();
      seeds.dispose();
      end();
      frame.dispose();
    }
  };
}
